"""A specialist and a patient who use a running server through its JSON API."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telehealth.probe.http import Caller
from tests.services.server import Server, fresh_code

USED: dict[str, str] = {}

NOTE = {
    "history": "Palpitations for 3 weeks, worse at night.",
    "findings": "Pulse regular, 76.",
    "assessment": "Benign extrasystoles.",
    "plan": "Reassure. Less coffee.",
    "outcome": "follow-up-video",
    "when": "2 weeks",
}


@dataclass
class Desk:
    """A signed-in member of staff."""

    caller: Caller
    known: dict[str, Any]

    async def start_visit(self, visit: dict[str, Any], patient: Caller) -> str:
        """Let the patient arrive, wait and be admitted; confirm who and where. Returns the visit's id."""
        token = visit["join_url"].partition("#")[2]
        await patient.post("/api/v1/visit-links/open", {"token": token})
        mine = f"/api/v1/my/{visit['id']}"
        patient.csrf = (await patient.get(mine)).text("csrf")
        await patient.post(f"{mine}/consent")
        await patient.post(f"{mine}/wait")
        await self.caller.post(f"/api/v1/visits/{visit['id']}/admit")
        await self.caller.put(
            f"/api/v1/visits/{visit['id']}/confirmation",
            {"identifiers": ["name", "birth-date"], "place": "Linden street 4", "callback": "+493005550201"},
        )
        return str(visit["id"])

    async def save(self, visit_id: str, version: int, **changes: str) -> int:
        """Save the note over a version; returns the new one."""
        answer = await self.caller.put(
            f"/api/v1/visits/{visit_id}/note", NOTE | changes | {"version": version}
        )
        return int(answer.value["version"])


@asynccontextmanager
async def signed_in(server: Server, known: dict[str, Any]) -> AsyncGenerator[Desk]:
    """Sign a person of the manifest in over the API."""
    async with Caller(server.url) as caller:
        await sign_in(caller, known)
        yield Desk(caller, known)


async def sign_in(caller: Caller, known: dict[str, Any]) -> None:
    first = await caller.post("/api/v1/session", {"email": known["email"], "password": known["password"]})
    caller.csrf = first.text("csrf")
    secret = known["totp_secret"]
    USED[secret] = await fresh_code(secret, USED.get(secret, ""))
    caller.csrf = (await caller.post("/api/v1/session/code", {"code": USED[secret]})).text("csrf")


def specialist(manifest: dict[str, Any], at: int = 0) -> dict[str, Any]:
    return dict([each for each in manifest["staff"] if each["role"] == "specialist"][at])


def visits_of(manifest: dict[str, Any], known: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in manifest["visits"] if each["specialist_id"] == known["id"] and each["joinable"]]
