"""In the call: sound only by choice and back, how the line is in words, and a photo that is asked for."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Person, Specialist, meet

pytestmark = [pytest.mark.journey]
LOADED = 15_000

STILL = """async () => {
  const sum = async () => {
    let frames = 0;
    for (const peer of window.__peers) for (const stat of (await peer.getStats()).values()) {
      if (stat.type === "inbound-rtp" && stat.kind === "video") frames += stat.packetsReceived;
      if (stat.type === "outbound-rtp" && stat.kind === "video") frames += stat.packetsSent;
    }
    return frames;
  };
  const before = await sum();
  await new Promise((go) => setTimeout(go, 1500));
  return (await sum()) === before;
}"""
"""Whether not one packet of a picture goes or comes."""


def least(person: Person) -> int:
    """How high what is touched must be on somebody's page."""
    return PATIENT if isinstance(person, Patient) else STAFF


async def opens_more(person: Person) -> None:
    name = "More" if isinstance(person, Patient) else "Devices"
    await person.presses(name)
    await expect(person.page.locator("details[data-line]")).to_be_visible(timeout=LOADED)


async def no_picture_moves(page: Page) -> None:
    await page.wait_for_function(STILL, timeout=IN_CALL, polling=100)


@pytest.mark.parametrize("chooses", ["patient", "specialist"])
async def test_sound_only_stops_both_pictures_and_both_come_back(
    specialist: Specialist, patient: Patient, booked: Booked, chooses: str
) -> None:
    await meet(specialist, patient, booked.visit)
    people: dict[str, Person] = {"patient": patient, "specialist": specialist}
    one = people.pop(chooses)
    (other,) = people.values()
    await opens_more(one)
    await one.page.locator("dialog[data-more]").get_by_role("button", name="Use sound only").click()
    await one.is_told("You use sound only.")
    await other.reads("uses sound only now, to spare the line.", timeout=IN_CALL)
    for person in (one, other):
        await no_picture_moves(person.page)
    await one.reads("No picture is sent or received.")
    inspection = Inspection()
    await inspection.look(one.page, f"call-sound-only-{chooses}", least=least(one))
    await inspection.look(other.page, f"call-sound-only-told-{chooses}", least=least(other))

    if chooses == "patient":
        await patient.page.reload()
        await other.reads("uses sound only now, to spare the line.", timeout=IN_CALL)
        await one.reads("No picture is sent or received.", timeout=IN_CALL)
        await no_picture_moves(one.page)
    await one.presses("Show the picture again")
    await other.is_told("wants pictures again.")
    for person in (one, other):
        await person.looks_at("Picture of ")
    await expect(one.words("No picture is sent or received.")).to_have_count(0)
    assert inspection.wrong == []
    assert one.troubles == other.troubles == []


async def test_show_me_after_sound_only_brings_both_pictures_back(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await opens_more(patient)
    await patient.page.locator("dialog[data-more]").get_by_role("button", name="Use sound only").click()
    await no_picture_moves(patient.page)
    await patient.presses("Show me")
    for person in (specialist, patient):
        await person.looks_at("Picture of ")


async def test_how_the_line_is_stands_in_plain_words_on_both_sides(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    inspection = Inspection()
    for person, other in ((patient, specialist.known["name"]), (specialist, "Bo")):
        await opens_more(person)
        await person.page.get_by_text("How is the line?").click()
        await person.reads("Your line is good.", timeout=IN_CALL)
        line = person.page.locator("[data-fill=line-far]")
        await expect(line).to_contain_text("The line of " + other)
        await expect(line).to_contain_text("is good.")
        side = "patient" if person is patient else "specialist"
        await inspection.look(person.page, f"call-line-{side}", least=least(person))
        await person.presses("Back to the call")
    assert inspection.wrong == []


@pytest.mark.parametrize("hidden", [False, True], ids=["seen", "hidden"])
async def test_a_photo_that_is_asked_for_is_taken_by_one_press(
    specialist: Specialist, patient: Patient, booked: Booked, hidden: bool
) -> None:
    await meet(specialist, patient, booked.visit)
    ask = specialist.button("Ask for a photo")
    await expect(ask).to_be_visible(timeout=LOADED)
    await expect(patient.page.locator("[data-take-still]")).to_be_attached(timeout=LOADED)
    if hidden:
        await patient.presses("Hide me")
    await ask.click()
    await specialist.is_told("The patient is asked.")
    await patient.is_told("The doctor asks you for a photo.")
    inspection = Inspection()
    await inspection.look(patient.page, f"call-photo-{hidden}", least=PATIENT)
    await patient.presses("Take the photo")
    await expect(patient.button("Take the photo")).to_be_hidden()
    picture = specialist.page.locator("[data-files] img")
    await expect(picture).to_have_js_property("complete", value=True, timeout=IN_CALL)
    assert await picture.evaluate(COLOURS) > DARK
    await expect(specialist.page.locator("[data-photo-said]")).to_have_text("")
    await inspection.look(specialist.page, f"consult-photo-{hidden}", least=STAFF)
    assert inspection.wrong == []


DARK = 20
COLOURS = """(image) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const drawn = canvas.getContext("2d");
  drawn.drawImage(image, 0, 0);
  const { data } = drawn.getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, one, at) => (at % 4 === 3 ? sum : sum + one), 0) / (data.length * 0.75);
}"""
"""How bright a picture is on average: a camera that is turned off gives black."""


async def test_a_photo_may_be_refused_and_who_came_by_sound_only_can_take_one(
    specialist: Specialist, booked: Booked, phone: Enter
) -> None:
    patient = await phone()
    await meet(specialist, patient, booked.visit, picture=False)
    ask = specialist.button("Ask for a photo")
    await expect(ask).to_be_visible(timeout=LOADED)
    await expect(patient.page.locator("[data-take-still]")).to_be_attached(timeout=LOADED)
    await ask.click()
    await patient.presses("Not now")
    await specialist.reads("The patient does not want to take a photo now.")
    await ask.click()
    await patient.presses("Take the photo")
    picture = specialist.page.locator("[data-files] img")
    await expect(picture).to_have_js_property("complete", value=True, timeout=IN_CALL)
    assert await picture.evaluate(COLOURS) > DARK


async def test_a_camera_that_cannot_be_used_says_so_on_both_pages(
    specialist: Specialist, booked: Booked, phone: Enter
) -> None:
    patient = await phone()
    await meet(specialist, patient, booked.visit, picture=False)
    ask = specialist.button("Ask for a photo")
    await expect(ask).to_be_visible(timeout=LOADED)
    await expect(patient.page.locator("[data-take-still]")).to_be_attached(timeout=LOADED)
    await patient.page.evaluate(BLOCKED)
    await ask.click()
    await patient.presses("Take the photo")
    await patient.reads("The camera cannot be used.")
    await specialist.reads("The patient’s camera cannot be used now.")
    inspection = Inspection()
    await inspection.look(patient.page, "call-photo-blocked", least=PATIENT)
    await inspection.look(specialist.page, "consult-photo-blocked", least=STAFF)
    assert inspection.wrong == []
    await patient.page.evaluate("() => void (navigator.mediaDevices.getUserMedia = window.__media)")
    await ask.click()
    await patient.presses("Take the photo")
    picture = specialist.page.locator("[data-files] img")
    await expect(picture).to_have_js_property("complete", value=True, timeout=IN_CALL)
    await expect(patient.words("The camera cannot be used.")).to_be_hidden()
    await expect(specialist.page.locator("[data-photo-said]")).to_have_text("")


BLOCKED = """() => {
  window.__media = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
}"""
