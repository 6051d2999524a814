"""An administrator's hours over a clock change, by form, keys and drag; what can be booked follows."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys.conftest import known
from tests.journeys.inspecting import Inspection
from tests.journeys.people import Staff
from tests.services.chromium import lasting
from tests.services.server import Server

pytestmark = [pytest.mark.journey]

WEEK, SUNDAY = "2031-03-24", "2031-03-30"
"""Clocks in Berlin are put forward on that Sunday."""
HOUR = 32
"""Pixels of the week."""


@lasting
async def ada(browser: Browser, server: Server, manifest: dict[str, Any]) -> AsyncIterator[Staff]:
    """The administrator at the week of Dr Weber, whose Sundays are as before afterwards."""
    ada = await Staff.at_desk(browser, server, known(manifest, "administrator"))
    path = f"/api/v1/staff/{known(manifest, 'specialist', 2)['id']}/hours"
    before = next(each for each in (await ada.asks("GET", path))["hours"] if each["weekday"] == 7)
    await ada.page.goto(f"/hours?person={path.split('/')[4]}&week={WEEK}")
    yield ada
    now = next(each for each in (await ada.asks("GET", path))["hours"] if each["weekday"] == 7)
    body = {name: now[name] for name in ("weekday", "service", "site", "version", "valid_from")}
    await ada.asks("PUT", f"{path}/{now['id']}", body | {"start": before["start"], "end": before["end"]})


def block(page: Page) -> Locator:
    return page.locator("[data-weekday='7'] a[data-start]")


async def keeps(page: Page, start: str, end: str) -> None:
    """The form says these times; they are kept, and the Sunday of 23 hours says the same."""
    await expect(page.get_by_label("From")).to_have_value(start)
    await expect(page.get_by_label("Until")).to_have_value(end)
    await page.get_by_role("button", name="Save").click()
    day = page.get_by_role("region", name=re.compile("Sunday 30"))
    await expect(day).to_contain_text(f"Can be booked: {start}–{end}")
    await expect(day).to_contain_text("the day has 23 hours")


async def test_hours_are_moved_by_form_keys_and_drag_over_a_clock_change(ada: Staff) -> None:
    page, inspection = ada.page, Inspection()
    await inspection.look(page, "hours")
    await block(page).focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("From").fill("08:00")
    await page.get_by_label("Until").fill("18:00")
    await inspection.look(page, "weekly-hours")
    await keeps(page, "08:00", "18:00")
    await block(page).focus()
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowUp"):
        await page.keyboard.press(key)
    await expect(block(page)).to_contain_text("08:30–18:15")
    await page.keyboard.press("Enter")
    await keeps(page, "08:30", "18:15")
    await block(page).scroll_into_view_if_needed()
    box = await block(page).bounding_box()
    assert box
    assert box["height"] == pytest.approx(HOUR * 9.75, abs=2)
    await page.mouse.move(box["x"] + 20, box["y"] + 60)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 20, box["y"] + 60 - HOUR, steps=4)
    await page.mouse.up()
    await keeps(page, "07:30", "17:15")
    await page.goto(f"{page.url}&lang=ar")
    await inspection.look(page, "hours-ar")
    assert inspection.wrong == []
    assert ada.troubles == []
