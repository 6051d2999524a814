"""What the pages ask or say before something is left undone: confirming, signing, ending, leaving."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Write
from tests.journeys.inspecting import STAFF, Inspection
from tests.journeys.people import IN_CALL, LIVE, Patient, Specialist, meet

pytestmark = [pytest.mark.journey]


async def test_an_empty_confirmation_names_all_that_is_missing(
    specialist: Specialist, booked: Booked
) -> None:
    page = specialist.page
    await specialist.opens_visit(booked.visit)
    await expect(page.locator("html")).to_have_attribute("data-at", "consult", timeout=IN_CALL)
    await specialist.presses("Confirm and open the note")
    await specialist.reads("Check at least two of these with the patient.")
    await specialist.reads("Write where the patient is now.")
    place = page.get_by_label("Where is the patient now?")
    await expect(place).to_have_attribute("aria-invalid", "true")
    await expect(place).to_have_accessible_description(
        "Address or place, so that help can be sent there. Write where the patient is now."
    )
    await expect(page.get_by_label("Full name")).to_be_focused()
    # Each check can be held against what is on file.
    checks = page.locator("#confirmation label.check").filter(visible=True)
    assert await checks.count() > 1
    for each in await checks.all_text_contents():
        assert re.search(r": \S", each), each


async def test_a_note_is_not_signed_or_left_without_a_question(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await specialist.is_told("You are connected with Bo Lindqvist.")
    await patient.is_told(f"You are connected with {specialist.known['name']}.")
    await expect(specialist.page.get_by_text("Your picture is off.")).to_be_hidden()
    await specialist.presses("End visit")
    await specialist.reads("The note is still empty.")
    await specialist.presses("Stay")
    await specialist.confirms()
    await specialist.writes(history="Palpitations.")
    await specialist.presses("Sign and send")
    await specialist.reads("No outcome is chosen. The plan is empty.")
    await expect(specialist.button("Back to the note")).to_be_focused()
    await specialist.presses("Back to the note")
    await specialist.presses("End visit")
    await specialist.reads("The note is not signed yet.")
    await expect(specialist.button("Stay")).to_be_focused()
    await specialist.presses("Stay")
    await specialist.presses("Lock")
    await specialist.reads("A call is running.")
    await specialist.presses("Stay")
    await specialist.presses("Sign and send")
    await specialist.presses("Sign anyway")
    await specialist.reads("In the shared record, version 1")
    await specialist.presses("End visit")
    await expect(patient.page.get_by_role("heading", name="Your visit has ended")).to_be_visible(
        timeout=IN_CALL
    )


async def test_without_a_follow_up_there_is_no_time_for_one_and_a_slip_of_the_keys_loses_none(
    doctor: Specialist, writable: Write
) -> None:
    visit = (await writable(0)).visit
    await doctor.opens_visit(visit)
    outcome, time = doctor.page.get_by_label("Outcome"), doctor.page.get_by_label("When", exact=True)
    await doctor.writes(plan="Less coffee.", when="2 weeks")
    await outcome.select_option("No follow-up needed")
    await expect(time).to_be_disabled()
    await expect(time).to_have_value("")
    await outcome.select_option("Follow-up by video")
    await expect(time).to_have_value("2 weeks")
    await outcome.select_option("No follow-up needed")
    await doctor.sees_saved()
    inspection = Inspection()
    for language in ("en", "ar"):
        await doctor.page.goto(f"/clinic/{visit}?lang={language}")
        await expect(doctor.page.locator("#when")).to_be_disabled(timeout=IN_CALL)
        await inspection.look(doctor.page, f"consult-note-no-follow-up-{language}", least=STAFF)
    assert inspection.wrong == []
    await doctor.page.goto(f"/clinic/{visit}?lang=en")
    await doctor.presses("Sign and send")
    await doctor.reads("In the shared record, version 1")
    note = await doctor.asks("GET", f"/api/v1/visits/{visit}/note")
    assert (note["content"]["outcome"], note["content"]["when"]) == ("no-follow-up", "")


async def test_who_leaves_the_waiting_room_is_told_so_and_comes_back(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await specialist.opens_clinic()
    await patient.waits()
    await expect(specialist.row(booked.visit)).to_contain_text("In room", timeout=LIVE)
    await patient.presses("Leave the waiting room")
    await patient.reads("You have left the waiting room")
    row = specialist.row(booked.visit)
    await expect(row).to_contain_text("Left the waiting room", timeout=LIVE)
    await expect(row).not_to_contain_text("Connecting again")
    await patient.presses("Come back")
    await patient.presses("Go to the waiting room")
    await expect(row).to_contain_text("In room", timeout=IN_CALL)
