"""A whole visit without a pointer on either side, by what the accessibility tree says."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.by_keyboard import Heard, Reader
from tests.journeys.conftest import Enter
from tests.journeys.people import SOON, Patient, Specialist

pytestmark = [pytest.mark.journey]


async def goes_to_the_waiting_room(patient: Patient, reader: Reader, doctor: str) -> None:
    await patient.opens_link()
    await patient.reads(f"Your video visit with {doctor}")
    await reader.presses("Use microphone and camera")
    await reader.hears_heading("Can you see and hear yourself?")
    await reader.presses("Go to the waiting room")
    await reader.hears_heading("You are in the waiting room")


async def admits(specialist: Specialist, reader: Reader, visit: str) -> None:
    await specialist.opens_clinic()
    await specialist.finds(visit)
    await reader.reaches("button", "Admit", within=f"tr[data-visit='{visit}']")
    assert await reader.focus() == Heard("button", "Admit", "Lindqvist, Bo")
    await specialist.page.keyboard.press("Enter")


async def writes_and_signs(specialist: Specialist, reader: Reader) -> None:
    await reader.ticks("Full name")
    await reader.ticks("Date of birth")
    await reader.types("Where is the patient now?", "At home")
    await reader.types("Call-back number", "+493005550201")
    await reader.presses("Confirm and open the note")
    await reader.types("History", "Palpitations.")
    await reader.types("Plan", "Less coffee.")
    await reader.reaches("combobox", "Outcome")
    await specialist.page.keyboard.type("Follow-up by video")
    await specialist.sees_saved()
    await reader.presses("Sign and send")
    await specialist.reads("In the shared record, version 1")


async def test_a_visit_without_a_pointer_on_either_side(
    specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    doctor, patient = specialist.known["name"], await phone()
    at_home, at_desk = await Reader.on(patient.page), await Reader.on(specialist.page)
    await goes_to_the_waiting_room(patient, at_home, doctor)
    await admits(specialist, at_desk, booked.visit)
    await patient.looks_at(f"Picture of {doctor}")
    await specialist.looks_at("Picture of Bo Lindqvist")
    await at_home.presses("Mute me")
    await patient.is_told("You are muted")
    await at_home.reaches("button", "Unmute me")
    await writes_and_signs(specialist, at_desk)
    await at_desk.presses("End visit", back=True)
    await expect(patient.page.get_by_role("heading", name="Your visit has ended")).to_be_visible(timeout=SOON)
    await at_home.hears_heading("Your visit has ended.")
    assert [specialist.troubles, patient.troubles] == [[], []]
