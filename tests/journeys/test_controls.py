"""What the two do with microphone and camera, and what the other side reads about it."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.people import IN_CALL, Patient, Specialist, meet
from tests.journeys.watching import hears

pytestmark = [pytest.mark.journey]

SILENT = """async () => {
  const sent = async () => {
    let bytes = 0;
    for (const stat of (await window.__peers.at(-1).getStats()).values())
      if (stat.type === "outbound-rtp" && stat.kind === "video") bytes += stat.bytesSent;
    return bytes;
  };
  const before = await sent();
  await new Promise((done) => setTimeout(done, 1000));
  return (await sent()) - before;
}"""
"""Bytes of picture that leave within a second."""

VISIBILITY = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""What a phone does to a page when another app comes to its front or goes."""

REFUSING = """(() => {
  const refuse = (name) => () => Promise.reject(new DOMException("Permission denied", name));
  navigator.mediaDevices.getUserMedia = refuse("NotAllowedError");
})()"""


async def pressed(page: Page, name: str, becomes: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()
    await expect(page.get_by_role("button", name=becomes, exact=True)).to_be_visible()


async def test_each_side_reads_what_the_other_has_turned_off(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    doctor = specialist.known["name"]

    await pressed(patient.page, "Hide me", "Show me")
    await specialist.reads("Bo Lindqvist has turned the camera off.")
    assert await patient.page.evaluate(SILENT) == 0
    await pressed(patient.page, "Show me", "Hide me")
    await specialist.looks_at("Picture of Bo Lindqvist")
    await pressed(patient.page, "Mute me", "Unmute me")
    await patient.is_told("You are muted. Nobody hears you.")
    await specialist.is_told("Bo Lindqvist has turned the microphone off.")
    await specialist.reads("Bo Lindqvist has turned the microphone off.")
    await pressed(patient.page, "Unmute me", "Mute me")
    await expect(specialist.words("Bo Lindqvist has turned the microphone off.")).to_have_count(0)

    await pressed(specialist.page, "Camera off", "Camera on")
    await patient.reads(f"{doctor} has turned the camera off. You can still talk.")
    await pressed(specialist.page, "Camera on", "Camera off")
    await patient.looks_at(f"Picture of {doctor}")
    await pressed(specialist.page, "Mute", "Unmute")
    await patient.reads(f"{doctor} has turned the microphone off.")
    await pressed(specialist.page, "Unmute", "Mute")
    assert specialist.troubles == []
    assert patient.troubles == []


async def test_who_switches_to_another_app_is_told_until_they_are_back(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await patient.page.evaluate(VISIBILITY, "hidden")
    await specialist.reads("Bo Lindqvist switched to another app.")
    await specialist.is_told("Bo Lindqvist switched to another app.")
    await patient.page.evaluate(VISIBILITY, "visible")
    await expect(specialist.words("Bo Lindqvist switched to another app.")).to_have_count(0)
    assert specialist.troubles == []
    assert patient.troubles == []


async def test_a_patient_without_a_picture_is_heard(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit, picture=False)
    await specialist.reads("Bo Lindqvist takes part by sound only.")
    await hears(specialist.page)
    await hears(patient.page)
    assert specialist.troubles == []
    assert patient.troubles == []


async def test_a_blocked_camera_is_explained_and_the_clinic_sees_it(
    specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    await specialist.opens_clinic()
    patient = await phone(permissions=[])
    await patient.context.add_init_script(REFUSING)
    await patient.opens_link()
    await patient.presses("Use microphone and camera")
    blocked = patient.page.get_by_role("heading", name="We cannot use your camera yet.")
    await expect(blocked).to_be_visible(timeout=IN_CALL)
    await patient.reads("Click the sign left of the web address.")
    await patient.reads("The clinic sees that you are here and can phone you.")
    await specialist.finds(booked.visit)
    await expect(specialist.row(booked.visit)).to_contain_text("Camera blocked – phone them")
    await patient.presses("Try again")
    await expect(blocked).to_be_visible()
    assert patient.troubles == []
