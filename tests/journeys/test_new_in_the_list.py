"""A visit that is new in the clinic's list: shown at once, or held back while somebody points at the list."""

from typing import Any

from playwright.async_api import expect

from tests.journeys.booking import book
from tests.journeys.people import LIVE, Specialist


async def test_a_new_visit_waits_behind_a_button_while_somebody_points_at_the_list(
    specialist: Specialist, manifest: dict[str, Any]
) -> None:
    await specialist.opens_clinic()
    await specialist.page.locator("#rows tr").first.hover()
    booked = await book(specialist, manifest["patients"][0]["id"], specialist.known["id"])
    update = specialist.button("1 change – update")
    stands = await specialist.page.locator("#rows tr").first.bounding_box()
    await expect(update).to_be_visible(timeout=LIVE)
    assert await specialist.page.locator("#rows tr").first.bounding_box() == stands
    await expect(specialist.row(booked.visit)).to_have_count(0)
    await update.press("Enter")
    await expect(specialist.row(booked.visit)).to_be_visible()
    await expect(update).to_be_hidden()


async def test_a_new_visit_is_shown_once_nobody_points_at_the_list_any_more(
    specialist: Specialist, manifest: dict[str, Any]
) -> None:
    await specialist.opens_clinic()
    await specialist.page.locator("#rows tr").first.hover()
    booked = await book(specialist, manifest["patients"][0]["id"], specialist.known["id"])
    await expect(specialist.button("1 change – update")).to_be_visible(timeout=LIVE)
    await specialist.page.mouse.move(0, 0)
    await expect(specialist.row(booked.visit)).to_be_visible(timeout=LIVE)
