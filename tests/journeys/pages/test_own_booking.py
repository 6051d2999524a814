"""Whom nobody knows books an open service on a phone and moves the visit, with scripts and without."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import Specialist
from tests.services.smtp import SmtpSink

pytestmark = [pytest.mark.journey]
OPEN = "Skin visit"
LONG = "sena.mensah.hohenstein-wassermann@krankenhaus.example"
"""An address that is wider than a phone."""
BORN = ("7", "3", "1988")


async def letter(sink: SmtpSink, to: str, pattern: str) -> str:
    """Wait for a mail to somebody that says this; return what of it was looked for."""
    async with asyncio.timeout(20):
        while True:
            for mail in sink.messages():
                body = mail.get_body(("plain",)) if to in mail["To"] else None
                found = re.search(pattern, str(body.get_content())) if body else None
                if found:
                    return found[1]
            await asyncio.sleep(0.05)


async def address(specialist: Specialist, days: int, language: str = "en") -> str:
    """The public page of the open service, from a day on that nobody else books."""
    catalogue = await specialist.asks("GET", "/api/v1/catalogue")
    service = next(each["id"] for each in catalogue["services"] if each["name"] == OPEN)
    day = datetime.now(UTC) + timedelta(days=days)
    return f"/s/{service}?lang={language}&day={day:%Y-%m-%d}"


async def tells(page: Page, contact: str) -> None:
    """Fill in who the visit is for."""
    await page.locator("[name=given]").fill("Sena")
    await page.locator("[name=family]").fill("Mensah")
    for name, value in zip(("day", "month", "year"), BORN, strict=True):
        await page.locator(f"[name={name}]").fill(value)
    await page.locator("[name=contact]").fill(contact)
    await page.locator("form button").click()


async def test_on_a_phone_a_visit_is_booked_moved_and_cancelled_whose_link_leads_to_another(
    specialist: Specialist, phone: Enter, smtp_server: SmtpSink
) -> None:
    sena, inspection, contact = await phone(), Inspection(), "sena.mensah@mail.example"
    await sena.page.goto(await address(specialist, 11))
    await inspection.look(sena.page, "own-times", least=PATIENT)
    await sena.page.locator(".slots button").nth(3).click()
    await inspection.look(sena.page, "own-details", least=PATIENT)
    await tells(sena.page, contact)
    await inspection.look(sena.page, "own-check", least=PATIENT)
    await sena.presses("Send me the code")
    await inspection.look(sena.page, "own-code", least=PATIENT)
    await sena.page.get_by_label("Code").fill(await letter(smtp_server, contact, r"go on: (\d{6})"))
    await sena.presses("Book this visit")
    await inspection.look(sena.page, "own-done", least=PATIENT)
    link = await letter(smtp_server, contact, r"(http\S+/v\?lang=en#[\w-]{43})")
    await sena.page.goto(link)
    await sena.presses("Change or cancel")
    await sena.page.locator(".slots a").first.click()
    await sena.presses("Yes, take the new time")
    await expect(sena.page.get_by_role("heading", name="Your visit was moved.")).to_be_visible()
    await sena.page.goto(sena.page.url.replace("/change", "/cancel"))
    await sena.presses("Yes, cancel my visit")
    await expect(sena.page.get_by_role("heading", name="This visit was cancelled")).to_be_visible()
    await sena.page.goto(link)
    await inspection.look(sena.page, "link-cancelled", least=PATIENT)
    await sena.page.get_by_role("link", name="Book a visit").click()
    await expect(sena.page.get_by_role("heading", name="Choose a time")).to_be_visible()
    assert inspection.wrong == []
    assert sena.troubles == []


async def test_without_scripts_a_visit_is_booked_and_moved_by_code_and_birth_date(
    specialist: Specialist, phone: Enter, smtp_server: SmtpSink
) -> None:
    sena, contact = await phone(java_script_enabled=False), "sena.without@mail.example"
    await sena.page.goto(await address(specialist, 12))
    await sena.page.locator(".slots button").nth(5).click()
    await tells(sena.page, contact)
    await sena.presses("Send me the code")
    await sena.page.get_by_label("Code").fill(await letter(smtp_server, contact, r"go on: (\d{6})"))
    await sena.presses("Book this visit")
    await expect(sena.page.get_by_role("heading", name="Your visit is booked.")).to_be_visible()
    code = await letter(smtp_server, contact, r"\b([0-9A-Z]{4}-[0-9A-Z]{4})\b")
    await sena.page.goto("/v?lang=en")
    door = sena.page.locator(".plain")
    for label, part in zip(("Code", "Day", "Month", "Year"), (code, *BORN), strict=True):
        await door.get_by_label(label).fill(part)
    await sena.presses("Open my visit")
    await sena.presses("Change or cancel")
    await sena.page.locator(".slots a").first.click()
    await sena.presses("Yes, take the new time")
    await expect(sena.page.get_by_role("heading", name="Your visit was moved.")).to_be_visible()
    sena.watch.forgives("status of 409")  # the visit is not open yet: its page says when it is
    assert sena.troubles == []


async def test_the_pages_are_as_good_in_arabic(specialist: Specialist, phone: Enter) -> None:
    sena, inspection = await phone(), Inspection()
    await sena.page.goto(await address(specialist, 13, "ar"))
    await inspection.look(sena.page, "own-times-ar", least=PATIENT)
    await sena.page.locator(".slots button").nth(3).click()
    await inspection.look(sena.page, "own-details-ar", least=PATIENT)
    await tells(sena.page, LONG)
    await inspection.look(sena.page, "own-check-ar", least=PATIENT)
    await sena.page.locator("form button").click()
    await inspection.look(sena.page, "own-code-ar", least=PATIENT)
    assert inspection.wrong == []
    assert sena.troubles == []
