"""A coordinator lists a room and an interpreter, books a visit with both, and sees where they are shown."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.journeys.inspecting import Inspection
from tests.journeys.people import Specialist, Staff

pytestmark = [pytest.mark.journey]


async def adds(coordinator: Staff, what: str, name: str, languages: str = "") -> None:
    page = coordinator.page
    await page.get_by_label("What it is").select_option(label=what)
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Languages of an interpreter").fill(languages)
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("Saved. Booked visits stay.")).to_be_visible()


async def chooses(page: Page, label: str, shown: str) -> None:
    option = page.get_by_label(label, exact=True).locator("option", has_text=shown).first
    await page.get_by_label(label, exact=True).select_option(await option.get_attribute("value"))


async def asks(page: Page, patient: str, specialist: str) -> None:
    """Ask for the times at which some room and somebody who interprets Turkish are free."""
    await page.goto(f"/book?patient={patient}")
    await chooses(page, "Service", "Cardiology")
    await chooses(page, "Specialist", specialist)
    await chooses(page, "Room", "Any at")
    await chooses(page, "Interpreter", "Turkish")
    await page.get_by_role("button", name="Show free times").click()
    await expect(page.get_by_label("Interpreter")).to_have_value("tr")


async def test_a_visit_is_booked_with_a_room_and_an_interpreter(
    specialist: Specialist, coordinator: Staff, manifest: dict[str, Any]
) -> None:
    page, inspection, bo = coordinator.page, Inspection(), manifest["patients"][0]["id"]
    await page.goto("/book")
    await page.get_by_role("link", name="Rooms and interpreters").click()
    await adds(coordinator, "Room", "Blue room")
    await adds(coordinator, "Interpreter", "Rania Sayegh", "es, tr")
    await inspection.look(page, "staff-rooms")
    await inspection.walk(page, "staff-rooms")
    await page.get_by_role("link", name="Blue room").click()
    await inspection.look(page, "staff-room")
    await asks(page, bo, specialist.known["name"])
    await inspection.look(page, "staff-book-needs")
    time = page.locator(".slots a").last
    day = (await time.get_attribute("href") or "").rpartition("start=")[2][:10]
    await time.click()
    await inspection.look(page, "staff-book-needs-confirm")
    await page.get_by_role("button", name="Book this visit").click()
    await expect(page.get_by_text("Rania Sayegh (Turkish)")).to_be_visible()
    await inspection.look(page, "staff-booked-needs")
    onward = await page.get_by_role("link", name="Cancel the visit").get_attribute("href")
    await page.goto(f"/board/{specialist.known['id']}?day={day}")
    row = page.get_by_role("row").filter(has_text="Rania Sayegh")
    await expect(row).to_contain_text("Blue room")
    await inspection.look(page, "staff-board-needs")
    await in_arabic(page, inspection, bo, str(onward).replace("cancel", "move"))
    await page.goto(f"{onward}?lang=en")
    await coordinator.presses("Cancel this visit")
    await expect(page.get_by_text("The visit is cancelled.")).to_be_visible()
    assert inspection.wrong == []
    assert coordinator.troubles == []


async def in_arabic(page: Page, inspection: Inspection, patient: str, moving: str) -> None:
    await page.goto(f"{moving}?lang=ar")
    await expect(page.get_by_text("Blue room")).to_be_visible()
    await inspection.look(page, "staff-move-needs-ar")
    await page.goto("/rooms?lang=ar")
    await inspection.look(page, "staff-rooms-ar")
    await page.goto(f"/book?patient={patient}&lang=ar")
    await inspection.look(page, "staff-book-needs-ar")
