"""The clinic closes while a visit is near: patient and specialist are told at once, and it opens again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import LIVE, Patient, Specialist, Staff
from tests.services.chromium import lasting

pytestmark = [pytest.mark.journey]

CLOSED = "The clinic is closed at the time of your visit"
IN_ARABIC = "العيادة مغلقة في موعد زيارتك"


@lasting
async def closing(coordinator: Staff) -> AsyncIterator[Staff]:
    """Carla, who leaves no clinic closed behind her."""
    yield coordinator
    await coordinator.page.goto("/closures")
    while await coordinator.page.get_by_role("button", name="Open again").count():
        await opens(coordinator)


async def closes(coordinator: Staff) -> None:
    """Close all sites from two days ago to two days ahead, wherever their clocks stand."""
    page, now = coordinator.page, datetime.now(UTC)
    await page.goto("/book")
    await page.get_by_role("link", name="Closed times").click()
    for name, days in (("Closed from", -2), ("Open again", 2)):
        await page.get_by_label(f"{name}: day").fill((now + timedelta(days=days)).date().isoformat())
        await page.get_by_label(f"{name}: time").fill("08:00")
    await page.get_by_label("Reason").select_option("weather")
    await page.get_by_label("Phone for patients meanwhile").fill("+49 30 0555 0177")
    await coordinator.presses("Close the clinic")
    await coordinator.reads("Closed now")


async def opens(coordinator: Staff) -> None:
    await coordinator.page.get_by_role("button", name="Open again").first.click()
    await coordinator.reads("Open again. Patients of that time can come.")


async def is_closed(page: Page, heading: str = CLOSED) -> None:
    """The page says that the clinic is closed, and whom to ring; there is no way to wait."""
    await expect(page.get_by_role("heading", name=heading)).to_be_visible()
    call = page.locator("a[href='tel:+493005550177']").filter(visible=True).last
    await expect(call).to_contain_text("+493005550177")
    await expect(page.locator("main button").filter(visible=True)).to_have_count(0)


async def test_a_closed_clinic_is_told_to_patient_and_specialist_until_it_opens_again(
    closing: Staff, specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    inspection, patient = Inspection(), await phone()
    await patient.checks()
    await specialist.opens_clinic()
    label = specialist.row(booked.visit).get_by_text("Clinic closed – move")
    await specialist.finds(booked.visit)
    await expect(label).to_be_hidden()
    await closes(closing)
    await inspection.look(closing.page, "staff-closures")
    await specialist.finds(booked.visit)
    await expect(label).to_be_visible(timeout=LIVE)
    await expect(specialist.row(booked.visit).get_by_role("link", name="Move")).to_be_visible()
    await inspection.look(specialist.page, "staff-clinic-closed")
    await patient.presses("Go to the waiting room")
    await is_closed(patient.page)
    await inspection.look(patient.page, "visit-clinic-closed", least=PATIENT)
    await opens(closing)
    await specialist.finds(booked.visit)
    await expect(label).to_be_hidden(timeout=LIVE)
    await patient.page.reload()
    await patient.presses("Go to the waiting room")
    await expect(patient.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
    assert inspection.wrong == []


async def test_who_waits_already_is_told_at_once_and_so_is_the_specialist(
    closing: Staff, specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    patient.watch.forgives("409")
    await patient.waits()
    await specialist.opens_clinic()
    await expect(specialist.words("The clinic is closed:")).to_have_count(0)
    await closes(closing)
    await expect(patient.page.get_by_role("heading", name=CLOSED)).to_be_visible(timeout=LIVE)
    await specialist.reads("The clinic is closed:", LIVE)
    await opens(closing)


async def test_a_guest_who_wants_to_wait_is_told_that_the_clinic_is_closed(
    closing: Staff, specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    invited = await specialist.asks("POST", f"/api/v1/visits/{booked.visit}/guests", {"name": "Lina"})
    lina = await phone(invited["url"])
    await lina.checks()
    await closes(closing)
    lina.watch.forgives("409")
    await lina.presses("Go to the waiting room")
    await is_closed(lina.page)
    await lina.reads("The weather is too bad. The clinic opens again on")
    await opens(closing)
    await lina.page.reload()
    await lina.presses("Use microphone and camera")
    await lina.presses("Go to the waiting room")
    await expect(lina.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()


async def test_a_link_says_that_the_clinic_is_closed_in_the_readers_language(
    closing: Staff, phone: Enter
) -> None:
    inspection = Inspection()
    await closes(closing)
    bo = await phone()
    await bo.opens_link()
    await is_closed(bo.page)
    await bo.reads("The weather is too bad. The clinic opens again on")
    await bo.reads("The clinic will move your visit and tell you the new time.")
    await inspection.look(bo.page, "link-clinic-closed", least=PATIENT)
    await bo.opens_link("ar")
    await is_closed(bo.page, IN_ARABIC)
    await inspection.look(bo.page, "link-clinic-closed-arabic", least=PATIENT)
    assert inspection.wrong == []
