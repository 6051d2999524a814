"""The whole path as people walk it: link, waiting room, Admit, both pictures, note, signature, record."""

import pytest
from playwright.async_api import expect

from tests.journeys.people import IN_CALL, Patient, Specialist

pytestmark = [pytest.mark.journey]


async def test_a_patient_presses_a_link_and_the_note_ends_in_the_record(
    specialist: Specialist, patient: Patient
) -> None:
    page = specialist.page
    await patient.goes_to_the_waiting_room()
    await specialist.admit(patient.visit)
    await specialist.looks_at("Picture of")
    await patient.looks_at("Picture of")
    await page.screenshot(path="/tmp/consult0.png")
    await patient.page.screenshot(path="/tmp/call.png")
    await specialist.confirm()
    await page.get_by_label("History", exact=True).fill("Palpitations for 3 weeks, worse at night.")
    await page.get_by_label("Findings", exact=True).fill("Pulse regular, 76.")
    await page.get_by_label("Assessment", exact=True).fill("Benign extrasystoles.")
    await page.get_by_label("Plan", exact=True).fill("Reassure. Less coffee.")
    await expect(page.get_by_text("Saved", exact=False).first).to_be_visible(timeout=IN_CALL)
    await page.get_by_role("button", name="Sign and send").click()
    await expect(page.get_by_text("In the shared record", exact=False).first).to_be_visible(timeout=IN_CALL)
    await page.get_by_role("button", name="End visit").click()
    await expect(patient.page.get_by_role("heading", name="Your visit has ended")).to_be_visible(timeout=IN_CALL)
    await page.screenshot(path="/tmp/consult.png")
    await patient.page.screenshot(path="/tmp/after.png")
    assert specialist.troubles == []
    assert patient.troubles == []
