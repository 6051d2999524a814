"""Fresh visits, by the JSON API or by hand: no journey depends on what another has used up."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.async_api import Page

from tests.journeys.people import Staff

WITHIN = timedelta(hours=23, minutes=30)
"""Links open a day before the visit."""


@dataclass(frozen=True, slots=True)
class Booked:
    """One visit: its id, and the link as the patient got it."""

    visit: str
    appointment: str
    patient: str
    link: str


async def book(staff: Staff, patient: str, practitioner: str, *, after: timedelta = timedelta()) -> Booked:
    """Book the next free time of a specialist for a patient, from `after` on."""
    catalogue = await staff.asks("GET", "/api/v1/catalogue")
    service = next(each["id"] for each in catalogue["services"] if practitioner in each["practitioners"])
    now = datetime.now(UTC) + after
    asked = f"service={service}&practitioner={practitioner}&start={_text(now)}&end={_text(now + WITHIN)}"
    found = await staff.asks("GET", f"/api/v1/slots?{asked}")
    body = {"patient_id": patient, "service_id": service, "practitioner_id": practitioner}
    told = await staff.asks("POST", "/api/v1/appointments", body | {"start": found["slots"][0]["start"]})
    return Booked(told["visit"], told["id"], patient, told["join_url"])


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


async def books(page: Page, specialist: str) -> str:
    """Give Bo the next free time of a specialist on the booking pages; return his link."""
    await page.goto("/book")
    await page.get_by_label("ID number").fill("LDH-4401")
    await page.get_by_role("button", name="Find").click()
    await page.get_by_role("link", name="Book for this patient Bo Lindqvist").click()
    option = page.get_by_label("Service").locator("option", has_text="Cardiology")
    await page.get_by_label("Service").select_option(await option.get_attribute("value"))
    option = page.get_by_label("Specialist").locator("option", has_text=specialist)
    await page.get_by_label("Specialist").select_option(await option.get_attribute("value"))
    await page.get_by_role("button", name="Show free times").click()
    await page.locator(".slots a").first.click()
    await page.get_by_role("button", name="Book this visit").click()
    await page.get_by_role("heading", name="Visit booked").wait_for()
    return await page.get_by_label("The visit link").input_value()
