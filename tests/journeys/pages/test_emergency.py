"""A record opened in an emergency, in Chromium: reason, record, review, and what the patient reads."""

from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.booking import book
from tests.journeys.conftest import CONFIRMED, Enter, known
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import LAST_CODE, Patient, Specialist, Staff
from tests.services.chromium import lasting
from tests.services.server import Server, fresh_code

pytestmark = [pytest.mark.journey]
WHY = "Found unconscious at the station, alone; I look for allergies and medication."
FOUND = "The ambulance's report of that evening says the same."
NOTE = {
    "history": "Atrial fibrillation, on warfarin.",
    "plan": "Check the INR weekly.",
    "outcome": "referred",
    "when": "2 weeks",
}
RUTH = {
    "given": "Ruth",
    "family": "Achieng",
    "birth_date": "1961-04-02",
    "language": "en",
    "zone": "Europe/Berlin",
}


async def treated(doctor: Specialist, phone: Enter) -> tuple[Patient, str]:
    """Somebody whom Dr Amara alone has treated, with a signed note; return her and the visit."""
    ruth = await doctor.asks("POST", "/api/v1/patients", RUTH | {"phone": "+4915155500917"})
    booked = await book(doctor, ruth["id"], doctor.known["id"])
    patient = await phone(booked.link)
    await patient.waits(picture=False)
    await doctor.asks("POST", f"/api/v1/visits/{booked.visit}/admit", {})
    await doctor.asks("PUT", f"/api/v1/visits/{booked.visit}/confirmation", CONFIRMED)
    severe = {"substance": "Penicillin", "reaction": "Throat swells", "severe": True}
    await doctor.asks("POST", f"/api/v1/visits/{booked.visit}/allergies", severe)
    await doctor.asks("PUT", f"/api/v1/visits/{booked.visit}/note", {"version": 0, **NOTE})
    await doctor.asks("POST", f"/api/v1/visits/{booked.visit}/note/signature", {"version": 1})
    return patient, booked.visit


async def steps_up(person: Staff) -> None:
    secret = person.known["totp_secret"]
    LAST_CODE[secret] = await fresh_code(secret, LAST_CODE.get(secret, ""))
    await person.page.get_by_label("Code").fill(LAST_CODE[secret])
    await person.presses("Continue")


async def finds(page: Page) -> None:
    await page.get_by_label("Family name").fill("Achieng")
    await page.get_by_label("Date of birth").fill("1961-04-02")
    await page.get_by_role("button", name="Find").click()


@lasting
async def stranger(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> Specialist:
    """Another specialist, who has never met Ruth."""
    person = await Specialist.at_desk(browser, server, known(manifest, "specialist", 1))
    stack.push_async_callback(person.context.close)
    return person


@lasting
async def officer(browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack) -> Staff:
    """The privacy officer."""
    person = await Staff.at_desk(browser, server, known(manifest, "privacy_officer"))
    stack.push_async_callback(person.context.close)
    return person


async def opens(stranger: Specialist, inspection: Inspection) -> None:
    """A fresh code, the patient, a reason."""
    page = stranger.page
    await page.goto("/step-up?next=/emergency")
    await steps_up(stranger)
    await expect(page.get_by_role("heading", name="Emergency access")).to_be_visible()
    await finds(page)
    await expect(page.get_by_label("Achieng, Ruth")).to_be_checked()
    await inspection.look(page, "staff-emergency-asked")
    await page.get_by_label("Why do you need this record now?").fill(WHY)
    await page.get_by_role("button", name="Open the record for one hour").press("Enter")


async def denies(ruth: Patient, inspection: Inspection) -> None:
    """Ruth takes the record from the one who had no reason, and sees that it holds."""
    await ruth.page.get_by_role("link", name="Who may read your record").click()
    await ruth.page.get_by_text("Some people must not read it").click()
    await ruth.page.get_by_label("Amina Khan").check()
    await inspection.look(ruth.page, "sharing", least=PATIENT)
    await ruth.presses("Save")
    await ruth.reads("Saved. It holds from now on.")
    await expect(ruth.page.get_by_label("Amina Khan")).to_be_checked()


async def test_a_record_is_opened_in_an_emergency_reviewed_and_told_to_the_patient(
    doctor: Specialist, stranger: Specialist, officer: Staff, phone: Enter
) -> None:
    (ruth, visit), inspection = await treated(doctor, phone), Inspection()
    await opens(stranger, inspection)
    page, said = stranger.page, ("Penicillin", "Throat swells", *NOTE.values(), WHY)
    for words in said:
        await stranger.reads(words)
    await inspection.look(page, "staff-emergency-record")

    await officer.page.goto("/reviews")
    await officer.reads(WHY)
    await inspection.look(officer.page, "staff-reviews-waiting")
    await officer.page.get_by_label("Not justified").check()
    await officer.page.get_by_label("What you found").fill(FOUND)
    await officer.presses("Keep the review")
    await officer.reads("Nothing waits for a review.")
    await inspection.look(officer.page, "staff-reviews-done")
    await page.reload()
    await stranger.reads("The time for reading this record is over.")
    await expect(page.get_by_text("Penicillin")).to_have_count(0)

    await ruth.page.goto(f"/v/{visit}/seen?lang=en")
    await ruth.reads("Your health record was opened in an emergency")
    await ruth.reads(WHY)
    await inspection.look(ruth.page, "after-seen-emergency", least=PATIENT)
    await denies(ruth, inspection)
    assert inspection.wrong == []
