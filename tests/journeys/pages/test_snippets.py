"""A clinician's own texts: kept on their page, and put into a note by a press and by typing, in Chromium."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Write
from tests.journeys.inspecting import Inspection
from tests.journeys.people import Specialist

pytestmark = [pytest.mark.journey]


async def test_a_text_is_kept_put_in_at_the_caret_and_called_by_its_name(
    doctor: Specialist, writable: Write
) -> None:
    booked, inspection, page = await writable(0), Inspection(), doctor.page
    await page.goto("/snippets")
    await page.get_by_label("Name").fill(".pain")
    await page.get_by_label("Text").fill("{name} ({age}) has had pain since ___.")
    await page.get_by_role("button", name="Save").press("Enter")
    await doctor.reads("Saved.")
    await inspection.look(page, "staff-snippets-kept")
    await doctor.opens_visit(booked.visit)
    history = page.get_by_label("History", exact=True)
    await history.fill("First.  Last.")
    await history.evaluate("one => one.setSelectionRange(7, 7)")
    await page.get_by_text("Help with writing").click()
    await inspection.look(page, "staff-consult-snippets")
    await page.get_by_role("button", name="Put my text in").click()
    await page.keyboard.type("Monday")
    await expect(history).to_have_value("First. Bo Lindqvist (65) has had pain since Monday. Last.")
    findings = page.get_by_label("Findings", exact=True)
    await findings.press_sequentially("Well. .pain ")
    await page.keyboard.type("May")
    await expect(findings).to_have_value("Well. Bo Lindqvist (65) has had pain since May. ")
    await doctor.sees_saved()
    await signs_with_a_blank(doctor, inspection)
    await page.reload()
    await expect(findings).to_have_value("Well. Bo Lindqvist (65) has had pain since May. ")
    await page.goto("/snippets?change=pain")
    await page.get_by_role("button", name="Take out").press("Enter")
    await doctor.reads("Taken out.")
    assert inspection.wrong == []
    assert doctor.troubles == []


async def signs_with_a_blank(doctor: Specialist, inspection: Inspection) -> None:
    """What was left open is said before the note is signed, and no more once it is filled in."""
    plan, lacking = doctor.page.get_by_label("Plan", exact=True), doctor.page.locator("[data-fill=lacking]")
    blank = re.compile("A blank is not filled in yet: ___")
    await plan.press_sequentially(".pain ")
    await doctor.presses("Sign and send")
    await expect(lacking).to_have_text(blank)
    await inspection.look(doctor.page, "staff-consult-blank")
    await doctor.presses("Back to the note")
    await plan.fill("Rest.")
    await doctor.presses("Sign and send")
    await expect(doctor.page.get_by_role("heading", name="Sign the note?")).to_be_visible()
    await expect(lacking).not_to_have_text(blank)
    await doctor.presses("Back to the note")
