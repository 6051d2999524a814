"""Headings of a specialty and what the record says already, put into the note by a press, in Chromium."""

import pytest
from playwright.async_api import expect

from tests.arrivals import CONDITION, HL7, PRESSURE, changed, concept
from tests.journeys.conftest import Write
from tests.journeys.inspecting import Inspection
from tests.journeys.people import Specialist

pytestmark = [pytest.mark.journey]
ACTIVE = concept(f"{HL7}/condition-clinical", "active", "Active")


async def stands_in(doctor: Specialist, field: str, words: str) -> None:
    value = await doctor.page.get_by_label(field, exact=True).input_value()
    assert words in value, value


async def test_headings_are_put_in_and_exchanged_and_nothing_that_was_written_is_lost(
    doctor: Specialist, writable: Write
) -> None:
    booked, inspection = await writable(0), Inspection()
    await doctor.opens_visit(booked.visit)
    page = doctor.page
    await doctor.writes(history="She phoned twice.")
    await page.get_by_text("Help with writing").click()
    headings = page.get_by_label("Headings")
    await expect(headings).to_have_value("cardiology")
    await page.get_by_role("button", name="Put in").click()
    await stands_in(doctor, "History", "She phoned twice.\nChest pain: \nShortness of breath: ")
    await doctor.sees_saved()
    field = page.get_by_label("History", exact=True)
    await field.fill((await field.input_value()).replace("Chest pain: ", "Chest pain: at night"))
    await headings.select_option("maternity")
    await page.get_by_role("button", name="Put in").click()
    await stands_in(doctor, "History", "She phoned twice.\nChest pain: at night\nWeek of pregnancy: ")
    await inspection.look(page, "staff-consult-note-aids")
    await headings.select_option("")
    await page.get_by_role("button", name="Put in").click()
    await expect(field).to_have_value("She phoned twice.\nChest pain: at night")
    await doctor.sees_saved()
    await page.reload()
    await expect(field).to_have_value("She phoned twice.\nChest pain: at night")
    assert inspection.wrong == []
    assert doctor.troubles == []


async def test_problems_and_vital_signs_are_taken_over_by_one_press_each(
    doctor: Specialist, writable: Write
) -> None:
    booked, inspection = await writable(0), Inspection()
    subject = {"reference": f"Patient/{booked.patient}"}
    asthma = changed(
        CONDITION,
        subject=subject,
        clinicalStatus=ACTIVE,
        code={"text": "Asthma"},
        abatementDateTime=None,
        evidence=None,
        stage=None,
    )
    for path, sent in (("Condition", asthma), ("Observation", changed(PRESSURE, subject=subject))):
        await doctor.asks("POST", f"/fhir/R4/{path}", sent)
    await doctor.opens_visit(booked.visit)
    page = doctor.page
    await page.get_by_text("Help with writing").click()
    await doctor.writes(findings="Pale.")
    await page.get_by_role("button", name="Vital signs into Findings").click()
    await expect(page.locator("[data-aid-said]")).to_have_text("It stands in the note now.")
    await stands_in(doctor, "Findings", "Pale.\n\nVital signs in the record:\n– ")
    await stands_in(doctor, "Findings", "Systolic 107 mmHg, Diastolic Not performed (20 Nov 2026, ")
    problems = page.get_by_role("button", name="Problems into Assessment")
    await problems.press("Enter")
    await expect(page.get_by_label("Assessment", exact=True)).to_have_value(
        "Problems in the record:\n– Asthma (20 Nov 2026, Lindenau District Hospital)"
    )
    await inspection.look(page, "staff-consult-note-pulled")
    await doctor.sees_saved()
    assert inspection.wrong == []
    assert doctor.troubles == []
