"""A note that was signed under the wrong patient is put right, in Chromium, and both records with it."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Write
from tests.journeys.inspecting import Inspection
from tests.journeys.people import Specialist

pytestmark = [pytest.mark.journey]
WHY = "I had the wrong page open."


async def test_a_note_of_the_wrong_patient_is_corrected_and_both_records_are_right(
    doctor: Specialist, writable: Write
) -> None:
    wrong, right, inspection = await writable(0), await writable(1), Inspection()
    await doctor.asks("POST", f"/api/v1/visits/{right.visit}/end", {})
    page = doctor.page
    await signs_for_the_wrong(doctor, wrong.visit)
    await page.get_by_role("link", name="Wrong patient?").click()
    await expect(page.get_by_role("heading", name="Note of the wrong patient")).to_be_visible()
    await page.get_by_label("Whose note is it?").select_option(right.visit)
    await inspection.look(page, "staff-wrong-patient")
    await page.get_by_label("How did it get here?").fill(WHY)
    await page.get_by_role("button", name="Put right").press("Enter")
    await doctor.reads("The note was taken out of this record.")
    await page.get_by_role("link", name="Back to the visit").click()
    await doctor.reads("It belongs to somebody else.")
    await can_be_printed_and_added_to(doctor, yes=False)
    await doctor.opens_visit(right.visit)
    await can_be_printed_and_added_to(doctor)
    for visit, yes in ((wrong.visit, False), (right.visit, True)):
        await doctor.turns_to(visit)
        await can_be_printed_and_added_to(doctor, yes=yes)
    await expect(page.locator("[data-signed=history]")).to_have_text("Fell off a ladder.")
    stored = [
        await doctor.asks("GET", f"/fhir/R4/Composition/{(await noted(doctor, each.visit))}")
        for each in (wrong, right)
    ]
    assert [each["status"] for each in stored] == ["entered-in-error", "final"]
    subjects = [each["subject"]["reference"] for each in stored]
    assert subjects == [f"Patient/{each.patient}" for each in (wrong, right)]
    assert inspection.wrong == []
    assert doctor.troubles == []


async def test_a_new_note_is_written_where_one_was_taken_out(doctor: Specialist, writable: Write) -> None:
    made, inspection, page = await writable(0), Inspection(), doctor.page
    await signs_for_the_wrong(doctor, made.visit)
    await doctor.asks("POST", f"/api/v1/visits/{made.visit}/end", {})
    await page.get_by_role("link", name="Wrong patient?").click()
    await page.get_by_label("How did it get here?").fill(WHY)
    await page.get_by_role("button", name="Put right").press("Enter")
    await doctor.reads("The note was taken out of this record.")
    await inspection.look(page, "staff-wrong-patient-done")
    await page.get_by_role("link", name="Back to the visit").click()
    await doctor.reads("It belongs to somebody else.")
    await expect(page.get_by_text("In the shared record")).to_have_count(0)
    await inspection.look(page, "staff-consult-note-withdrawn")
    await page.get_by_role("button", name="Write a new note").press("Enter")
    await expect(page.get_by_label("History")).to_have_value("")
    await page.goto("/notes")
    await expect(
        page.get_by_role("row").filter(has=page.locator(f"a[href$='{made.visit}']"))
    ).to_contain_text("Draft")
    await doctor.opens_visit(made.visit)
    await doctor.writes(History="Dizzy since Monday.", Plan="Drink water.")
    await page.get_by_label("Outcome").select_option("no-follow-up")
    await doctor.sees_saved()
    await doctor.presses("Sign and send")
    await doctor.reads("In the shared record, version 1")
    await expect(page.locator("[data-signed=history]")).to_have_text("Dizzy since Monday.")
    await can_be_printed_and_added_to(doctor)
    await page.goto(f"/note-history/{made.visit}")
    await expect(page.get_by_role("heading", level=2)).to_have_text(
        [
            "Note 2 · Version 1 · Signed",
            "Note 1 · Version 2 · Taken out of the record",
            "Note 1 · Version 1 · Signed",
        ]
    )
    assert inspection.wrong == []
    assert doctor.troubles == []


async def signs_for_the_wrong(doctor: Specialist, visit: str) -> None:
    note = {"version": 0, "history": "Fell off a ladder.", "plan": "Rest.", "outcome": "no-follow-up"}
    await doctor.asks("PUT", f"/api/v1/visits/{visit}/note", note)
    await doctor.opens_visit(visit)
    await doctor.presses("Sign and send")
    await doctor.reads("In the shared record")


async def can_be_printed_and_added_to(doctor: Specialist, *, yes: bool = True) -> None:
    """What a note that was taken out of the record refuses is not offered there, and is again at the next."""
    for role, name in (("link", "Print the note"), ("button", "Add addendum")):
        await expect(doctor.page.get_by_role(role, name=name)).to_be_visible(visible=yes)


async def noted(doctor: Specialist, visit: str) -> str:
    """The id of a signed note in the shared record."""
    note = await doctor.asks("GET", f"/api/v1/visits/{visit}/note")
    return str(note["record"]["composition"]).rpartition("/")[2]
