"""The server dies in mid-call without a word and comes back: the two go on talking and nothing is lost."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.calls import in_call
from tests.journeys.people import IN_CALL, SAVED, Patient, Person, Specialist
from tests.journeys.watching import SOMEBODY_LEFT, Sound, heard, listen, peers, said, sound
from tests.services.chromium import lasting
from tests.services.server import Server

pytestmark = [pytest.mark.journey]
LONGEST_GAP = 300
USUAL_LAG = 100
"""Milliseconds; what is above was taken from the call by the machine, not by the server's death."""
BACK_WITHIN = 9.0
"""Seconds after the restart until both are in the room again."""


@lasting
async def mortal(tmp_path: Path) -> AsyncIterator[Server]:
    """A server of this test's own, which it may kill."""
    server = Server(tmp_path / "data")
    await asyncio.to_thread(server.start)
    yield server
    server.stop()


async def back(person: Person, sockets: int) -> None:
    """A further socket than `sockets` was opened and the call is on without a word about the line."""
    chip = person.page.locator(".call [data-fill=chip]").filter(visible=True)
    while len(person.watch.sockets) <= sockets or person.watch.sockets[-1].is_closed():
        await person.page.wait_for_event("websocket", timeout=IN_CALL)
    await expect(chip).to_contain_text("good", timeout=IN_CALL)


async def test_a_killed_server_interrupts_neither_sound_nor_note(
    browser: Browser, mortal: Server, stack: AsyncExitStack
) -> None:
    specialist, patient, booked = await in_call(browser, mortal, stack)
    both: tuple[Person, Person] = (specialist, patient)
    await specialist.confirms()
    await specialist.writes(history="Kept before.")
    await specialist.sees_saved()
    before = [len(each.watch.sockets) for each in both]
    lines = [await peers(each.page) for each in both]
    for each in both:
        each.watch.forgives("WebSocket|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET")
        await listen(each.page)

    mortal.kill()
    await specialist.writes(history="Kept before. Typed while nobody listened.")
    await specialist.reads("Not saved – trying again")
    await asyncio.to_thread(mortal.start)
    ready = time.monotonic()
    await asyncio.gather(*(back(each, count) for each, count in zip(both, before, strict=True)))
    took = time.monotonic() - ready

    sounds = [await heard(each.page) for each in both]
    told(took, sounds)
    assert took <= BACK_WITHIN
    for each in sounds:
        assert each.length > 2000
        gap = LONGEST_GAP + max(0.0, each.longest_lag - USUAL_LAG)
        assert each.longest_silence <= gap
        assert each.longest_concealed <= gap
    await expect(specialist.page.locator("#saved")).to_have_text(SAVED, timeout=IN_CALL)
    assert [await peers(each.page) for each in both] == lines
    await goes_on(specialist, patient)
    note = await specialist.asks("GET", f"/api/v1/visits/{booked.visit}/note")
    assert note["content"]["history"] == "Kept before. Typed while nobody listened."
    assert [each.troubles for each in both] == [[], []]


async def goes_on(specialist: Specialist, patient: Patient) -> None:
    """Nobody read that somebody left; the roster and both pictures work."""
    for page in (specialist.page, patient.page):
        assert not any(SOMEBODY_LEFT.search(words) for words in await said(page))
    await patient.presses("Hide me")
    await specialist.reads("Bo Lindqvist has turned the camera off.")
    await patient.presses("Show me")
    await specialist.looks_at("Picture of Bo Lindqvist")
    await patient.looks_at("Picture of Dr")


def told(took: float, sounds: list[Sound]) -> None:
    gaps = ", ".join(
        f"{each.longest_silence:.0f} ms without packets, {each.longest_concealed:.0f} ms concealed, "
        f"{each.longest_lag:.0f} ms lag"
        for each in sounds
    )
    print(f"back {took:.1f} s after the restart; {gaps}")


def test_a_gap_in_the_sound_would_be_noticed() -> None:
    polls = [[50.0 * at, 2.0 * at, 0.0] for at in range(20)]
    silent = [[1000 + 50.0 * at, 38.0, 0.0] for at in range(10)]
    invented = [[1500 + 50.0 * at, 39.0 + at, 2400.0 * at] for at in range(10)]
    assert sound(polls).longest_silence == 0
    assert sound(polls + silent).longest_silence == 500
    assert sound(polls + silent + invented).longest_concealed == 450
    assert sound([*polls, [2000.0, 99.0, 0.0]]).longest_lag == 1050
