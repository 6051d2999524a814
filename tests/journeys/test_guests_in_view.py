"""Guests of a call stay in view of the specialist: who waits, the form to invite, names below a caption."""

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import STAFF, Inspection
from tests.journeys.people import DESK, IN_CALL, Patient, Person, Specialist, meet
from tests.journeys.test_words import caption, types

pytestmark = [pytest.mark.journey]
LYING = {"width": 740, "height": 360}
"""A phone held sideways."""

FREE = """(one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


async def in_view(place: Locator) -> None:
    """It is in sight, and nothing lies over it."""
    await expect(place).to_be_in_viewport(ratio=1)
    assert await place.evaluate(FREE)


async def apart(person: Person) -> None:
    """What is written large covers no guest's name."""
    words, name = caption(person), person.page.locator(".guest bdi")
    await expect(words).to_be_visible()
    one, other = await words.bounding_box(), await name.bounding_box()
    assert one is not None
    assert other is not None
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    above = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
    assert beside or above, f"{one} over {other}"


async def invited(specialist: Specialist, booked: Booked, name: str) -> tuple[str, str]:
    """Somebody is invited by the API; returns their id and their link."""
    body = {"name": name, "kind": "interpreter"}
    made = await specialist.asks("POST", f"/api/v1/visits/{booked.visit}/guests", body)
    return made["guest"]["id"], made["url"]


async def test_who_waits_while_captions_are_typed_is_said_on_invite_and_let_in_from_there(
    specialist: Specialist, patient: Patient, booked: Booked, phone: Enter
) -> None:
    await meet(specialist, patient, booked.visit)
    await specialist.presses("Type caption")
    _, link = await invited(specialist, booked, "Noor")
    await (await phone(link)).waits()
    await patient.is_told("Noor is waiting to come in. The doctor lets them in.", IN_CALL)
    await patient.reads("Noor is waiting to come in.")
    invite = specialist.page.locator("#consult [data-do=invite]")
    await expect(invite).to_have_accessible_name("Invite Waiting: 1", timeout=IN_CALL)
    inspection = Inspection()
    await inspection.look(specialist.page, "call-guest-waits-en", least=STAFF)
    await invite.click()
    let_in = specialist.page.locator("#guests").get_by_role("button", name="Let in")
    await expect(let_in).to_be_focused()
    await in_view(let_in)
    await let_in.press("Enter")
    await expect(invite).to_have_accessible_name("Invite", timeout=IN_CALL)
    await specialist.looks_at("Picture of Noor")

    await types(specialist, "Any fever?")
    for size in (DESK, {"width": 768, "height": 1024}, LYING, {"width": 360, "height": 740}):
        await specialist.page.set_viewport_size(size)  # type: ignore[arg-type]
        await apart(specialist)
    await specialist.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await inspection.look(specialist.page, "call-guest-caption-en", least=STAFF)
    await types(specialist, "And a cough?")
    for size in (DESK, LYING):
        await patient.page.set_viewport_size(size)  # type: ignore[arg-type]
        await apart(patient)
    assert inspection.wrong == []


async def test_the_form_to_invite_with_comes_into_view_and_goes_with_the_second_press(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    name = specialist.page.locator("#guests").get_by_label("Name")
    for _ in range(2):
        await specialist.presses("Invite")
        await expect(name).to_be_focused()
        for place in (name, specialist.button("Make a link")):
            await in_view(place)
        await specialist.presses("Invite")
        await expect(name).to_be_hidden()
