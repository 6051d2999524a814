"""No press is lost: one that comes too early, or during something else, is done when it is its turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.people import IN_CALL, LIVE, Specialist

pytestmark = [pytest.mark.journey]
TURN = "One moment: what you pressed comes next."


@asynccontextmanager
async def held(page: Page, path: str) -> AsyncIterator[asyncio.Event]:
    """While this lasts nothing under a path is answered; the event says that it was asked for."""
    asked, answer = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await answer.wait()
        await route.continue_()

    await page.route(f"**/api/v1{path}", hold)
    try:
        yield asked
    finally:
        answer.set()


def admit(page: Page) -> Locator:
    return page.get_by_role("button", name="Admit", exact=True).filter(visible=True)


async def test_admit_pressed_while_the_visit_is_still_on_its_way_admits(
    specialist: Specialist, booked: Booked, phone: Enter
) -> None:
    patient = await phone(booked.link)
    await patient.waits()
    async with held(specialist.page, f"/visits/{booked.visit}") as asked:
        await specialist.opens_visit(booked.visit)
        await asked.wait()
        await admit(specialist.page).click(timeout=IN_CALL)
    await expect(patient.page.locator("[data-view=call]")).to_be_visible(timeout=IN_CALL)
    await specialist.looks_at("Picture of Bo Lindqvist")


async def test_admit_pressed_while_the_list_is_read_by_itself_admits_at_once(
    specialist: Specialist, booked: Booked, phone: Enter
) -> None:
    """The list was opened before the visit stood in it: taken out here, as a later booking would find it."""
    await specialist.opens_visit(booked.visit)
    await specialist.row(booked.visit).evaluate_all("(rows) => rows.forEach((row) => row.remove())")
    async with held(specialist.page, "/clinic") as asked:
        patient = await phone(booked.link)
        await patient.waits()
        await asyncio.wait_for(asked.wait(), LIVE / 1000)
        await admit(specialist.page).click(timeout=IN_CALL)
        await expect(patient.page.locator("[data-view=call]")).to_be_visible(timeout=IN_CALL)


async def test_a_press_during_another_one_says_that_it_comes_next_and_is_done(
    specialist: Specialist, booked: Booked, phone: Enter
) -> None:
    await specialist.opens_clinic()
    patient = await phone(booked.link)
    await patient.waits()
    await specialist.finds(booked.visit)
    row = specialist.row(booked.visit)
    turn = specialist.page.locator(".press-waits").filter(visible=True)
    async with held(specialist.page, f"/visits/{booked.visit}/priority") as asked:
        await row.get_by_role("button", name="See first").click()
        await asked.wait()
        await expect(turn).to_have_count(0)
        await row.get_by_role("button", name="Admit").click()
        await expect(turn).to_have_text(TURN)
    await expect(patient.page.locator("[data-view=call]")).to_be_visible(timeout=IN_CALL)
    await expect(turn).to_have_count(0)


async def test_the_record_opened_while_the_visit_is_still_on_its_way_stays_open(
    specialist: Specialist, booked: Booked
) -> None:
    record = specialist.page.locator("[data-recorded]")
    async with held(specialist.page, f"/visits/{booked.visit}") as asked:
        await specialist.opens_visit(booked.visit)
        await asked.wait()
        await specialist.page.get_by_text("Patient record").click(timeout=IN_CALL)
    await expect(record).to_be_visible(timeout=IN_CALL)
    await specialist.page.get_by_text("Patient record").click()
    await expect(record).to_have_count(0)
