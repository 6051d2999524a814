"""Pages are loaded again, closed and opened twice in mid-call: the call comes back, and nobody has "left"."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.people import IN_CALL, Patient, Person, Specialist, meet
from tests.journeys.watching import SOMEBODY_LEFT, moving, said

FIVE_MINUTES_LONGER = """() => {
  const [visit, began] = sessionStorage.getItem("began-visit").split(" ");
  sessionStorage.setItem("began-visit", `${visit} ${began - 300_000}`);
}"""

pytestmark = [pytest.mark.journey]


async def heard_of_nobody_leaving(*people: Person) -> None:
    for each in people:
        assert not any(SOMEBODY_LEFT.search(words) for words in await said(each.page))


async def test_the_call_survives_a_reload_on_either_side(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    doctor = f"Picture of {specialist.known['name']}"

    await patient.page.evaluate(FIVE_MINUTES_LONGER)
    await patient.page.reload()
    await patient.looks_at(doctor)
    await patient.reads(f"{specialist.known['name']} · 5:")
    await specialist.looks_at("Picture of Bo Lindqvist")
    await heard_of_nobody_leaving(specialist)

    await specialist.page.reload()
    await specialist.looks_at("Picture of Bo Lindqvist")
    await patient.looks_at(doctor)
    await heard_of_nobody_leaving(specialist, patient)
    assert specialist.troubles == []
    assert patient.troubles == []


async def test_a_second_window_takes_the_call_and_the_first_one_is_told(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    doctor = f"Picture of {specialist.known['name']}"

    second = await patient.another_window()
    await second.goto(f"/v/{booked.visit}?lang=en")
    await moving(second, doctor)
    elsewhere = patient.page.get_by_role("heading", name="Your visit is open in another window")
    await expect(elsewhere).to_be_visible(timeout=IN_CALL)
    await specialist.looks_at("Picture of Bo Lindqvist")

    await patient.presses("Go on here")
    await patient.looks_at(doctor)
    elsewhere = second.get_by_role("heading", name="Your visit is open in another window")
    await expect(elsewhere).to_be_visible(timeout=IN_CALL)
    await specialist.looks_at("Picture of Bo Lindqvist")
    await heard_of_nobody_leaving(specialist, patient)


async def test_a_patient_who_left_is_not_pulled_back_by_a_reload(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await patient.presses("Leave")
    await expect(patient.page.get_by_role("heading", name="Leave the visit?")).to_be_visible()
    await patient.presses("Stay")
    await patient.looks_at("Picture of Dr")

    await patient.presses("Leave")
    await patient.presses("Yes, leave the visit")
    await expect(patient.page.get_by_role("heading", name="You have left the visit.")).to_be_visible()
    await specialist.reads("and can come back")
    await patient.page.reload()
    await expect(patient.page.get_by_role("heading", name="You have left the visit.")).to_be_visible()

    await patient.presses("Go back to the call")
    await patient.looks_at("Picture of Dr")
    await specialist.looks_at("Picture of Bo Lindqvist")
    assert specialist.troubles == []
    assert patient.troubles == []
