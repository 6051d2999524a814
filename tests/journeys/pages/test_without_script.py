"""A browser that runs no scripts: the patient's door by code, the visit's state in words, and booking."""

import asyncio
import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.booking import book, books
from tests.journeys.conftest import Enter
from tests.journeys.people import Patient, Specialist, Staff, own_window
from tests.services.server import Server
from tests.services.smtp import SmtpSink

pytestmark = [pytest.mark.journey]
DANGER = "rgb(179, 38, 30)"
NEW = {
    "given": "Tomasz",
    "family": "Nowak",
    "birth_date": "1970-02-09",
    "email": "tomasz.nowak@mail.example",
    "phone": "+493005550399",
    "zone": "Europe/Berlin",
}


async def letter(sink: SmtpSink, to: str) -> str:
    """Wait for the mail to somebody; return its words."""
    async with asyncio.timeout(20):
        while True:
            for mail in sink.messages():
                if to in mail["To"]:
                    body = mail.get_body(("plain",))
                    assert body is not None
                    return str(body.get_content())
            await asyncio.sleep(0.05)


async def types(patient: Patient, *parts: str) -> None:
    """Fill in the door's form: code, day, month, year."""
    for label, part in zip(("Code", "Day", "Month", "Year"), parts, strict=True):
        await patient.page.locator(".plain").get_by_label(label).fill(part)
    await patient.presses("Open my visit")


async def test_the_code_of_the_mail_and_the_birth_date_open_the_visit(
    specialist: Specialist, phone: Enter, smtp_server: SmtpSink
) -> None:
    patient = await specialist.asks("POST", "/api/v1/patients", NEW)
    booked = await book(specialist, patient["id"], specialist.known["id"])
    text = await letter(smtp_server, NEW["email"])
    assert booked.link in text
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    assert code is not None

    tomasz = await phone(java_script_enabled=False)
    page = tomasz.page
    await page.goto("/v?lang=en")
    await types(tomasz, code.group().lower(), "8", "2", "1970")
    await expect(page.get_by_role("alert")).to_contain_text("The code and the date of birth do not fit")
    for field in ("code", "day", "month", "year"):
        await expect(page.locator(f"[name={field}]:visible")).to_have_css("border-color", DANGER)
    await types(tomasz, code.group(), "9", "2", "1970")
    await expect(page.get_by_role("heading", name="The clinic knows that you are here")).to_be_visible()
    assert await page.locator("noscript meta[http-equiv=refresh]").count() == 1
    await specialist.opens_visit(booked.visit)
    await expect(specialist.page.locator("#consult")).to_have_attribute("data-status", "arrived")

    await specialist.asks("POST", f"/api/v1/appointments/{booked.appointment}/cancel", {})
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).not_to_contain_text("The clinic knows")
    tomasz.watch.forgives("status of 40[014]")  # the wrong date, the visit that is off
    assert tomasz.troubles == []


async def test_another_time_is_taken_by_code_and_birth_date(
    specialist: Specialist, phone: Enter, smtp_server: SmtpSink
) -> None:
    new = NEW | {"given": "Ola", "email": "ola.nowak@mail.example", "phone": "+493005550398"}
    patient = await specialist.asks("POST", "/api/v1/patients", new)
    days = timedelta(hours=60)
    booked = await book(specialist, patient["id"], specialist.known["id"], after=days)
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", await letter(smtp_server, new["email"]))
    assert code is not None
    ola = await phone(java_script_enabled=False)
    await ola.page.goto("/v?lang=en")
    await types(ola, code.group(), "9", "2", "1970")
    await ola.presses("Change or cancel")
    await ola.page.locator(".slots a").first.click()
    await ola.presses("Yes, take the new time")
    await expect(ola.page.get_by_role("heading", name="Your visit was moved.")).to_be_visible()
    assert (await specialist.asks("GET", f"/api/v1/appointments/{booked.appointment}"))["version"] == 1
    await specialist.frees(booked.visit, booked.appointment)
    ola.watch.forgives("status of 409")  # the visit is not open yet: its page says when it is
    assert ola.troubles == []


async def test_booking_is_complete(browser: Browser, server: Server, coordinator: Staff) -> None:
    state = await coordinator.context.storage_state()
    plain = Staff(*await own_window(browser, server, storage_state=state, java_script_enabled=False))
    link = await books(plain.page, "Dr Amara Diallo")
    assert re.fullmatch(re.escape(server.url) + r"/v\?lang=en#[\w-]{43}", link)
    assert plain.troubles == []
    await plain.context.close()
