"""More than faces: a screen on the patient's phone, a body heard beside the voice, a picture to keep."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist, meet

pytestmark = [pytest.mark.journey]
MARKED = """one => {
  const [mark, pad] = [".mark", ".pad"].map((each) => one.querySelector(each).getBoundingClientRect());
  return (mark.x + mark.width / 2 - pad.x) / pad.width > 0.52;
}"""
"""The mark stands right of the middle."""


async def test_a_screen_is_shown_a_body_heard_and_a_picture_kept(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    inspection = Inspection()
    await specialist.presses("Share screen")
    await specialist.is_told("The others see your screen")
    await patient.looks_at("Screen of")
    await inspection.look(patient.page, "call-shared", least=PATIENT)
    await hears_a_body(specialist, patient)
    await keeps_a_picture(specialist, patient)
    await inspection.look(specialist.page, "consult-shared", least=STAFF)
    await points(specialist, patient)
    await inspection.look(patient.page, "call-pointed", least=PATIENT)
    await specialist.presses("Close the picture")
    await expect(patient.page.locator(".frozen")).to_have_count(0)
    await specialist.presses("Stop sharing")
    await expect(patient.page.get_by_label("Screen of")).to_have_count(0, timeout=IN_CALL)
    assert inspection.wrong == []


async def hears_a_body(specialist: Specialist, patient: Patient) -> None:
    await patient.presses("More")
    await patient.page.get_by_label("Microphone for heart and lungs").select_option(index=1)
    level = specialist.page.get_by_role("meter", name="Loudness")
    await expect(level).to_be_visible(timeout=IN_CALL)
    loud = "one => Number(one.value) > 0"
    await specialist.page.wait_for_function(loud, arg=await level.element_handle(), timeout=IN_CALL)


async def keeps_a_picture(specialist: Specialist, patient: Patient) -> None:
    await specialist.confirms()
    await patient.presses("Take a picture for the doctor")
    await expect(patient.page.get_by_text("The doctor has it").first).to_be_visible(timeout=IN_CALL)
    await specialist.presses("Keep in record")
    await expect(specialist.page.locator("[data-how]")).to_have_text("kept in the record")
    await specialist.page.locator("[data-record] summary").click()
    await expect(specialist.page.locator('[data-recorded] a[href*="/files/"]')).to_have_count(1)


async def points(specialist: Specialist, patient: Patient) -> None:
    await specialist.presses("Show and point")
    for _ in range(2):
        await specialist.page.keyboard.press("ArrowRight")
    frozen = patient.page.locator(".frozen")
    await frozen.wait_for()
    await patient.page.wait_for_function(MARKED, arg=await frozen.element_handle())
