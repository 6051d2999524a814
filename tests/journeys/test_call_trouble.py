"""What the own devices may do in the middle of a call: a phone call, a pulled plug."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.people import Patient, Specialist, meet
from tests.journeys.watching import hears

pytestmark = [pytest.mark.journey]

HAPPENS = """([kind, event]) => {
  const tracks = document.querySelector("[data-own]").srcObject.getTracks();
  const track = tracks.find((each) => each.kind === kind);
  if (event === "ended") track.stop();
  track.dispatchEvent(new Event(event));
}"""
"""What a browser tells a page about an own track; a pulled plug stops it as well."""

PAUSED = "The phone call paused your video. Tap to continue"


async def test_after_a_phone_call_one_tap_goes_on(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await expect(patient.button("Use phone")).to_be_visible()
    await patient.page.evaluate(HAPPENS, ["audio", "mute"])
    await patient.is_told(PAUSED)
    await patient.presses(PAUSED)
    await expect(patient.button(PAUSED)).to_be_hidden()
    await hears(specialist.page)
    await specialist.looks_at("Picture of Bo Lindqvist")
    await patient.page.wait_for_timeout(
        3500
    )  # the measure is a time: for so long the new sound is listened to
    await expect(patient.button("Mute me")).to_be_visible()
    assert specialist.troubles == []
    assert patient.troubles == []


async def test_a_camera_that_is_pulled_out_is_replaced_on_either_side(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await expect(patient.button("Use phone")).to_be_visible()
    await patient.page.evaluate(HAPPENS, ["video", "ended"])
    await patient.reads("We now use another camera or microphone.")
    await specialist.looks_at("Picture of Bo Lindqvist")
    await specialist.page.evaluate(HAPPENS, ["video", "ended"])
    await specialist.reads("Another camera or microphone is used now.")
    await patient.looks_at("Picture of ")
    assert specialist.troubles == []
    assert patient.troubles == []
