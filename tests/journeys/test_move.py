"""A visit moves from the clinic's list: the list follows, and the patient reads the new time everywhere."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import LIVE, Patient, Specialist

pytestmark = [pytest.mark.journey]


async def opens_the_move(specialist: Specialist, visit: str) -> Page:
    """Press Move in the visit's row; it opens beside the clinic, whose camera and socket go on."""
    await specialist.opens_clinic()
    async with specialist.context.expect_page() as opened:
        await specialist.row(visit).get_by_role("link", name="Move").click()
    page = await opened.value
    await page.get_by_role("heading", name="Move a visit").wait_for()
    return page


async def goes_two_days_on(page: Page) -> None:
    """Take the first free time of the later days."""
    await page.get_by_role("link", name="Later days").click()
    await page.locator(".slots a").first.click()
    await page.get_by_role("button", name="Move this visit").click()
    await expect(page.get_by_role("heading", name="Visit moved")).to_be_visible()


async def test_who_waits_reads_the_new_time_at_once_and_the_row_leaves_the_day(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await patient.waits()
    page, inspection = await opens_the_move(specialist, booked.visit), Inspection()
    await inspection.look(page, "staff-move")
    await page.locator(".slots a").first.click()
    await inspection.look(page, "staff-move-confirm")
    await page.go_back()
    await goes_two_days_on(page)
    await inspection.look(page, "staff-moved")
    await specialist.page.get_by_role(
        "heading", name="Clinic today"
    ).click()  # nobody points at the list any more
    await expect(specialist.row(booked.visit)).to_have_count(0, timeout=LIVE)
    moved = patient.page.get_by_role("heading", name="Your visit was moved.")
    await expect(moved).to_be_visible()
    await patient.reads("Test my phone now")
    await inspection.look(patient.page, "visit-moved", least=PATIENT)
    assert inspection.wrong == []
    assert [specialist.troubles, patient.troubles] == [[], []]


async def test_an_old_link_tells_the_new_time_and_opens_no_camera(
    specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    await specialist.page.goto(f"/move/{booked.visit}")
    await goes_two_days_on(specialist.page)
    patient, inspection = await phone(), Inspection()
    await patient.opens_link()
    await expect(patient.page.get_by_role("heading", name="Your visit was moved.")).to_be_visible()
    await patient.reads("Open the link from your message when it is time.")
    await expect(patient.button("Use microphone and camera")).to_be_hidden()
    await inspection.look(patient.page, "old-link-moved", least=PATIENT)
    assert inspection.wrong == []
    assert patient.troubles == []


async def test_a_list_that_is_pointed_at_keeps_its_rows_until_they_are_asked_for(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await patient.checks()  # who is here is listed, also when the visit is tomorrow's
    page = await opens_the_move(specialist, booked.visit)
    await specialist.page.bring_to_front()
    await specialist.page.locator("#rows tr").first.hover()
    await goes_two_days_on(page)
    held = specialist.button("1 change – update")
    await expect(held).to_be_visible(timeout=LIVE)
    await expect(specialist.row(booked.visit)).to_have_count(1)
    await held.press("Enter")
    await expect(specialist.row(booked.visit)).to_have_count(0)
