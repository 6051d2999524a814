"""What stands over a small picture keeps apart: on a phone and a tablet, with guests and in the dark."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import STAFF, Inspection
from tests.journeys.people import DESK, IN_CALL, PHONE, Patient, Specialist, meet
from tests.journeys.test_guests_in_view import FREE, invited
from tests.journeys.test_words import lines, types

pytestmark = [pytest.mark.journey]
TABLET = {"width": 768, "height": 1024}
LONG = "Maximiliane Henriette von Hohenstein-Wassermann"

APART = """([one, other]) => {
  const seen = (place) => {
    const box = place.getBoundingClientRect();
    if (place.matches("video")) return box;
    const range = document.createRange();
    range.selectNodeContents(place);
    const words = range.getBoundingClientRect();
    const side = (name, limit) => limit(box[name], words[name]);
    return {
      left: side("left", Math.max), right: side("right", Math.min),
      top: side("top", Math.max), bottom: side("bottom", Math.min),
    };
  };
  const [a, b] = [seen(one), seen(other)];
  return a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
}"""
"""Whether what is seen of two places, words or pictures, lies beside or below each other."""
WHOLE = """(one) => one.scrollWidth <= one.clientWidth + 1 && one.scrollHeight <= one.clientHeight + 1"""
ENDS = """(one) => {
  const style = getComputedStyle(one.parentElement);
  const room = one.parentElement.getBoundingClientRect().right - parseFloat(style.paddingRight);
  return Math.abs(room - one.getBoundingClientRect().right);
}"""
"""Pixels between where something ends and where the row that it stands in does."""


async def apart(page: Page, one: str, other: str) -> None:
    """The words of two places, or words and a picture, do not lie over each other."""
    places = [await page.locator(each).element_handle() for each in (one, other)]
    assert await page.evaluate(APART, places), f"{one} lies over {other}"


async def sized(page: Page, size: dict[str, int]) -> None:
    await page.set_viewport_size(size)  # type: ignore[arg-type]


async def dark_and_mute(patient: Patient) -> None:
    await patient.presses("Mute me")
    await patient.presses("Hide me")


async def let_in(specialist: Specialist, booked: Booked, phone: Enter) -> None:
    """An interpreter with a long name comes into the call."""
    _, link = await invited(specialist, booked, LONG)
    guest = await phone(link)
    await guest.waits()
    button, removes = (specialist.page.get_by_role("button", name=name) for name in ("Let in", "Remove"))
    place = await button.bounding_box(timeout=IN_CALL)
    await button.click()
    await expect(button).to_be_hidden()
    assert place is not None
    assert await hit(removes, place["x"] + place["width"] / 2, place["y"] + place["height"] / 2) is False
    await specialist.looks_at(f"Picture of {LONG}")


async def hit(place: Locator, x: float, y: float) -> bool:
    """Whether a press there would press this."""
    asked = "(one, [x, y]) => one.contains(document.elementFromPoint(x, y))"
    return bool(await place.evaluate(asked, [x, y]))


async def test_a_guests_name_and_part_are_both_read_on_a_small_screen(
    specialist: Specialist, patient: Patient, booked: Booked, phone: Enter
) -> None:
    await meet(specialist, patient, booked.visit)
    await let_in(specialist, booked, phone)
    page, inspection = specialist.page, Inspection()
    tile, part = ".guest bdi", ".guest small"
    for size in (PHONE, TABLET):
        await sized(page, size)
        await apart(page, tile, part)
        assert await page.locator(part).evaluate(WHOLE)
        await page.locator(".guest button").click()
        await apart(page, ".guest bdi", "#consult .far")
        await apart(page, ".guest small", "#consult .far")
        await apart(page, ".guest bdi", ".guest small")
        await expect(page.locator(".guest bdi")).to_be_in_viewport(ratio=1)
        await page.locator(".guest button").click(position={"x": 60, "y": 56})
    await sized(page, DESK)
    await inspection.look(page, "consult-guest-long-en", least=STAFF)
    await patient.page.locator(".guest button").click()
    await expect(patient.page.locator(".guest bdi")).to_be_in_viewport(ratio=1)
    assert inspection.wrong == []


async def test_what_a_dark_picture_says_is_not_covered(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await dark_and_mute(patient)
    await specialist.presses("Camera off")
    page = specialist.page
    await expect(page.locator("#consult [data-sentence]")).to_contain_text("microphone off")
    await expect(page.locator("#consult [data-blank]")).to_contain_text("camera off")
    for size in (PHONE, TABLET):
        await sized(page, size)
        await apart(page, "#consult [data-sentence]", "#consult [data-blank]")
        assert await page.locator("#consult .own-frame").evaluate(WHOLE)


async def test_the_last_control_stands_at_the_end_of_its_row(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    """A step away from the others: whoever wants "More" does not leave."""
    await meet(specialist, patient, booked.visit)
    await expect(patient.button("More")).to_be_visible(timeout=IN_CALL)
    await sized(specialist.page, PHONE)
    for button in (patient.button("Leave"), specialist.button("End visit")):
        assert await button.evaluate(ENDS) <= 1


async def test_the_field_to_write_in_stays_in_view_however_much_is_written(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await specialist.presses("Type caption")
    await patient.presses("Words")
    for number in range(1, 9):
        await types(specialist, f"{number}. How long have you had the cough, and when is it worst?")
    await expect(lines(patient)).to_have_count(8)
    field = patient.page.get_by_label("Write to the doctor")
    await expect(field).to_be_in_viewport(ratio=1)
    assert await field.evaluate(FREE)
    await expect(lines(patient).last).to_be_in_viewport()


async def test_the_way_back_to_the_list_ends_the_bar(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    back = specialist.page.locator("#consult [data-do=clinic]")
    await specialist.confirms()
    await expect(specialist.page.locator("#saved")).to_be_hidden()
    await sized(specialist.page, PHONE)
    assert await back.evaluate(ENDS) <= 1
    await specialist.writes(history="Cough for three weeks.")
    await specialist.sees_saved()
    for size in (PHONE, TABLET, DESK):
        await sized(specialist.page, size)
        assert await back.evaluate(ENDS) <= 1
