"""By phone instead of video: from every page where somebody may be stuck, up to a signed note."""

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import IN_CALL, LIVE, Patient, Specialist, meet
from tests.journeys.test_patient_pages import at, do

pytestmark = [pytest.mark.journey]
OTHER = "+49 30 555 0999"
HIDDEN = "•••• 0201"
LITTLE = 100
"""Pixels for the words that stand where there is no picture."""


async def asks(patient: Patient, number: str = "") -> None:
    """Ask to be phoned, on the number on file or on another one."""
    await patient.presses("Phone me instead")
    if number:
        await patient.page.get_by_label("Another number").fill(number)
        await patient.presses("Call me on this number")
    else:
        await patient.presses(f"Call me on {HIDDEN}")
    await at(patient.page, "phoned")


async def phones(specialist: Specialist, row: Locator) -> None:
    """Who asks for it is phoned: that is the main act of their row."""
    await expect(row.get_by_role("button", name="Admit")).to_be_hidden()
    await row.get_by_role("button", name="Phone", exact=True).click()
    await specialist.presses("Begin by phone")


async def test_a_visit_by_phone_from_the_first_page_to_the_signed_note(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await specialist.opens_clinic()
    await patient.opens_link()
    await asks(patient, OTHER)
    await patient.reads("The clinic will call you")
    await patient.reads(OTHER)

    await specialist.finds(booked.visit)
    row = specialist.row(booked.visit)
    await expect(row).to_contain_text("Asks to be phoned", timeout=LIVE)
    await specialist.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await row.get_by_role("button", name=f"Copy {OTHER}").click()
    assert await specialist.page.evaluate("navigator.clipboard.readText()") == OTHER
    await phones(specialist, row)
    await patient.reads("The doctor will call you in a moment")
    await patient.is_told("The doctor will call you in a moment")
    await expect(patient.words("You keep your place")).to_have_count(0)
    await specialist.reads("This visit is by phone.")
    stage = await specialist.page.locator("#consult .stage").bounding_box()
    assert stage is not None
    assert stage["height"] <= LITTLE
    await expect(specialist.page.get_by_label("Call-back number")).to_have_value(OTHER)
    await specialist.confirms()
    await specialist.writes(history="Cough for 3 weeks.", plan="Rest.")
    await specialist.page.get_by_label("Outcome").select_option("no-follow-up")
    await specialist.sees_saved()
    await specialist.presses("Sign and send")
    await specialist.reads("In the shared record")
    await specialist.presses("End visit")
    await patient.reads("Your visit has ended.")
    assert specialist.troubles == []
    assert patient.troubles == []


async def is_not_missed_unasked(specialist: Specialist, row: Locator) -> None:
    """Who is on the page is not struck off by one press beside another button."""
    await expect(row).to_contain_text("Testing camera", timeout=LIVE)
    await row.get_by_role("button", name="Did not attend").click()
    asked = specialist.page.get_by_role("dialog", name="Note that they did not attend?")
    await expect(asked).to_contain_text("Lindqvist, Bo")
    await specialist.page.keyboard.press("Escape")
    await expect(row).to_contain_text("Testing camera")


async def test_who_cannot_come_by_video_is_phoned_by_the_clinic(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await specialist.opens_clinic()
    await patient.opens_link()
    await patient.presses("Use microphone and camera")
    await specialist.finds(booked.visit)
    row, asked = (
        specialist.row(booked.visit),
        specialist.page.get_by_role("dialog", name="Phone this patient?"),
    )
    await is_not_missed_unasked(specialist, row)
    button = row.get_by_role("button", name="Phone", exact=True)
    await button.click()
    await expect(asked).to_contain_text("Bo Lindqvist")
    await expect(asked).to_contain_text("+493005550201")
    await specialist.page.keyboard.press("Escape")
    await expect(asked).to_be_hidden()
    await expect(button).to_be_focused()
    assert (await specialist.asks("GET", f"/api/v1/visits/{booked.visit}"))["visit"]["status"] == "arrived"
    await specialist.page.keyboard.press("Enter")
    await expect(asked.get_by_role("button", name="Begin by phone")).to_be_focused()
    await specialist.page.keyboard.press("Enter")
    await specialist.reads("This visit is by phone.")
    await specialist.reads("+493005550201")
    await patient.presses("Go to the waiting room")
    await patient.reads("The doctor will call you in a moment")
    await specialist.confirms()
    await specialist.writes(history="No camera.", plan="Rest.")
    await specialist.sees_saved()
    assert specialist.troubles == []
    assert patient.troubles == []


async def test_a_number_that_is_none_is_asked_for_again(patient: Patient) -> None:
    await patient.opens_link()
    await patient.presses("Phone me instead")
    await patient.page.get_by_label("Another number").fill("my number")
    await patient.presses("Call me on this number")
    await expect(patient.page.get_by_role("alert")).to_contain_text("Please check the number")
    await expect(patient.page.get_by_label("Another number")).to_be_focused()
    await patient.page.get_by_label("Another number").fill(OTHER)
    await patient.presses("Call me on this number")
    await patient.reads(OTHER)
    patient.watch.forgives("422")
    assert patient.troubles == []


async def test_the_wish_outlives_a_reload_and_is_taken_back(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    page = patient.page
    await patient.waits()
    await asks(patient)
    await specialist.opens_visit(booked.visit)
    await expect(specialist.page.locator("#consult")).to_contain_text("To be phoned: Copy +493005550201")
    await page.reload()
    await at(page, "phoned")
    await patient.reads(HIDDEN)
    await patient.presses("Use video instead")
    await page.get_by_role("heading", name="You are in the waiting room").wait_for(timeout=IN_CALL)
    await expect(specialist.words("To be phoned:")).to_have_count(0, timeout=LIVE)
    await specialist.admits()
    await patient.looks_at(f"Picture of {specialist.known['name']}")
    assert specialist.troubles == []
    assert patient.troubles == []


async def test_the_check_leads_to_the_phone_and_back(patient: Patient) -> None:
    await patient.checks()
    await patient.presses("Phone me instead")
    await at(patient.page, "phone")
    await patient.presses("Go back")
    await at(patient.page, "check")
    await asks(patient)
    assert patient.troubles == []


async def test_a_lost_call_goes_over_to_the_phone(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    button = patient.button("Phone me instead")
    await expect(button).to_be_hidden()
    await specialist.page.evaluate("window.__peers.at(-1).close()")
    await expect(button).to_be_visible(timeout=IN_CALL)
    await button.click()
    await patient.reads("The video stops, and the doctor calls you.")
    await expect(patient.words("your place")).to_have_count(0)
    await patient.presses("Go back")
    await asks(patient)
    await patient.reads("The doctor will call you in a moment")
    await specialist.reads("This visit is by phone.")
    await expect(specialist.button("End visit")).to_be_visible()
    assert patient.troubles == []


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_its_pages_are_for_everybody(language: str, phone: Enter) -> None:
    patient = await phone()
    page, inspection = patient.page, Inspection()
    await patient.opens_link(language)
    await do(page, "phone")
    await at(page, "phone")
    await inspection.look(page, f"patient-phone-{language}", least=PATIENT)
    assert len(await inspection.walk(page, "phone")) >= 4
    await do(page, "phone-known")
    await at(page, "phoned")
    await inspection.look(page, f"patient-phoned-{language}", least=PATIENT)
    assert inspection.wrong == []
    assert patient.troubles == []
