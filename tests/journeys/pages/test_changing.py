"""Who cannot come takes another time by the link; the day of who is ill is arranged by the coordinator."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked, book
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import Patient, Specialist, Staff

pytestmark = [pytest.mark.journey]


async def booked_after(
    staff: Specialist, manifest: dict[str, Any], patient: int = 0, **span: float
) -> Booked:
    """Book a patient with Dr Amara so much later."""
    whom = manifest["patients"][patient]["id"]
    return await book(staff, whom, staff.known["id"], after=timedelta(**span))


async def takes_a_time(bo: Patient) -> None:
    """Choose the first free time, check it, confirm it."""
    await bo.page.locator(".slots a").first.click()
    await bo.presses("Yes, take the new time")
    await expect(bo.page.get_by_role("heading", name="Your visit was moved.")).to_be_visible()


async def test_days_before_the_visit_a_patient_moves_it_on_a_phone_and_then_cancels(
    specialist: Specialist, phone: Enter, manifest: dict[str, Any]
) -> None:
    booked = await booked_after(specialist, manifest, hours=60)
    bo, inspection = await phone(booked.link), Inspection()
    await bo.opens_link()
    await inspection.look(bo.page, "early", least=PATIENT)
    await bo.presses("Change or cancel")
    await inspection.look(bo.page, "change", least=PATIENT)
    await bo.page.locator(".slots a").first.click()
    await inspection.look(bo.page, "change-confirm", least=PATIENT)
    await bo.page.go_back()
    await takes_a_time(bo)
    await inspection.look(bo.page, "change-done", least=PATIENT)
    assert (await specialist.asks("GET", f"/api/v1/appointments/{booked.appointment}"))["version"] == 1
    old = await phone(booked.link)
    await old.opens_link()
    await expect(old.page.get_by_role("heading", name="Your visit was moved.")).to_be_visible()
    await bo.page.goto(f"/v/{booked.visit}/change?lang=en")
    await bo.page.get_by_role("link", name="Cancel my visit").click()
    await inspection.look(bo.page, "change-cancel", least=PATIENT)
    await bo.presses("Yes, cancel my visit")
    await expect(bo.page.get_by_role("heading", name="This visit was cancelled")).to_be_visible()
    found = await specialist.asks("GET", f"/api/v1/appointments/{booked.appointment}")
    assert found["status"] == "cancelled"
    assert inspection.wrong == []
    assert [bo.troubles, old.troubles] == [[], []]


async def test_on_the_day_the_visits_own_page_leads_to_another_time_also_in_arabic(
    specialist: Specialist, phone: Enter, manifest: dict[str, Any]
) -> None:
    booked = await booked_after(specialist, manifest, hours=12)
    bo, inspection = await phone(booked.link), Inspection()
    await bo.opens_link("ar")
    await bo.page.locator("[data-view=join] button[formaction]").click()
    await inspection.look(bo.page, "change-ar", least=PATIENT)
    await bo.page.locator(".slots a").first.click()
    await inspection.look(bo.page, "change-confirm-ar", least=PATIENT)
    await bo.page.get_by_role("button").last.click()
    await expect(bo.page).to_have_url(re.compile("done=moved"))
    assert inspection.wrong == []
    assert bo.troubles == []
    await specialist.frees(booked.visit, booked.appointment)


async def test_a_coordinator_arranges_the_day_of_a_specialist_who_is_ill(
    specialist: Specialist, coordinator: Staff, manifest: dict[str, Any]
) -> None:
    made = [await booked_after(specialist, manifest, patient, days=9) for patient in (0, 1)]
    at = await specialist.asks("GET", f"/api/v1/appointments/{made[0].appointment}")
    day = datetime.fromisoformat(at["start"]).astimezone(ZoneInfo(at["zone"])).date()
    page, inspection = coordinator.page, Inspection()
    await page.goto("/book")
    await page.get_by_role("link", name="Specialist away").click()
    option = page.get_by_label("Specialist").locator("option", has_text=specialist.known["name"])
    await page.get_by_label("Specialist").select_option(await option.get_attribute("value"))
    await page.get_by_label("First day").fill(day.isoformat())
    await coordinator.presses("Show the visits")
    choices = page.get_by_label("What becomes of it")
    await expect(choices).to_have_count(2)
    await choices.nth(1).select_option(label="Cancel the visit")
    await inspection.look(page, "staff-absence")
    await coordinator.presses("Carry this out")
    await expect(page.get_by_role("heading", name="Visits arranged")).to_be_visible()
    await inspection.look(page, "staff-absence-done")
    found = [await specialist.asks("GET", f"/api/v1/appointments/{each.appointment}") for each in made]
    assert [(each["status"], each["version"]) for each in found] == [("booked", 1), ("cancelled", 1)]
    await page.get_by_role("link", name="See what is left of these days").click()
    await expect(page.get_by_text("Nobody is booked on these days.")).to_be_visible()
    assert inspection.wrong == []
    assert coordinator.troubles == []
    await specialist.frees(made[0].visit, made[0].appointment)
