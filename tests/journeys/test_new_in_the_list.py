"""A visit that is new in the clinic's list: shown at once, or held back while somebody points at the list."""

import asyncio

from playwright.async_api import Route, expect

from tests.journeys.booking import Booked
from tests.journeys.people import LIVE, Patient, Specialist

HELD = "1 change – update"
BESIDES = [{"name": "Room 12", "language": ""}, {"name": "Lina Haddad", "language": "es"}]


async def points_while_somebody_comes(specialist: Specialist, patient: Patient, booked: Booked) -> None:
    """The list was opened before the visit stood in it: taken out here, as a later booking would find it."""
    await specialist.opens_clinic()
    await specialist.row(booked.visit).evaluate_all("(rows) => rows.forEach((row) => row.remove())")
    await specialist.page.locator("#rows tr").first.hover()
    await patient.opens_link()
    await patient.presses("Use microphone and camera")
    await expect(specialist.button(HELD)).to_be_visible(timeout=LIVE)
    await expect(specialist.row(booked.visit)).to_have_count(0)


async def test_a_new_visit_waits_behind_a_button_while_somebody_points_at_the_list(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await points_while_somebody_comes(specialist, patient, booked)
    await specialist.button(HELD).press("Enter")
    await expect(specialist.row(booked.visit)).to_be_visible()
    await expect(specialist.button(HELD)).to_be_hidden()


async def test_a_new_visit_is_shown_once_nobody_points_at_the_list_any_more(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await points_while_somebody_comes(specialist, patient, booked)
    await specialist.page.mouse.move(0, 0)
    await expect(specialist.row(booked.visit)).to_be_visible(timeout=LIVE)


async def test_the_button_for_what_is_new_moves_no_row(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await specialist.opens_clinic()
    await specialist.row(booked.visit).evaluate_all("(rows) => rows.forEach((row) => row.remove())")
    first = specialist.page.locator("#rows tr").first
    stood = await first.bounding_box()
    await first.hover()
    await patient.opens_link()
    await patient.presses("Use microphone and camera")
    await expect(specialist.button(HELD)).to_be_visible(timeout=LIVE)
    assert await first.bounding_box() == stood


async def test_however_much_news_comes_the_list_is_read_once_at_a_time(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await specialist.opens_clinic()
    await specialist.row(booked.visit).evaluate_all("(rows) => rows.forEach((row) => row.remove())")
    asked: list[Route] = []
    answer = asyncio.Event()

    async def hold(route: Route) -> None:
        asked.append(route)
        await answer.wait()
        await route.continue_()

    await specialist.page.route("**/api/v1/clinic", hold)
    await patient.waits()
    await expect(specialist.button(HELD)).to_be_visible(timeout=LIVE)
    assert len(asked) == 1
    answer.set()
    await specialist.finds(booked.visit)
    await expect(specialist.button(HELD)).to_be_hidden()


async def test_rows_of_a_group_say_how_many_are_seen_together(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    """One row comes anew; another was there before it had company, as the server tells it here."""

    async def together(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        for row in told["rows"]:
            row.update(together=3, places=8, resources=BESIDES)
        await route.fulfill(response=answer, json=told)

    await specialist.opens_clinic()
    await expect(specialist.page.get_by_text("Group, 3 of 8")).to_have_count(0)
    await specialist.row(booked.visit).evaluate_all("(rows) => rows.forEach((row) => row.remove())")
    await specialist.page.route("**/api/v1/clinic", together)
    await patient.waits()
    await specialist.finds(booked.visit)
    rows = await specialist.page.locator("#rows tr").count()
    await expect(specialist.page.get_by_text("Group, 3 of 8")).to_have_count(rows)
    await expect(specialist.row(booked.visit)).to_contain_text("· Group, 3 of 8 ·")
    await expect(specialist.row(booked.visit)).to_contain_text("Room 12 · Interpreter: Lina Haddad")
