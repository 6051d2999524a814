"""Where no time fits somebody leaves a wish on a phone, without scripts too, and takes it back."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection, picture
from tests.journeys.pages.test_own_booking import address, letter, tells
from tests.journeys.people import Specialist
from tests.services.smtp import SmtpSink

pytestmark = [pytest.mark.journey]


async def test_on_a_phone_a_wish_is_left_and_taken_back(
    specialist: Specialist, phone: Enter, smtp_server: SmtpSink
) -> None:
    sena, inspection, contact = await phone(), Inspection(), "sena.wishes@mail.example"
    await sena.page.goto(await address(specialist, 14))
    await sena.page.get_by_role("link", name="Write to me when a time is free").click()
    await sena.page.get_by_label("Tuesday").check()
    await sena.page.get_by_label("From 12:00 on").check()
    await inspection.look(sena.page, "wish", least=PATIENT)
    await tells(sena.page, contact)
    await inspection.look(sena.page, "wish-code", least=PATIENT)
    await sena.page.get_by_label("Code").fill(await letter(smtp_server, contact, r"go on: (\d{6})"))
    await sena.presses("Go on")
    await expect(sena.page.get_by_role("heading", name="You are on the waiting list")).to_be_visible()
    await inspection.look(sena.page, "wish-stands", least=PATIENT)
    await sena.presses("Take my wish back")
    await inspection.look(sena.page, "wish-over", least=PATIENT)
    assert inspection.wrong == []
    assert sena.troubles == []


async def test_without_scripts_and_in_arabic(
    specialist: Specialist, phone: Enter, smtp_server: SmtpSink
) -> None:
    sena, contact = await phone(java_script_enabled=False), "sena.wishes.ar@mail.example"
    page = sena.page
    await page.goto((await address(specialist, 14, "ar")).replace("?", "/wish?"))
    await page.locator("[name=weekday]").nth(2).check()
    await picture(page, "wish-ar-plain")
    await tells(page, contact)
    await page.locator("[name=code]").fill(await letter(smtp_server, contact, r"\b(\d{6})\b"))
    await page.locator("form button").click()
    await expect(page.locator(".note.ok")).to_be_visible()
    await picture(page, "wish-stands-ar-plain")
    await page.locator("form button").click()
    await expect(page.locator(".note.ok")).to_have_count(0)
    assert sena.troubles == []
