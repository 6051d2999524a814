"""The way to the waiting room on a slow line, by what no machine changes: answers in sequence, and bytes.

The seconds of the experience design are measured by `make bench BENCH=join`. Here the same goals are held on
paper: round trips and bytes at the line's rate have to leave a phone time for its own work.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Route, expect

from tests.journeys.people import IN_CALL, Patient
from tests.journeys.waterfall import SECOND, THIRD, Waterfall

pytestmark = [pytest.mark.journey]
PICTURE, ROOM = 2, 4
"""Answers in sequence: page; code and look at the link; opening, beside the picture; wish to wait."""
EMULATED = 0.9
"""The part of the line's latency that every answer takes at least, where the emulation works."""
PHONE = 2.0
"""Seconds for an old phone's own work up to the own picture; half of it up to the first paint."""


@asynccontextmanager
async def held(page: Page, pattern: str) -> AsyncIterator[None]:
    """Leave requests without an answer for as long as the block lasts."""
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route(pattern, hold)
    try:
        yield
    finally:
        answered.set()
        await page.unroute_all(behavior="wait")


async def test_the_first_words_need_the_page_alone(patient: Patient) -> None:
    waterfall = await Waterfall.on(patient.page, SECOND)
    async with held(patient.page, "**/static/*"):
        address, _, token = patient.link.partition("#")
        await patient.page.goto(f"{address}#{token}", wait_until="commit")
        await expect(patient.page.get_by_text("One moment…").first).to_be_visible()
        await expect(patient.page.get_by_text("Need help?")).to_be_visible()
        page = await waterfall.whole("/v?")
    for line, goal in ((THIRD, 2.5), (SECOND, 3.5)):
        assert line.seconds(1, page.size) + PHONE / 2 <= goal


async def test_the_own_picture_stands_after_two_answers_and_the_waiting_room_after_four(
    patient: Patient,
) -> None:
    """The picture waits for no answer to its press, and the wish to wait tells what the check has shown."""
    page = patient.page
    waterfall = await Waterfall.on(page, SECOND)
    await patient.opens_link()
    async with held(page, "**/api/v1/visit-links/open"):
        await patient.presses("Use microphone and camera")
        await patient.looks_at("Your own picture")
        print(f"own picture: {waterfall}")
        assert waterfall.rounds() == PICTURE
        assert waterfall.quickest() >= EMULATED * SECOND.latency
        for line, goal in ((THIRD, 5.0), (SECOND, 6.0)):
            assert line.seconds(PICTURE, waterfall.size()) + PHONE <= goal
        await patient.presses("Go to the waiting room")  # the press waits for the arrival by itself
    await page.get_by_role("heading", name="You are in the waiting room").wait_for(timeout=IN_CALL)
    print(f"waiting room: {waterfall}")
    assert waterfall.rounds() == ROOM
    mine = [each.url for each in waterfall.came() if "/api/v1/my/" in each.url]
    assert [url.rpartition("/")[2] for url in mine] == ["wait"]
    assert patient.troubles == []


async def test_a_press_is_seen_before_anybody_has_answered(patient: Patient) -> None:
    """Tap → visible reaction: in the same task as the tap, so that the next frame shows it."""
    await patient.opens_link()
    button = patient.button("Use microphone and camera")
    await expect(button).to_be_visible()
    async with held(patient.page, "**/api/v1/visit-links/open"):
        shown = await button.evaluate("""(button) => {
          button.click();
          const words = button.parentElement.querySelector("[data-busy]");
          return button.ariaBusy === "true" && words.checkVisibility();
        }""")
        assert shown
    await expect(patient.button("Go to the waiting room")).to_be_visible(timeout=IN_CALL)
    await patient.looks_at("Your own picture")
