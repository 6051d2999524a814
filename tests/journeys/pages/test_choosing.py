"""Whom staff let choose gets a link to the free times, chooses one, checks it and has a visit."""

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
BORN = ("9", "4", "1983")


async def invites(staff: Staff, contact: str, language: str, inspection: Inspection) -> None:
    """Register somebody and let them choose a time of the open service by the pages."""
    day, month, year = BORN
    born = f"{year}-{int(month):02}-{int(day):02}"
    person: dict[str, Any] = {"given": "Lucia", "family": "Prado", "birth_date": born, "email": contact}
    made = await staff.asks("POST", "/api/v1/patients", person | {"zone": "Asia/Dubai", "language": language})
    page = staff.page
    await page.goto(f"/book?patient={made['id']}")
    option = page.get_by_label("Service").locator("option", has_text=OPEN)
    await page.get_by_label("Service").select_option(await option.get_attribute("value"))
    await staff.presses("Let the patient choose a time")
    await expect(page.get_by_label("Service").locator("option:checked")).to_contain_text(OPEN)
    await page.get_by_label("Last day for the visit").fill(
        f"{datetime.now(UTC) + timedelta(days=40):%Y-%m-%d}"
    )
    await inspection.look(page, "choice-add", least=STAFF)
    await staff.presses("Send the invitation")
    await expect(page.get_by_text("Nothing booked yet.")).to_be_visible()
    await inspection.look(page, "choice-sent", least=STAFF)


async def test_on_a_phone_a_time_is_chosen_checked_and_booked(
    coordinator: Staff, phone: Enter, smtp_server: SmtpSink
) -> None:
    inspection, contact = Inspection(), "lucia.prado@mail.example"
    await invites(coordinator, contact, "en", inspection)
    lucia = await phone()
    await lucia.page.goto(await letter(smtp_server, contact, r"(http\S+/v/choose\?lang=en#[\w-]{43})"))
    await inspection.look(lucia.page, "choose-door", least=PATIENT)
    await lucia.page.get_by_text("English").click()
    await lucia.page.get_by_role("link", name="Français").click()
    await lucia.page.get_by_text("Français").click()
    await lucia.page.get_by_role("link", name="English").click()
    await lucia.presses("See the times")
    await inspection.look(lucia.page, "choose-times", least=PATIENT)
    await lucia.page.locator(".slots button").nth(3).click()
    await expect(lucia.page.get_by_role("heading", name="Check this time")).to_be_visible()
    await inspection.look(lucia.page, "choose-check", least=PATIENT)
    await lucia.page.get_by_role("link", name="Choose another time").click()
    await expect(lucia.page.get_by_text("We keep this time for you")).to_be_visible()
    await inspection.look(lucia.page, "choose-kept", least=PATIENT)
    await lucia.page.get_by_role("link", name="Check this time").click()
    await lucia.presses("Book this visit")
    await expect(lucia.page.get_by_role("heading", name="Your visit is booked.")).to_be_visible()
    await inspection.look(lucia.page, "choose-done", least=PATIENT)
    await letter(smtp_server, contact, r"(http\S+/v\?lang=en#[\w-]{43})")
    await coordinator.page.reload()
    await expect(coordinator.page.get_by_text("The patient has booked")).to_be_visible()
    await inspection.look(coordinator.page, "choice-booked", least=STAFF)
    assert inspection.wrong == []
    assert lucia.troubles == []


async def test_for_whom_no_time_fits_waits_by_the_same_link(
    coordinator: Staff, phone: Enter, smtp_server: SmtpSink
) -> None:
    inspection, contact = Inspection(), "lucia.waits@mail.example"
    await invites(coordinator, contact, "en", inspection)
    lucia = await phone()
    await lucia.page.goto(await letter(smtp_server, contact, r"(http\S+/v/choose\?lang=en#[\w-]{43})"))
    await lucia.presses("See the times")
    await lucia.page.get_by_role("link", name="Write to me when a time is free").click()
    await lucia.page.get_by_label("Tuesday").check()
    await inspection.look(lucia.page, "choose-wish", least=PATIENT)
    await lucia.presses("Write to me when a time is free")
    await expect(lucia.page.get_by_role("heading", name="You are on the waiting list")).to_be_visible()
    await inspection.look(lucia.page, "choose-waiting", least=PATIENT)
    await lucia.presses("Take my wish back")
    await expect(lucia.page.get_by_role("heading", name="No time fits?")).to_be_visible()
    assert inspection.wrong == []
    assert lucia.troubles == []


async def test_without_scripts_code_and_birth_date_lead_to_it_in_arabic_too(
    coordinator: Staff, phone: Enter, smtp_server: SmtpSink
) -> None:
    inspection, contact = Inspection(), "lucia.arabic@mail.example"
    await invites(coordinator, contact, "ar", inspection)
    code = await letter(smtp_server, contact, r"\b([0-9A-Z]{4}-[0-9A-Z]{4})\b")
    lucia = await phone(java_script_enabled=False)
    page = lucia.page
    await page.goto("/v/choose?lang=ar")
    for name, part in zip(("code", "day", "month", "year"), (code, *BORN), strict=True):
        await page.locator(f"[name={name}]").fill(part)
    await page.locator("form:not([hidden]) button").click()
    await picture(page, "choose-times-ar-plain")
    await page.locator(".slots button").nth(5).click()
    await picture(page, "choose-check-ar-plain")
    await page.locator("form[action*=check] button").click()
    await expect(page.locator(".note.ok")).to_be_visible()
    assert inspection.wrong == []
    assert lucia.troubles == []
