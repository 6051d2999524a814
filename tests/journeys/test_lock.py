"""The lock of a session: by hand or by nobody's touch, in every window, and around a call that goes on."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from tests.journeys.booking import Booked
from tests.journeys.people import Patient, Specialist, meet

pytestmark = [pytest.mark.journey]
QUARTER_MS = 15 * 60_000


async def unlock(page: Page, doctor: Specialist) -> None:
    await page.get_by_label("Password").fill(doctor.known["password"])
    await page.get_by_role("button", name="Unlock").click()
    await expect(page.get_by_role("heading", name="Screen locked")).to_have_count(0)


async def test_a_lock_in_one_window_hides_the_others_at_once(doctor: Specialist) -> None:
    await doctor.opens_clinic()
    rows = doctor.page.locator("tr[data-visit]")
    await expect(rows.first).to_be_visible()
    # What the page fetches for later has come: after the lock it would be told 401, and its console says so.
    await expect(doctor.page.locator("#consult")).to_have_count(1)
    other = await doctor.context.new_page()
    await other.goto("/account")
    await other.get_by_role("button", name="Lock").click()
    locked = doctor.page.get_by_role("heading", name="Screen locked")
    await expect(locked).to_be_visible()
    await expect(rows).to_have_count(0)
    await unlock(other, doctor)
    await expect(locked).to_have_count(0)
    assert doctor.troubles == []


async def test_a_page_that_nobody_touches_locks_itself_and_all_windows(doctor: Specialist) -> None:
    await doctor.page.goto("/account")
    idle = await doctor.context.new_page()
    await idle.clock.install(time=datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    await idle.goto("/book")
    await idle.clock.fast_forward(QUARTER_MS - 20_000)
    await expect(idle.get_by_role("heading", name="Book a visit")).to_be_visible()
    await idle.clock.fast_forward(30_000)
    for page in (idle, doctor.page):
        await expect(page.get_by_role("heading", name="Screen locked")).to_be_visible()
    await unlock(doctor.page, doctor)


async def test_a_call_goes_on_in_a_window_that_hides_all_else(
    doctor: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(doctor, patient, booked.visit)
    name = doctor.page.locator("#consult h1")
    await expect(name).to_be_visible()
    other = await doctor.context.new_page()
    await other.goto("/account")
    await other.get_by_role("button", name="Lock").click()
    await expect(name).to_be_hidden()
    await expect(doctor.page.locator("#confirmation")).to_be_hidden()
    assert "Bo" not in await doctor.page.title()
    await doctor.looks_at("Picture of ")
    await unlock(other, doctor)
    await expect(name).to_be_visible()
    await doctor.looks_at("Picture of ")
