"""More than faces: a screen on the patient's phone, a body heard beside the voice, a picture to keep."""

import pytest
from playwright.async_api import FilePayload, expect

from tests.journeys.booking import Booked
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist, meet

pytestmark = [pytest.mark.journey]
MARKED = """one => {
  const [mark, pad] = [".mark", ".pad"].map((each) => one.querySelector(each).getBoundingClientRect());
  return (mark.x + mark.width / 2 - pad.x) / pad.width > 0.52;
}"""
"""The mark stands right of the middle."""

NOISE = """async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2400, 1800];
  const drawn = canvas.getContext("2d");
  for (let at = 0; at < 60000; at += 1) {
    drawn.fillStyle = `rgb(${at % 256} ${(at * 7) % 256} ${(at * 13) % 256})`;
    drawn.fillRect((at * 61) % 2400, (at * 89) % 1800, 24, 18);
  }
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
  return [...new Uint8Array(await blob.arrayBuffer())];
}"""
"""A large picture in which there is much to see."""
WATCHED = """() => {
  window.__views = [];
  const look = () => {
    for (const image of document.querySelectorAll("[data-files] img")) {
      const keep = image.closest("li").querySelector("[data-keep]");
      const note = () => window.__views.push([image.naturalWidth, keep.hidden]);
      if (image.src && image.src !== image.dataset.watched)
        image.addEventListener("load", note, { once: true });
      image.dataset.watched = image.src;
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ["src"] });
}"""
"""Keeps how wide each picture was that came, and whether it could be kept yet."""


async def test_a_large_picture_is_seen_small_before_it_is_there_whole(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await expect(specialist.button("Send a picture or a PDF")).to_be_visible(timeout=IN_CALL)
    sending = patient.page.locator("[data-file-input]")
    await expect(sending).to_be_attached(timeout=IN_CALL)
    await specialist.page.evaluate(WATCHED)
    picture = bytes(await patient.page.evaluate(NOISE))
    assert len(picture) > 1_000_000
    file: FilePayload = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture}
    await sending.set_input_files(file)
    keep = specialist.button("Keep in record")
    await expect(keep).to_be_visible(timeout=IN_CALL)
    await specialist.page.wait_for_function("() => window.__views.length === 2")
    (first, unkept), whole = await specialist.page.evaluate("window.__views")
    assert first <= 1600
    assert unkept
    assert whole == [2400, False]
    await expect(specialist.page.locator("[data-files] li")).to_have_count(1)


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
