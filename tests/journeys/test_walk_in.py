"""Somebody comes without an appointment: added to the queue, told their place by a link, called, and seen."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.conftest import known
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, LIVE, Patient, Specialist, Staff
from tests.services.server import Server

pytestmark = [pytest.mark.journey]
CALLED = 30_000
"""Milliseconds within which the page of a place asks again, and goes on to the visit."""


async def makes_room(doctor: Specialist) -> None:
    """Nobody is booked with the doctor for the next half hour."""
    now = datetime.now(UTC)
    for row in (await doctor.asks("GET", "/api/v1/clinic"))["rows"]:
        start, end = (datetime.fromisoformat(row[name]) for name in ("start", "end"))
        if start < now + timedelta(minutes=30) and end > now:
            await doctor.frees(row["id"], row["appointment_id"])


async def unbooked(noor: Staff, manifest: dict[str, Any]) -> str:
    """A patient of Noor's clinic who is in nobody's list."""
    booked = {each["patient_id"] for each in manifest["visits"]}
    for each in reversed(manifest["patients"]):
        if each["id"] not in booked:
            search = {"phone": each["phone"]}
            if (await noor.asks("POST", "/api/v1/patients/search", search))["patients"]:
                return str(each["id"])
    raise AssertionError("everybody is booked")


async def adds(noor: Staff, patient: str) -> str:
    """Put a patient into the queue by the page; return the link that it shows."""
    page = noor.page
    await page.goto(f"/queue/add?patient={patient}")
    option = page.get_by_label("Service").locator("option", has_text="Skin visit")
    await page.get_by_label("Service").select_option(await option.get_attribute("value"))
    await page.get_by_label("How soon").select_option("immediate")
    await page.get_by_label("Reason for coming").fill("Rash since Monday")
    await noor.presses("Add to the queue")
    return str(await page.get_by_role("link", name="Visit link").get_attribute("href"))


@dataclass
class Tour:
    """Everybody's pages on the way, each looked at."""

    inspection: Inspection = field(default_factory=Inspection)

    async def waits(self, patient: Patient) -> None:
        """The own place in two directions of writing; away and back."""
        for language in ("ar", "en"):
            await patient.page.goto("about:blank")
            await patient.opens_link(language)
            await expect(patient.page.locator("[data-do=leave]")).to_be_visible(timeout=IN_CALL)
            await self.inspection.look(patient.page, f"own-place-{language}", least=PATIENT)
        await patient.reads("You are next")
        await patient.presses("Leave the waiting room")
        await expect(patient.button("Come back")).to_be_visible()
        await self.inspection.look(patient.page, "own-place-left", least=PATIENT)
        await patient.presses("Come back")
        await patient.reads("You are next")

    async def keeps(self, noor: Staff) -> None:
        """The queue with what can be changed, and where somebody can be sent."""
        await noor.page.reload()
        await noor.page.get_by_text("Change", exact=True).click()
        await self.inspection.look(noor.page, "queue", least=STAFF)
        await noor.page.get_by_role("link", name="Send on").click()
        await self.inspection.look(noor.page, "queue-send", least=STAFF)
        await noor.page.get_by_role("main").get_by_role("link", name="Walk-in queue").click()
        await noor.page.mouse.move(0, 0)

    async def calls(self, doctor: Specialist) -> None:
        """The doctor's own look at the queue, and the next one."""
        await doctor.page.goto("/queue")
        await self.inspection.look(doctor.page, "queue-of-specialist", least=STAFF)
        await doctor.presses("Take the next")


async def test_who_comes_without_an_appointment_sees_their_place_and_then_the_doctor(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> None:
    doctor = await Specialist.at_desk(browser, server, known(manifest, "specialist", 1))
    noor = await Staff.at_desk(browser, server, known(manifest, "clinic_staff"))
    await makes_room(doctor)
    await doctor.opens_clinic()
    await tells(doctor, 0)
    link = await adds(noor, await unbooked(noor, manifest))
    await tells(doctor, 1)
    patient = await Patient.with_phone(browser, server, link)
    for person in (doctor, noor, patient):
        stack.push_async_callback(person.context.close)
    tour = Tour()
    await tour.waits(patient)
    await tour.keeps(noor)
    await tour.calls(doctor)
    await noor.reads("Called", timeout=LIVE)
    await expect(patient.button("Use microphone and camera")).to_be_visible(timeout=CALLED)
    await patient.presses("Use microphone and camera")
    await patient.presses("Go to the waiting room")
    visit = await called(noor)
    await doctor.opens_visit(visit)
    await doctor.admits()
    await patient.looks_at(f"Picture of {doctor.known['name']}")
    await doctor.looks_at("Picture of ")
    told = await doctor.asks("GET", f"/api/v1/visits/{visit}")
    await doctor.frees(visit, told["visit"]["appointment_id"])
    assert tour.inspection.wrong == []
    assert patient.troubles == []


async def tells(doctor: Specialist, waiting: int) -> None:
    """The list of the day says beside it how many wait without an appointment, and leads there."""
    tile = doctor.page.locator(".tile", has_text="waiting in the walk-in queue")
    await expect(tile.locator("dd")).to_have_text(str(waiting), timeout=LIVE)
    await expect(tile.get_by_role("link")).to_have_attribute("href", "/queue")


async def called(noor: Staff) -> str:
    """The visit of whoever was called from Noor's queue."""
    queues = (await noor.asks("GET", "/api/v1/queue"))["queues"]
    (visit,) = [
        each["walk_in"]["visit"] for queue in queues for each in queue["entries"] if each["walk_in"]["visit"]
    ]
    return str(visit)
