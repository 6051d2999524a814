"""What the patient is allergic to stands in the consult's head; who signs without it is asked."""

import re
from typing import Any

from playwright.async_api import Locator, expect

from tests.arrivals import PRESSURE, changed
from tests.journeys.conftest import Write
from tests.journeys.inspecting import Inspection
from tests.journeys.late import Late
from tests.journeys.people import Specialist


def line(doctor: Specialist) -> Locator:
    return doctor.page.locator("#consult .allergies")


def dialog(doctor: Specialist) -> Locator:
    return doctor.page.get_by_role("dialog", name="Allergies")


async def opens(doctor: Specialist) -> Locator:
    await doctor.page.get_by_role("button", name="Change the allergies").click()
    await expect(dialog(doctor)).to_be_visible()
    return dialog(doctor)


async def writes(doctor: Specialist, substance: str, reaction: str) -> Locator:
    asked = await opens(doctor)
    await expect(asked.get_by_label("What is the patient allergic to?")).to_be_focused()
    await doctor.page.keyboard.type(substance)
    await asked.get_by_label("What does it do?").fill(reaction)
    await asked.get_by_label("Severe").check()
    await doctor.page.keyboard.press("Enter")
    return asked


async def stands(place: Locator, words: str) -> None:
    await expect(place).to_contain_text(words, use_inner_text=True)


async def reads_the_record(doctor: Specialist, inspection: Inspection) -> None:
    opener, record = doctor.page.get_by_text("Patient record"), doctor.page.locator("[data-recorded]")
    await opener.click()
    await stands(record, "Blood pressure panel")
    await stands(record, "107 mmHg")
    await inspection.look(doctor.page, "staff-consult-record")
    await opener.click()
    await expect(record).to_have_count(0)


async def test_an_allergy_is_written_and_stands_after_a_reload(
    doctor: Specialist, writable: Write, manifest: dict[str, Any]
) -> None:
    """Bo has none; penicillin nearly killed him; the entry was somebody else's. A laboratory sent more."""
    booked, inspection = await writable(0), Inspection()
    bo = {"reference": f"Patient/{manifest['patients'][0]['id']}"}
    await doctor.asks("POST", "/fhir/R4/Observation", changed(PRESSURE, subject=bo))
    await doctor.opens_visit(booked.visit)
    await reads_the_record(doctor, inspection)
    await stands(line(doctor), "Allergies: none known")
    asked = await writes(doctor, "Penicillin", "swollen throat")
    await stands(asked.get_by_role("listitem"), "severe: Penicillin (swollen throat)")
    await inspection.look(doctor.page, "staff-consult-allergies")
    await doctor.page.keyboard.press("Escape")
    await stands(line(doctor), "severe: Penicillin (swollen throat)")
    await doctor.page.reload()
    await stands(line(doctor), "severe: Penicillin (swollen throat)")
    asked = await opens(doctor)
    await asked.get_by_role("button", name="Was a mistake: Penicillin").click()
    await asked.get_by_role("button", name="No allergy is known").click()
    await doctor.page.keyboard.press("Escape")
    await stands(line(doctor), "none known")
    assert inspection.wrong == []
    assert doctor.troubles == []


async def test_who_signs_while_nothing_is_written_is_asked(doctor: Specialist, writable: Write) -> None:
    """What stood there was a mistake, and so nobody has asked Bo."""
    booked = await writable(0)
    await doctor.opens_visit(booked.visit)
    asked = await writes(doctor, "Penicillin", "rash")
    await asked.get_by_role("button", name="Was a mistake: Penicillin").click()
    await stands(asked, "Nothing is written about allergies. Ask the patient.")
    await doctor.page.keyboard.press("Escape")
    await stands(line(doctor), "nothing written yet")
    await doctor.writes(plan="Rest.")
    await doctor.page.get_by_label("Outcome").select_option("no-follow-up")
    await doctor.sees_saved()
    await doctor.presses("Sign and send")
    question = doctor.page.get_by_role("dialog", name="Sign the note?")
    await stands(question, "Nothing is written about allergies. Ask the patient.")
    await question.get_by_role("button", name="Back to the note").click()
    asked = await opens(doctor)
    await asked.get_by_role("button", name="No allergy is known").click()
    await doctor.page.keyboard.press("Escape")
    await doctor.presses("Sign and send")
    await doctor.reads("In the shared record")
    assert doctor.troubles == []


async def test_what_is_saved_late_does_not_stand_in_the_next_patients_dialog(
    doctor: Specialist, writable: Write
) -> None:
    first, second = await writable(0), await writable(1)
    answer = Late(doctor.page, re.compile(f"/visits/{first.visit}/allergies$"))
    await doctor.opens_visit(first.visit)
    await opens(doctor)
    await answer.holds()
    await doctor.page.keyboard.type("Latex")
    await doctor.page.keyboard.press("Enter")
    await answer.was_asked_for()
    await doctor.page.keyboard.press("Escape")
    await doctor.turns_to(second.visit)
    before = await line(doctor).inner_text()
    asked = await opens(doctor)
    await answer.comes()
    assert "Latex" not in await asked.inner_text()
    await doctor.page.keyboard.press("Escape")
    assert await line(doctor).inner_text() == before
    await doctor.turns_to(first.visit)
    asked = await opens(doctor)
    await asked.get_by_role("button", name="Was a mistake: Latex").click()
    await asked.get_by_role("button", name="No allergy is known").click()
    await doctor.page.keyboard.press("Escape")
    await stands(line(doctor), "none known")
    assert doctor.troubles == []
