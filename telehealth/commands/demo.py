"""`telehealth demo`: sign-ins and links of the demo cluster, opened from sealed data; starts nothing."""

import json
from argparse import Namespace
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telehealth.app import Assembled, assemble
from telehealth.config import Config
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.totp import code_at, step_of
from telehealth.demo.manifest import Manifest
from telehealth.demo.seed import DemoSecrets, Seeding
from telehealth.demo.today import Today
from telehealth.opening import SystemClock, beside_server, open_data
from telehealth.workers.loops import Loop

REFRESH_EVERY = 600.0
"""Seconds between looks whether enough visits can still be joined."""

SPOKEN = 2
"""Of how many visits the spoken way is printed: enough to try it."""


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("demo", help="tell sign-ins and links of the demo cluster")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo over one opened DATA."""

    assembled: Assembled
    secrets: DemoSecrets

    async def prepare(self) -> None:
        """Seed once, then fill today's lists."""
        work, services = self.assembled.opened.work, self.assembled.services
        seeding = Seeding(work=work, hashing=self.assembled.hashing, desk=services.desk, secrets=self.secrets)
        await seeding.seed()
        await self.refresh()

    async def refresh(self) -> int:
        """Fill today's lists up; return how many visits were booked."""
        assembled = self.assembled
        return await Today(work=assembled.opened.work, booking=assembled.services.booking).refresh()

    def loop(self) -> Loop:
        """Return the loop that keeps the lists filled as long as the server runs."""
        return Loop("demo", self.refresh, REFRESH_EVERY)

    async def tell(self, base_url: str) -> dict[str, Any]:
        """Return the manifest."""
        opened = self.assembled.opened
        invitations = self.assembled.invitations.on(base_url)
        return await Manifest(
            work=opened.work, secrets=self.secrets, invitations=invitations, base_url=base_url
        ).tell()


def demo_of(assembled: Assembled) -> Demo:
    """Return the demo of one opened DATA."""
    return Demo(assembled, DemoSecrets(assembled.opened.custody.keyring.derived(Purpose.DEMO)))


async def run(config: Config, options: Namespace) -> int:
    """Print the manifest."""
    manifest = await manifest_of(config)
    if options.json:
        print(json.dumps(manifest, ensure_ascii=False, indent=2))
    else:
        print_manifest(manifest, at=SystemClock().now())
    return 0


async def manifest_of(config: Config) -> dict[str, Any]:
    """Return the manifest of the demo in the configuration's DATA; raises NoData."""
    async with open_data(config) as opened:
        assembled = assemble(await beside_server(opened))
        try:
            return await demo_of(assembled).tell(assembled.opened.config.public_url)
        finally:
            assembled.hashing.close()


async def announce_demo(assembled: Assembled) -> None:
    """Print sign-ins and links at the start of the server."""
    print_manifest(await demo_of(assembled).tell(assembled.opened.config.public_url))


def print_manifest(manifest: dict[str, Any], at: datetime | None = None) -> None:
    """Print the manifest for people; with the authenticators' codes of the instant `at`, if one is given."""
    code = " and its code for the next half minute" if at else ""
    print(f"Sign in as staff (password, then the code of the authenticator with this secret{code}):")
    for person in manifest["staff"]:
        secret = person["totp_secret"]
        code = f"  {code_at(secret, step_of(at))}" if at else ""
        print(f"  {person['role']:<16} {person['email']:<36} {person['password']}  {secret}{code}")
    joinable = [each for each in manifest["visits"] if each["joinable"]]
    names = {each["id"]: each["name"] for each in manifest["staff"]}
    for specialist in dict.fromkeys(visit["specialist_id"] for visit in joinable):
        print(
            f"\nOpen a visit with {names.get(specialist, 'a specialist')} as the patient "
            "(site's time, and its distance from UTC):"
        )
        for visit in joinable:
            if visit["specialist_id"] == specialist:
                start = visit["start"]
                print(f"  {start[11:16]} {start[19:]}  {visit['join_url']}  {visit['patient']}")
    print("\nBook a visit as anybody:")
    for service in manifest["services"]:
        print(f"  {service['book_url']}  {service['name']}, {service['organization']}")
    if joinable:
        print(f"\nOr as somebody who cannot open links: at {manifest['base_url']}/v type")
    for visit in joinable[:SPOKEN]:
        print(f"  the code {visit['code']} and the date of birth {visit['birth_date']}  ({visit['patient']})")
    print()
