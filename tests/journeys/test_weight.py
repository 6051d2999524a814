"""The budgets of every page in bytes and requests, cold, as Chromium counts them on the wire."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import brotli
import pytest
from playwright.async_api import Browser, expect

from tests.journeys.booking import Booked, book
from tests.journeys.conftest import Enter, known
from tests.journeys.people import IN_CALL, Patient, Specialist, Staff
from tests.journeys.weighing import Scales
from tests.services.server import Server

pytestmark = [pytest.mark.journey]
KB = 1000
IDLE_SECONDS = 20
SET_UP = 3
"""Frames with which a socket begins: its settings, the wish to connect, the answer."""
ASKS_EVERY = 180
"""Seconds between two questions for the place in line (LOOK_AGAIN_MS of visit/onward.ts)."""
HEAVIEST = "hi"
"""The language whose pages weigh most: some 450 bytes more than English in the first document."""
CONFIRMED = {"identifiers": ["name", "birth-date"], "place": "At home", "callback": "+493005550201"}


def within(what: str, scales: Scales, *, size: int, requests: int) -> None:
    print(f"{what}: {scales}")
    assert scales.total <= size, f"{what}: {scales}"
    assert scales.requests <= requests, f"{what}: {scales}"


async def test_a_patients_way_is_light(
    specialist: Specialist, patient: Patient, booked: Booked, phone: Enter
) -> None:
    """Join ≤ 20 KB, scripts and styles up to the call ≤ 40 KB, after the visit ≤ 15 KB."""
    page = patient.page
    await specialist.page.goto("about:blank")  # with the clinic's page open the call would be prepared
    scales = await Scales.on(page)
    await patient.opens_link()
    await expect(patient.button("Use microphone and camera")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    within("join", scales, size=20 * KB, requests=5)
    await patient.presses("Use microphone and camera")
    await patient.presses("Go to the waiting room")
    await page.get_by_role("heading", name="You are in the waiting room").wait_for(timeout=IN_CALL)
    await page.wait_for_load_state("networkidle")
    await waits_lightly(scales)

    await specialist.opens_visit(booked.visit)
    await specialist.admits()
    await patient.looks_at("Picture of")
    inline = len(brotli.compress((await page.locator("style").first.inner_text()).encode()))
    print(f"link to call: {scales.code()} bytes of scripts and styles, {inline} more inside the page")
    assert scales.code() + inline <= 40 * KB
    await specialist.asks("PUT", f"/api/v1/visits/{booked.visit}/confirmation", CONFIRMED)
    await specialist.asks("POST", f"/api/v1/visits/{booked.visit}/end", {})
    await page.get_by_role("heading", name="Your visit has ended").wait_for(timeout=IN_CALL)
    # Another browser with the same cookie: this one's service worker would hide what comes over the wire.
    fresh = await phone(storage_state=await patient.context.storage_state())
    after = await Scales.on(fresh.page)
    await fresh.page.goto(f"/v/{booked.visit}?lang=en")
    await fresh.page.get_by_role("heading", name="Your visit has ended").wait_for()
    await fresh.page.wait_for_load_state("networkidle")
    assert after.total > KB
    within("after the visit", after, size=15 * KB, requests=3)


async def test_my_visit_is_light_wherever_it_stands(
    specialist: Specialist, patient: Patient, booked: Booked, phone: Enter
) -> None:
    """≤ 15 KB in ≤ 3 requests: by the link a day before, by the cookie after arriving, and while waiting."""
    early = await book(specialist, booked.patient, specialist.known["id"], after=timedelta(hours=30))
    bo = await phone(early.link)
    for language in ("en", HEAVIEST):
        await bo.page.goto("about:blank")
        scales = await Scales.on(bo.page)
        await bo.opens_link(language)
        await expect(bo.page.locator('[data-view="closed"] h1:visible')).not_to_be_empty()
        within(f"the day before, {language}", await settled(bo, scales), size=15 * KB, requests=3)
    await specialist.frees(early.visit, early.appointment)

    # The check stands before the arrival is answered, and the answer brings the cookie.
    async with patient.page.expect_response("**/api/v1/visit-links/open"):
        await patient.checks()
    for language in ("en", HEAVIEST):
        arrived = await again(patient, booked, "check", language)
        within(f"arrived, {language}", arrived, size=15 * KB, requests=3)
    await again(patient, booked, "check", "en")
    await patient.presses("Go to the waiting room")
    await patient.page.get_by_role("heading", name="You are in the waiting room").wait_for()
    for language in ("en", HEAVIEST):
        waiting = await again(patient, booked, "wait", language)
        within(f"waiting, {language}", waiting, size=15 * KB, requests=2)  # and its socket


async def again(patient: Patient, booked: Booked, view: str, language: str) -> Scales:
    """Open the visit by its cookie, with a cold cache, until a view stands."""
    page = patient.page
    await page.goto("about:blank")
    scales = await Scales.on(page)
    await page.goto(f"/v/{booked.visit}?lang={language}")
    await expect(page.locator(f'[data-view="{view}"]')).to_be_visible()
    return await settled(patient, scales)


async def settled(patient: Patient, scales: Scales) -> Scales:
    """What the first view took, once nothing more comes."""
    await patient.page.wait_for_load_state("networkidle")
    return scales.first_view()


async def waits_lightly(scales: Scales) -> None:
    """What the socket sends in a while, and the place in line that is asked for every three minutes."""
    async with asyncio.timeout(10):
        while scales.frames < SET_UP:  # noqa: ASYNC110 (what CDP reports is waited for)
            await asyncio.sleep(0.05)
    asked, frames, payload = scales.requests, scales.frames, scales.socket_bytes
    await asyncio.sleep(IDLE_SECONDS)  # the measure is a time: what an idle waiting room sends meanwhile
    socket = (scales.socket_bytes - payload) * 60 / IDLE_SECONDS
    minute = socket + scales.of("/api/v1/my/") * 60 / ASKS_EVERY
    print(f"waiting: {minute:.0f} bytes a minute; {scales.frames - frames} frames in {IDLE_SECONDS} s")
    assert minute <= KB
    assert scales.requests - asked <= IDLE_SECONDS / ASKS_EVERY + 1


async def test_a_specialists_day_is_light(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> None:
    """The list ≤ 40 KB in ≤ 8 requests; list and consult together ≤ 100 KB in ≤ 16.

    On the demo's day of somebody for whom no journey books: each row more weighs more.
    """
    specialist = await Specialist.at_desk(browser, server, known(manifest, "specialist", 2))
    stack.push_async_callback(specialist.context.close)
    scales = await Scales.on(specialist.page)
    await specialist.opens_clinic()
    await specialist.page.wait_for_load_state("networkidle")
    within("clinic list", scales.first_view(), size=40 * KB, requests=8)
    row = specialist.page.locator("tr[data-visit]").first
    await row.get_by_role("link", name="Open").click()
    await expect(specialist.page.locator("#consult h1")).to_be_visible()
    await specialist.page.wait_for_load_state("networkidle")
    within("clinic list and consult", scales, size=100 * KB, requests=16)


async def test_booking_is_light(coordinator: Staff) -> None:
    """Each page of booking ≤ 15 KB in ≤ 3 requests."""
    page = coordinator.page
    for what in ("search", "found", "time", "slots", "confirm"):
        scales = await Scales.on(page)
        if what == "search":
            await page.goto("/book")
        elif what == "found":
            await page.get_by_label("ID number").fill("LDH-4422")
            await coordinator.presses("Find")
        elif what == "time":
            await page.get_by_role("link", name="Book for this patient James Okello").click()
        elif what == "slots":
            await coordinator.presses("Show free times")
        else:
            await page.locator(".slots a").first.click()
        await page.wait_for_load_state("networkidle")
        within(f"booking, {what}", scales, size=15 * KB, requests=3)
