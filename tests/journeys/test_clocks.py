"""Whose clock the clinic's page means, and how long a call is on, whatever the computer says."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.people import IN_CALL, LIVE, Patient, Specialist, meet
from tests.services.server import Server

pytestmark = [pytest.mark.journey]
AN_HOUR_FAST = "const now = Date.now; Date.now = () => now() + 3_600_000;"
NOTED = """addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("#consult [data-fill=elapsed]");
  if (!place) return;
  window.__clock = [];
  new MutationObserver(() => window.__clock.push(place.textContent)).observe(place, { childList: true });
});"""


def seconds(shown: str) -> int:
    minutes, _, rest = shown.partition(":")
    return 60 * int(minutes) + int(rest)


async def test_the_clock_of_a_call_goes_on_after_a_reload(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    for script in (AN_HOUR_FAST, NOTED):
        await specialist.context.add_init_script(script)
    await meet(specialist, patient, booked.visit)
    clock = specialist.page.locator("#consult [data-fill=elapsed]")
    await expect(clock).to_have_text(re.compile(r"^(0:0[4-9]|0:[1-5]\d|[1-9]:\d\d)$"), timeout=IN_CALL)
    before = seconds(await clock.inner_text())
    await specialist.page.reload()
    await specialist.looks_at("Picture of Bo Lindqvist")
    first = seconds((await specialist.page.evaluate("window.__clock"))[0])
    assert before <= first < before + 120
    assert specialist.troubles == []


@pytest.mark.parametrize("zone, named", [("Pacific/Auckland", True), ("Europe/Berlin", False)])
async def test_a_computer_in_another_zone_reads_whose_times_they_are(
    zone: str, named: bool, browser: Browser, server: Server, specialist: Specialist, booked: Booked
) -> None:
    person = await Specialist.at_desk(browser, server, specialist.known, timezone_id=zone)
    try:
        await person.opens_clinic()
        await expect(person.row(booked.visit)).to_be_visible()
        of_list = person.page.locator("#clinic h1 [data-times-of]")
        await expect(of_list).to_be_visible(visible=named)
        await expect(of_list).to_contain_text("Times of Berlin")
        await person.opens_visit(booked.visit)
        await expect(person.page.locator("#consult [data-times-of]")).to_be_visible(visible=named)
        await person.page.goto("/summary")
        await expect(person.page.locator("h1 [data-times-of]")).to_be_visible(visible=named)
        assert person.troubles == []
    finally:
        await person.context.close()


async def test_a_patient_abroad_reads_all_times_by_the_clock_that_the_page_names(
    phone: Enter, specialist: Specialist
) -> None:
    patient = await phone(timezone_id="America/New_York")
    await patient.waits()
    there = await patient.page.evaluate("Intl.DateTimeFormat('en-GB', {timeStyle: 'short'}).format()")
    updated = patient.page.locator('[data-view="wait"] [data-fill="updated"]')
    await expect(updated).to_have_text(re.compile(r"Updated \d\d:\d\d"), timeout=LIVE)
    assert (await updated.inner_text())[-5:-3] != there[:2]
