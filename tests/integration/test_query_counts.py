"""Reads take six statements, a booking fourteen, whatever the number of rows: counted at the HTTP surface."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from telehealth.app import Assembled
from telehealth.crypto.tokens import session_digest, session_token
from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.accounts import Account, Session, SessionStage
from telehealth.domain.note import NoteContent
from telehealth.serving import Health, web_application
from tests.bench.statements import counted
from tests.cast import AMARA, CARDIOLOGY, CARLA, MONDAY, House, a_patient

READ, BOOKING = 6, 14
SLOT = timedelta(minutes=20)
CONTENT = NoteContent(history="Palpitations for 3 weeks.", plan="Less coffee.")
SYSTEM_OF_CARLA = replace(SYSTEM, organization_id=CARLA.organization_id)


@dataclass
class Desk:
    """Somebody of the staff at the JSON API, who counts."""

    assembled: Assembled
    client: TestClient[Any, Any]
    headers: dict[str, str]

    async def ask(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        async with self.client.request(method, f"/api/v1{path}", json=body, headers=self.headers) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def count(self, method: str, path: str, body: dict[str, object] | None = None) -> list[str]:
        with counted(self.assembled.opened.storage) as statements:
            await self.ask(method, path, body)
        return statements


async def cookie_of(assembled: Assembled, actor: Actor) -> str:
    """Write down a session as signing in does; argon2 and codes are not what is counted here."""
    work = assembled.opened.work
    cookie, now = session_token(work.chance), work.clock.now()
    account = Account(f"account-{actor.id}", actor.id, actor.organization_id, f"{actor.id}@x.example", "", "")
    session = Session(
        actor.session_id,
        account.id,
        actor.id,
        actor.organization_id,
        session_digest(cookie),
        SessionStage.FULL,
        now,
        now,
    )
    async with work.units.writing() as uow:
        await uow.accounts.add(account)
        await uow.accounts.add_session(session)
    return cookie


@asynccontextmanager
async def at_the_desk(house: House, actor: Actor) -> AsyncIterator[Desk]:
    cookie = await cookie_of(house.assembled, actor)
    application = web_application(house.assembled, Health(house.assembled.opened))
    async with TestClient(TestServer(application)) as client:
        desk = Desk(house.assembled, client, {"Cookie": f"staff={cookie}"})
        desk.headers["X-CSRF-Token"] = (await desk.ask("GET", "/session"))["csrf"]
        yield desk


@pytest.fixture(params=[1, 20], ids=["1 visit", "20 visits"])
async def visits(request: pytest.FixtureRequest, house: House) -> list[str]:
    """One or twenty visits of Dr Amara's day, each with a patient of its own who waits."""
    made = []
    for number in range(request.param):
        patient = await house.assembled.services.desk.register(
            SYSTEM_OF_CARLA, a_patient("Bo", f"Lindqvist-{number}", f"{10 + number}")
        )
        booked = await house.book(MONDAY + number * SLOT, SYSTEM_OF_CARLA, patient)
        await house.wait(booked)
        made.append(booked.visit_id)
    return made


READS: dict[str, Callable[[str], str]] = {
    "the day's list": lambda _: "/clinic",
    "one visit": lambda visit: f"/visits/{visit}",
    "the catalogue": lambda _: "/catalogue",
    "free times": lambda _: (
        f"/slots?service={CARDIOLOGY}&start=2026-11-24T00:00:00Z&end=2026-11-25T00:00:00Z"
    ),
}
OF_NOTES: dict[str, Callable[[str], str]] = {
    "the note of a visit": lambda visit: f"/visits/{visit}/note",
    "the unsigned notes": lambda _: "/notes/unsigned",
}


async def test_a_read_takes_at_most_six_statements(house: House, visits: list[str]) -> None:
    async with at_the_desk(house, AMARA) as desk:
        for name, read in READS.items():
            statements = await desk.count("GET", read(visits[0]))
            assert len(statements) <= READ, f"{name}: {told(statements)}"


async def test_a_read_of_notes_takes_at_most_six_statements(house: House, visits: list[str]) -> None:
    async with at_the_desk(house, AMARA) as desk:
        for visit in visits:
            await write_a_draft(house, visit)
        for name, read in OF_NOTES.items():
            statements = await desk.count("GET", read(visits[0]))
            assert len(statements) <= READ, f"{name}: {told(statements)}"


@pytest.mark.parametrize("key", ["", "a-key-for-retries"], ids=["plain", "with a key for retries"])
async def test_a_booking_takes_at_most_fourteen_statements(house: House, visits: list[str], key: str) -> None:
    body: dict[str, object] = {
        "patient_id": house.bo.id,
        "service_id": CARDIOLOGY,
        "practitioner_id": AMARA.id,
        "start": (MONDAY + timedelta(days=1)).isoformat(),
    }
    async with at_the_desk(house, CARLA) as desk:
        if key:
            desk.headers["Idempotency-Key"] = key
        statements = await desk.count("POST", "/appointments", body)
    assert any("INSERT INTO outbox" in each for each in statements), "the invitation belongs to the booking"
    assert len(statements) <= BOOKING, told(statements)


async def write_a_draft(house: House, visit_id: str) -> None:
    """Admit, confirm and begin a note, so that there is one to read."""
    services = house.assembled.services
    await services.consulting.admit(AMARA, visit_id)
    await services.consulting.confirm(AMARA, visit_id, ("name", "birth-date"), "At home", "+493005550201")
    await services.notes.save(AMARA, visit_id, CONTENT, 0)


def told(statements: list[str]) -> str:
    """Write what was asked, one statement a line."""
    return f"{len(statements)} statements:\n" + "\n".join(" ".join(each.split())[:150] for each in statements)
