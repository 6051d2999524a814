"""The link opened on a second phone: it waits for the specialist's word, and the call moves there."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.people import IN_CALL, Patient, Specialist, meet
from tests.journeys.test_reload import heard_of_nobody_leaving

pytestmark = [pytest.mark.journey]


async def asks(second: Patient) -> None:
    """Go to the waiting room on a phone that is not the one of the call."""
    await second.checks()
    await second.presses("Go to the waiting room")
    opened = second.page.get_by_role("heading", name="You opened this visit on another phone or computer.")
    await expect(opened).to_be_visible(timeout=IN_CALL)
    await second.reads("The clinic will let you in here.")


async def test_a_second_phone_is_let_in_and_the_call_goes_on_there(
    specialist: Specialist, patient: Patient, phone: Enter, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    doctor = f"Picture of {specialist.known['name']}"
    second = await phone()
    await asks(second)
    await patient.looks_at(doctor)

    await specialist.reads("Opened on a second device")
    await specialist.presses("Let it in")
    await second.looks_at(doctor)
    await specialist.looks_at("Picture of Bo Lindqvist")
    moved = patient.page.get_by_role("heading", name="You went on with another device.")
    await expect(moved).to_be_visible(timeout=IN_CALL)
    await expect(specialist.button("Let it in")).to_be_hidden()
    await heard_of_nobody_leaving(specialist, second)

    await second.page.reload()
    await second.looks_at(doctor)
    for person in (specialist, patient, second):
        assert person.troubles == []


async def test_a_strangers_phone_is_turned_away_and_the_call_goes_on(
    specialist: Specialist, patient: Patient, phone: Enter, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    second = await phone()
    second.watch.forgives("401")
    await asks(second)
    await specialist.presses("Not the patient")
    gone = second.page.get_by_role("heading", name="This link does not open a visit")
    await expect(gone).to_be_visible(timeout=IN_CALL)
    await patient.looks_at(f"Picture of {specialist.known['name']}")
    await heard_of_nobody_leaving(specialist, patient)


async def test_a_second_phone_in_the_waiting_room_takes_the_place_in_line(
    specialist: Specialist, patient: Patient, phone: Enter, booked: Booked
) -> None:
    await specialist.opens_clinic()
    await patient.waits()
    await specialist.finds(booked.visit)
    second = await phone()
    await asks(second)
    row = specialist.row(booked.visit)
    await expect(row.get_by_text("Opened on a second device")).to_be_visible(timeout=IN_CALL)
    await row.get_by_role("button", name="Let it in").click()
    waiting = second.page.get_by_role("heading", name="You are in the waiting room")
    await expect(waiting).to_be_visible(timeout=IN_CALL)
    await row.get_by_role("button", name="Admit").click()
    await second.looks_at(f"Picture of {specialist.known['name']}")
    await specialist.looks_at("Picture of Bo Lindqvist")
