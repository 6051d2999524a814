"""A network that lets no websocket through: the same way, the same waiting room, the same call."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Request, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.people import IN_CALL, LIVE, Patient, Person, Specialist
from tests.journeys.test_guest import invites
from tests.journeys.watching import KEPT, SOMEBODY_LEFT, hears, said

pytestmark = [pytest.mark.journey]
OPEN = "() => window.__sockets.filter((one) => one.readyState === WebSocket.OPEN).length"


async def block(person: Person) -> None:
    """From now on no websocket of this page comes to be."""
    await person.page.add_init_script("window.__blocked = true")
    await person.page.evaluate("window.__blocked = true")
    person.watch.forgives("WebSocket connection to .* failed|WebSocket is already in CLOSING")


def asked(page: Page) -> list[str]:
    """Gather which addresses of the way without websockets a page asks."""
    paths: list[str] = []

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith("/live"):
            paths.append(f"{request.method} {path}")

    page.on("request", note)
    return paths


@pytest.mark.parametrize("both", [False, True], ids=["the patient", "both"])
async def test_without_websockets_they_wait_see_each_other_and_hang_up(
    patient: Patient, specialist: Specialist, booked: Booked, both: bool
) -> None:
    people = [patient, specialist] if both else [patient]
    paths = [asked(person.page) for person in people]
    for person in people:
        await person.page.add_init_script(KEPT)
        await block(person)
    await specialist.opens_clinic()
    await patient.waits()
    await expect(specialist.row(booked.visit)).to_contain_text("In room", timeout=LIVE)
    await specialist.opens_visit(booked.visit)
    await specialist.admits()
    await patient.looks_at(f"Picture of {specialist.known['name']}")
    await specialist.looks_at("Picture of ")
    await hears(patient.page)
    await patient.presses("Leave")
    await patient.presses("Yes, leave the visit")
    await specialist.reads("and can come back", IN_CALL)
    for person, of_page in zip(people, paths, strict=True):
        assert {"POST /live", "GET /live", "POST /live/events"} <= set(of_page)
        assert await person.page.evaluate(OPEN) == 0
    assert patient.troubles + specialist.troubles == []


async def test_a_guest_without_websockets_waits_comes_in_and_leaves(
    specialist: Specialist,
    patient: Patient,
    booked: Booked,
    phone: Enter,
) -> None:
    await specialist.opens_visit(booked.visit)
    await patient.waits()
    lina = await phone(await invites(patient, "Lina"))
    await patient.presses("Go back")
    paths = asked(lina.page)
    await lina.page.add_init_script(KEPT)
    await block(lina)
    await lina.waits()
    await specialist.is_told("Lina is waiting to be let in.", IN_CALL)
    await specialist.admits()
    await patient.looks_at(f"Picture of {specialist.known['name']}")
    await specialist.page.locator("#guests").get_by_role("button", name="Let in").click()
    for picture in (f"Picture of {specialist.known['name']}", "Picture of Bo L."):
        await lina.looks_at(picture)
    for person in (patient, specialist):
        await person.looks_at("Picture of Lina")
    assert {"POST /live", "GET /live", "POST /live/events"} <= set(paths)
    assert await lina.page.evaluate(OPEN) == 0
    await lina.presses("Leave")
    await lina.presses("Yes, leave the visit")
    await patient.is_told("Lina is no longer in the call.")
    assert lina.troubles + patient.troubles + specialist.troubles == []


async def test_a_websocket_that_is_blocked_while_one_waits_is_not_missed(
    patient: Patient, specialist: Specialist, booked: Booked
) -> None:
    await patient.page.add_init_script(KEPT)
    paths = asked(patient.page)
    await specialist.opens_clinic()
    await patient.waits()
    await patient.page.wait_for_function(OPEN)
    assert paths == []
    await block(patient)
    async with patient.page.expect_request(lambda one: urlsplit(one.url).path == "/live", timeout=5000):
        await patient.page.evaluate("() => window.__sockets.forEach((one) => one.close())")
    await specialist.opens_visit(booked.visit)
    await specialist.admits()
    await patient.looks_at("Picture of")
    await specialist.looks_at("Picture of ")
    for page in (patient.page, specialist.page):
        assert not [each for each in await said(page) if SOMEBODY_LEFT.search(each)]
    before = len(paths)
    await patient.page.reload()
    await patient.looks_at("Picture of")
    assert "POST /live" in paths[before:], "the tab remembers, and tries no websocket first"
    assert await patient.page.evaluate("() => window.__sockets.length") == 0
    assert patient.troubles + specialist.troubles == []
