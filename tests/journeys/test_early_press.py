"""A press that comes before the page is ready is done when it is."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.people import IN_CALL, Specialist

pytestmark = [pytest.mark.journey]


async def test_admit_pressed_while_the_visit_is_still_on_its_way_admits(
    specialist: Specialist, booked: Booked, phone: Enter
) -> None:
    patient = await phone(booked.link)
    await patient.waits()
    asked, answer = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await answer.wait()
        await route.continue_()

    await specialist.page.route(f"**/api/v1/visits/{booked.visit}", hold)
    await specialist.opens_visit(booked.visit)
    await asked.wait()
    admit = specialist.page.get_by_role("button", name="Admit", exact=True).filter(visible=True)
    await admit.click(timeout=IN_CALL)
    answer.set()
    await expect(patient.page.locator("[data-view=call]")).to_be_visible(timeout=IN_CALL)
    await specialist.looks_at("Picture of Bo Lindqvist")
