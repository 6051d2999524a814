"""For whom no time fits is put on the list, gets a link to a free time, and takes it or leaves it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, STAFF, Inspection, picture
from tests.journeys.pages.test_own_booking import OPEN, letter
from tests.journeys.people import Staff
from tests.services.smtp import SmtpSink

pytestmark = [pytest.mark.journey]
BORN = ("5", "8", "1979")
LOOKS_EVERY = 0.5
OFFERED_WITHIN = 60


def noon() -> str:
    """A zone where it is about noon, whenever this runs: at night nobody is written to."""
    hours = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


async def waits(staff: Staff, contact: str, language: str, inspection: Inspection) -> None:
    """Register somebody and put them on the list of the open service by the pages; wait for their offer."""
    day, month, year = BORN
    born = f"{year}-{int(month):02}-{int(day):02}"
    person: dict[str, Any] = {"given": "Ines", "family": "Duarte", "birth_date": born, "email": contact}
    made = await staff.asks("POST", "/api/v1/patients", person | {"zone": noon(), "language": language})
    page = staff.page
    await page.goto(f"/book?patient={made['id']}")
    option = page.get_by_label("Service").locator("option", has_text=OPEN)
    await page.get_by_label("Service").select_option(await option.get_attribute("value"))
    await staff.presses("Put on the waiting list")
    await expect(page.get_by_label("Service").locator("option:checked")).to_contain_text(OPEN)
    await page.get_by_label("Last day").fill(f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}")
    await inspection.look(page, "waitlist-add", least=STAFF)
    await staff.presses("Put on the waiting list")
    async with asyncio.timeout(OFFERED_WITHIN):
        while not await page.get_by_text("Kept until").count():
            await asyncio.sleep(LOOKS_EVERY)
            await page.reload()
    await inspection.look(page, "waitlist", least=STAFF)


async def test_a_free_time_is_offered_by_a_link_and_taken(
    coordinator: Staff, phone: Enter, smtp_server: SmtpSink
) -> None:
    inspection, contact = Inspection(), "ines.duarte@mail.example"
    await waits(coordinator, contact, "en", inspection)
    link = await letter(smtp_server, contact, r"(http\S+/v/offer\?lang=en#[\w-]{43})")
    ines = await phone()
    await ines.page.goto(link)
    await expect(ines.button("Take this time")).to_be_visible()
    await inspection.look(ines.page, "offer", least=PATIENT)
    await ines.presses("Take this time")
    await expect(ines.page.get_by_role("heading", name="This time is yours")).to_be_visible()
    await inspection.look(ines.page, "offer-taken", least=PATIENT)
    await letter(smtp_server, contact, r"(http\S+/v\?lang=en#[\w-]{43})")
    assert inspection.wrong == []
    assert ines.troubles == []


async def test_without_scripts_code_and_birth_date_lead_to_it_in_arabic_too(
    coordinator: Staff, phone: Enter, smtp_server: SmtpSink
) -> None:
    inspection, contact = Inspection(), "ines.arabic@mail.example"
    await waits(coordinator, contact, "ar", inspection)
    code = await letter(smtp_server, contact, r"\b([0-9A-Z]{4}-[0-9A-Z]{4})\b")
    ines = await phone(java_script_enabled=False)
    await ines.page.goto("/v/offer?lang=ar")
    for name, part in zip(("code", "day", "month", "year"), (code, *BORN), strict=True):
        await ines.page.locator(f"[name={name}]").fill(part)
    await ines.page.locator("form:not([hidden]) button").click()
    await expect(ines.page.locator("form[action*=decline] button")).to_be_visible()
    await picture(ines.page, "offer-ar-plain")
    await ines.page.locator("form[action*=decline] button").click()
    await expect(ines.page.locator(".note.info")).to_be_visible()
    page = coordinator.page
    await page.goto("/waitlist?lang=ar")
    await inspection.look(page, "waitlist-ar", least=STAFF)
    await page.goto("/waitlist?lang=en")
    await coordinator.presses("Take off the list")
    assert inspection.wrong == []
    assert ines.troubles == []
