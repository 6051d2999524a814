"""A coordinator books a visit by phone and one at a site, and their patient reads what to do for each."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.pages.test_rooms import chooses
from tests.journeys.people import Staff

pytestmark = [pytest.mark.journey]


async def asks(page: Page, patient: str, how: str) -> None:
    await page.goto(f"/book?patient={patient}")
    await chooses(page, "Service", "Skin visit")
    await chooses(page, "How", how)


async def takes(page: Page) -> str:
    """Take the last time that is shown; return the patient's link."""
    await page.locator(".slots a").last.click()
    await page.get_by_role("button", name="Book this visit").click()
    await expect(page.get_by_role("heading", name="Visit booked")).to_be_visible()
    return await page.get_by_label("The visit link").input_value()


async def test_a_visit_by_phone_and_one_at_a_site_are_booked_and_told(
    coordinator: Staff, phone: Enter, manifest: dict[str, Any]
) -> None:
    page, inspection = coordinator.page, Inspection()
    whose = next(each["id"] for each in manifest["patients"] if each["phone"])
    await asks(page, whose, "By phone")
    await page.get_by_role("button", name="Show free times").click()
    await inspection.look(page, "staff-book-ways")
    rung = await takes(page)
    await expect(page.get_by_text("By phone")).to_be_visible()
    await asks(page, whose, "At a site")
    await page.get_by_role("button", name="Show free times").click()
    await expect(page.get_by_role("alert")).to_contain_text("Choose the room or the site")
    await inspection.look(page, "staff-book-ways-refused")
    await chooses(page, "Room", "Any at")
    await page.get_by_role("button", name="Show free times").click()
    comes = await takes(page)
    await inspection.look(page, "staff-booked-ways")
    patient = await phone()
    for link, told in ((rung, "We phone you at this time."), (comes, "Please come to Lindenau")):
        await patient.page.goto("about:blank")
        await patient.page.goto(link)
        await expect(patient.page.get_by_text(told)).to_be_visible()
        await inspection.look(patient.page, "my-visit-ways", least=PATIENT)
    coordinator.watch.forgives("status of 422")
    assert inspection.wrong == []
    assert coordinator.troubles == []
    assert patient.troubles == []
