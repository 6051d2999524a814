"""`telehealth staff`: invite real people from the command line and list who is there."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from telehealth.app import Assembled, assemble
from telehealth.config import Config
from telehealth.domain.access import SYSTEM
from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.organizations import Location, Organization
from telehealth.domain.people import Role
from telehealth.opening import beside_server, open_data
from telehealth.services.staff import NewStaff

Place = TypeVar("Place", Organization, Location)


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("staff", help="invite and list staff")
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    add = parts.add_parser("add", help="invite a person; prints the invitation link")
    add.add_argument("--email", required=True)
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--organization", required=True, help="name or id")
    add.add_argument("--site", default="", help="name or id; default is the organization's first")
    add.add_argument("--given", default="")
    add.add_argument("--family", default="")
    add.add_argument("--title", default="")
    add.add_argument("--specialty", default="")
    add.set_defaults(run=run_add)
    parts.add_parser("list", help="list everybody with role and state").set_defaults(run=run_list)


async def run_add(config: Config, options: Namespace) -> int:
    """Invite one person."""
    async with open_data(config) as opened:
        assembled = assemble(await beside_server(opened))
        organization, site = await _place(assembled, options.organization, options.site)
        invited = await assembled.services.staff.invite(
            replace(SYSTEM, organization_id=organization.id),
            NewStaff(
                organization_id=organization.id,
                location_id=site.id,
                role=Role(options.role),
                given=options.given,
                family=options.family,
                title=options.title,
                email=options.email,
                specialty=options.specialty,
            ),
        )
        print(f"Invitation link, valid once: {invited.url}")
        assembled.hashing.close()
    return 0


async def run_list(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
    """List the staff of every organization."""
    async with open_data(config) as opened:
        assembled = assemble(opened)
        async with opened.storage.reading() as uow:
            organizations = await uow.directory.organizations()
        for organization in organizations:
            actor = replace(SYSTEM, organization_id=organization.id)
            for row in await assembled.services.staff.listed(actor):
                person = row.practitioner
                print(f"{organization.name:<28} {person.role:<16} {row.status:<9} {person.display}")
        assembled.hashing.close()
    return 0


async def _place(assembled: Assembled, organization: str, site: str) -> tuple[Organization, Location]:
    async with assembled.opened.storage.reading() as uow:
        organizations = await uow.directory.organizations()
        locations = await uow.directory.locations()
    chosen = named(organizations, organization, "organization")
    own = [each for each in locations if each.organization_id == chosen.id]
    return chosen, named(own, site, "site") if site or not own else own[0]


def named(places: Sequence[Place], wanted: str, what: str) -> Place:
    """Return the one that has this name or id; raise BadInput that tells the known ones."""
    found = next((each for each in places if wanted in {each.id, each.name}), None)
    if found is None:
        known = ", ".join(each.name for each in places) or "none yet, see telehealth cluster add"
        raise BadInput(FieldProblem(what, "unknown", f"There is no such {what}; known: {known}."))
    return found
