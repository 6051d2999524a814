"""A line is checked on a page of its own and in the visit; patient and clinic read what is advised."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import Patient, Specialist

pytestmark = [pytest.mark.journey]
CHECKED = 40_000
"""Milliseconds for a check with the start of its far end, on two busy cores; else it takes ten seconds."""
GOOD, SOUND = "Your internet is good for video.", "Sound comes first in your call."
ADVISED = {GOOD: "good for video", SOUND: "sound only advised"}
"""What the patient reads, and what the clinic does: how wide the line is on a busy machine is left open."""


def advice(page: Page) -> Locator:
    return page.locator("[data-checked]:is([data-checked=video], [data-checked=sound])").filter(visible=True)


async def test_what_a_check_in_the_visit_advises_is_read_by_patient_and_clinic(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    inspection = Inspection()
    await patient.checks()
    await patient.presses("Test my internet")
    await expect(advice(patient.page)).to_be_visible(timeout=CHECKED)
    said = await advice(patient.page).inner_text()
    theirs = next(re.compile(f"Line checked .*: {ADVISED[each]}") for each in ADVISED if each in said)
    await inspection.look(patient.page, "check-of-the-line", least=PATIENT)
    await specialist.opens_visit(booked.visit)
    await expect(specialist.page.locator("#consult [data-fill=checked]")).to_have_text(theirs)
    await inspection.look(specialist.page, "staff-consult-checked")
    await specialist.page.locator("#consult [data-do=clinic]").click()
    await expect(specialist.row(booked.visit).locator("[data-fill=checked]")).to_have_text(theirs)
    assert inspection.wrong == []
    assert patient.troubles == specialist.troubles == []


async def test_the_test_of_a_phone_is_kept_on_the_page_of_a_visit_only(
    patient: Patient, booked: Booked, phone: Enter
) -> None:
    inspection = Inspection()
    bo = await phone()
    await bo.page.goto("/test?lang=en")
    await bo.presses("Use sound only")
    await bo.reads(SOUND, timeout=CHECKED)
    await expect(bo.page.locator("[data-only=kept]")).to_be_hidden()
    await patient.checks()
    await patient.page.goto(f"/v/{booked.visit}/test?lang=ar")
    await patient.page.locator("[data-do=both]").click()
    await expect(advice(patient.page)).to_be_visible(timeout=CHECKED)
    await expect(patient.page.locator("[data-only=kept]")).to_be_visible()
    await inspection.look(patient.page, "test-of-a-visit", least=PATIENT)
    assert inspection.wrong == []
    assert bo.troubles == patient.troubles == []
