"""Links that come early, late, too late or for nothing, with scripts: each as the person finds it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.people import Patient, Specialist

pytestmark = [pytest.mark.journey]


async def booked_in(staff: Specialist, manifest: dict[str, Any], hours: float) -> Booked:
    """Book the first free time of Dr Amara that is so many hours away."""
    catalogue = await staff.asks("GET", "/api/v1/catalogue")
    doctor = staff.known["id"]
    service = next(each["id"] for each in catalogue["services"] if doctor in each["practitioners"])
    first = datetime.now(UTC) + timedelta(hours=hours)
    start, end = (at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in (first, first + timedelta(days=2)))
    found = await staff.asks(
        "GET", f"/api/v1/slots?service={service}&practitioner={doctor}&start={start}&end={end}"
    )
    patient = manifest["patients"][0]["id"]
    body = {"patient_id": patient, "service_id": service, "practitioner_id": doctor}
    told = await staff.asks("POST", "/api/v1/appointments", body | {"start": found["slots"][0]["start"]})
    return Booked(told["visit"], told["id"], patient, told["join_url"])


async def calendar_of(patient: Patient) -> Any:
    """Press the button; return the event of the file that comes down."""
    async with patient.page.expect_download() as coming:
        await patient.button("Add to my calendar").click()
    path = await (await coming.value).path()
    (event,) = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return event


async def test_days_before_the_link_tells_the_day_and_what_can_be_done_now(
    specialist: Specialist, phone: Enter, manifest: dict[str, Any]
) -> None:
    booked = await booked_in(specialist, manifest, 60)
    bo = await phone(booked.link)
    await bo.opens_link()
    await expect(bo.page.get_by_role("heading", name="Your visit is on")).to_be_visible()
    assert (await calendar_of(bo))["SUMMARY"] == "Video visit"
    await bo.page.get_by_role("link", name="Test my phone now").click()
    await expect(bo.page.get_by_role("heading", name="Test my phone")).to_be_visible()
    assert bo.troubles == []


async def test_hours_before_the_link_tells_the_time_and_lets_in(
    specialist: Specialist, phone: Enter, manifest: dict[str, Any]
) -> None:
    booked = await booked_in(specialist, manifest, 20)
    bo = await phone(booked.link)
    await bo.opens_link()
    await expect(bo.words("Your visit is to")).to_be_visible()
    await calendar_of(bo)
    await bo.presses("Use sound only")
    await expect(bo.page.get_by_role("heading", name="Can you hear yourself?")).to_be_visible()
    assert bo.troubles == []


async def test_a_reader_with_another_clock_is_told_whose_time_it_is(
    specialist: Specialist, phone: Enter, manifest: dict[str, Any]
) -> None:
    booked = await booked_in(specialist, manifest, 20)
    bo = await phone(booked.link, timezone_id="America/New_York")
    await bo.opens_link()
    await expect(bo.words("time in ")).to_be_visible()
    near = await phone(booked.link, timezone_id="Europe/Berlin")
    await near.opens_link()
    await expect(near.button("Use microphone and camera")).to_be_visible()
    await expect(near.page.locator("[data-view=join] [data-only=away]")).to_be_hidden()
    assert "GMT" not in await bo.page.locator("main").inner_text()


async def test_a_cancelled_visit_says_so_by_link_and_on_the_page_that_is_open(
    specialist: Specialist, phone: Enter, manifest: dict[str, Any]
) -> None:
    booked = await booked_in(specialist, manifest, 1)
    waits, sleeps = await phone(booked.link), await phone(booked.link)
    await sleeps.opens_link()
    await expect(sleeps.button("Use sound only")).to_be_visible()
    await waits.opens_link()
    await waits.presses("Use sound only")
    await waits.presses("Go to the waiting room")
    await expect(waits.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
    await specialist.asks("POST", f"/api/v1/appointments/{booked.appointment}/cancel", {})
    off = "This visit was cancelled"
    await expect(waits.page.get_by_role("heading", name=off)).to_be_visible()
    await sleeps.presses("Use sound only")
    await expect(sleeps.page.get_by_role("heading", name=off)).to_be_visible()
    sleeps.watch.forgives("status of 409")  # the press that came too late
