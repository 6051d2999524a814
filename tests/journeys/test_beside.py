"""More than faces: the specialist's screen on the patient's phone, and a body heard beside the voice."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist, meet

pytestmark = [pytest.mark.journey]


async def test_a_screen_is_shown_large_and_a_body_is_heard(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    doctor = specialist.known["name"]
    await specialist.presses("Share screen")
    await specialist.is_told("The others see your screen")
    await patient.looks_at(f"Screen of {doctor}")
    inspection = Inspection()
    await inspection.look(patient.page, "call-shared", least=PATIENT)

    await patient.presses("More")
    microphone = patient.page.get_by_label("Microphone for heart and lungs")
    await microphone.select_option(index=1)
    await expect(specialist.page.get_by_role("heading", name="Body sound")).to_be_visible(timeout=IN_CALL)
    loud = "one => Number(one.value) > 0"
    level = specialist.page.get_by_role("meter", name="Loudness")
    await specialist.page.wait_for_function(loud, arg=await level.element_handle(), timeout=IN_CALL)
    await inspection.look(specialist.page, "consult-shared", least=STAFF)
    await microphone.select_option("None")
    await expect(level).to_be_hidden(timeout=IN_CALL)

    await specialist.presses("Stop sharing")
    await expect(patient.page.get_by_label(f"Screen of {doctor}")).to_have_count(0, timeout=IN_CALL)
    await expect(specialist.page.get_by_role("button", name="Share screen")).to_be_visible()
    assert inspection.wrong == []
