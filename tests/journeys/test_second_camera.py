"""A second camera at the same time as the first: both are seen, and one without a picture is named."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Playwright, expect

from tests.journeys.booking import Booked
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist, meet
from tests.services.chromium import DEVICES, lasting, launched

pytestmark = [pytest.mark.journey]
THIRD = "fake_device_2"

DECODED = """async (label) => {
  const found = [];
  for (const video of document.querySelectorAll("video")) {
    if (!video.checkVisibility() || !video.getAttribute("aria-label")?.startsWith(label)) continue;
    const track = video.srcObject?.getVideoTracks()[0]?.id;
    for (const peer of window.__peers) for (const stat of (await peer.getStats()).values())
      if (stat.type === "inbound-rtp" && stat.trackIdentifier === track) found.push(stat.framesDecoded ?? 0);
  }
  return found;
}"""
"""How many frames have come in of what is shown under a name."""
GROWS = f"""async (label) => {{
  const look = {DECODED};
  const [before = -1] = await look(label);
  await new Promise((go) => setTimeout(go, 2000));
  const [after = -1] = await look(label);
  return before >= 0 && after > before;
}}"""
DARK = """(() => {
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (wanted) => {
    if (!window.__dark || !wanted.video?.deviceId) return ask(wanted);
    (await ask(wanted)).getTracks().forEach((track) => track.stop());
    return new MediaStream([document.createElement("canvas").captureStream(0).getVideoTracks()[0]]);
  };
})()"""
"""A camera that opens and never gives a picture, as one does whose cable is broken."""


@lasting
async def browser(driver: Playwright, chromium_path: str) -> AsyncIterator[Browser]:
    """Chromium on machines with three cameras."""
    async with launched(driver, chromium_path, devices=f"{DEVICES}=device-count=3,fps=10") as started:
        yield started


async def test_the_other_side_sees_both_cameras_at_once(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    inspection = Inspection()
    await patient.presses("More")
    second = patient.page.get_by_label("Second camera")
    await expect(second).to_be_visible(timeout=IN_CALL)
    await second.select_option(label=THIRD)
    await patient.is_told("The doctor sees your second camera now.")
    for label in ("Second camera of ", "Picture of "):
        await specialist.page.wait_for_function(GROWS, arg=label, timeout=IN_CALL, polling=100)
    await expect(second.locator("option:checked")).to_have_text(THIRD)
    await inspection.look(patient.page, "call-second-camera", least=PATIENT)
    await inspection.look(specialist.page, "consult-second-camera", least=STAFF)

    await second.select_option(label="None")
    await expect(specialist.page.get_by_label("Second camera of ")).to_have_count(0, timeout=IN_CALL)
    await specialist.looks_at("Picture of ")
    assert inspection.wrong == []
    assert patient.troubles == specialist.troubles == []


async def test_a_camera_without_a_picture_is_named_and_not_sent(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await patient.context.add_init_script(DARK)
    await meet(specialist, patient, booked.visit)
    await patient.presses("More")
    second = patient.page.get_by_label("Second camera")
    await expect(second).to_be_visible(timeout=IN_CALL)
    await patient.page.evaluate("window.__dark = true")
    await second.select_option(label=THIRD)
    await patient.reads("This camera gives no picture.")
    await expect(second.locator("option:checked")).to_have_text("None")
    await expect(specialist.page.get_by_label("Second camera of ")).to_have_count(0)
    await patient.page.evaluate("window.__dark = false")
    await second.select_option(label=THIRD)
    await specialist.looks_at("Second camera of ")
    await expect(patient.words("This camera gives no picture.")).to_have_count(0)
