"""The whole path as people walk it: book, link, waiting room, Admit, both pictures, note, record."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.journeys.booking import books
from tests.journeys.conftest import Enter
from tests.journeys.elsewhere import AGAIN
from tests.journeys.people import LIVE, SOON, Patient, Specialist, Staff
from tests.journeys.portrait import BO, DOCTOR, is_drawn

pytestmark = [pytest.mark.journey]
PICTURE = Path(__file__).parents[1] / "data" / "screens" / "consult-1366.png"
PAINTED = os.environ.get("UPDATE_SCREENS") == "1"
"""Whether the README's picture is to be made anew."""
NOTE = {
    "history": "Palpitations for 3 weeks, worse at night.",
    "findings": "Pulse regular, 76.",
    "assessment": "Benign extrasystoles.",
    "plan": "Reassure. Less coffee.",
}


async def arrives(patient: Patient, specialist: Specialist) -> str:
    """The clinic's page shows the first press, then the waiting room; return the visit's id."""
    await patient.opens_link()
    async with patient.page.expect_response("**/visit-links/open") as opened:
        await patient.presses("Use microphone and camera")
    visit = str((await (await opened.value).json())["visit"])
    await specialist.finds(visit)
    await expect(specialist.row(visit)).to_contain_text("Testing camera")
    await expect(patient.page.get_by_label("Your own picture").filter(visible=True)).to_have_count(1)
    await patient.looks_at("Your own picture")
    await patient.presses("Go to the waiting room")
    await expect(specialist.row(visit)).to_contain_text("In room", timeout=LIVE)
    await specialist.is_told("Lindqvist, Bo is in the waiting room", timeout=LIVE)
    await expect(patient.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
    return visit


async def keeps_in_the_record(specialist: Specialist, visit: str) -> None:
    """Type, read "Saved", sign, read where it is kept."""
    await specialist.confirms()
    await specialist.writes(**NOTE)
    await specialist.page.get_by_label("Outcome").select_option(label="Follow-up by video")
    await specialist.page.get_by_label("When", exact=True).fill("in 2 weeks")
    await specialist.sees_saved()
    if PAINTED:
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        await specialist.page.mouse.move(0, 0)
        await specialist.page.screenshot(path=PICTURE)
    await specialist.presses("Sign and send")
    await specialist.reads("In the shared record, version 1")
    for words in NOTE.values():
        await expect(specialist.page.locator("#signed")).to_contain_text(words)
    note = await specialist.asks("GET", f"/api/v1/visits/{visit}/note")
    await in_fhir(specialist, note["record"])


async def in_fhir(specialist: Specialist, record: dict[str, Any]) -> None:
    """Read the resources through the signed-in session."""
    composition = await specialist.asks("GET", f"/fhir/R4/Composition/{record['composition']}")
    encounter = await specialist.asks("GET", f"/fhir/R4/Encounter/{record['encounter']}")
    assert (composition["resourceType"], composition["status"]) == ("Composition", "final")
    assert composition["encounter"]["reference"].endswith(record["encounter"])
    texts = " ".join(section["text"]["div"] for section in composition["section"])
    assert all(words in texts for words in NOTE.values())
    assert encounter["class"]["code"] == "VR"
    patient = encounter["subject"]["reference"].rpartition("Patient/")[2]
    person = await specialist.asks("GET", f"/fhir/R4/Patient/{patient}")
    assert person["name"][0]["family"] == "Lindqvist"


async def test_a_booked_slot_becomes_a_signed_note_in_the_shared_record(
    coordinator: Staff, specialist: Specialist, phone: Enter
) -> None:
    if PAINTED:
        await is_drawn(specialist, DOCTOR)
    await specialist.opens_clinic()
    link = await books(coordinator.page, specialist.known["name"])
    patient = await phone(link)
    if PAINTED:
        await is_drawn(patient, BO)
    visit = await arrives(patient, specialist)
    await specialist.row(visit).get_by_role("button", name="Admit").click()
    await specialist.looks_at("Picture of Bo Lindqvist")
    await patient.looks_at(f"Picture of {specialist.known['name']}")
    await keeps_in_the_record(specialist, visit)
    await specialist.presses("End visit")
    await expect(patient.page.get_by_role("heading", name="Your visit has ended")).to_be_visible(timeout=SOON)
    await patient.reads("You will have another visit by video.")
    await patient.reads("When: in 2 weeks")
    await specialist.reads("The visit has ended.")
    await specialist.page.get_by_role("link", name="Clinic today").last.click()
    await expect(specialist.row(visit)).to_contain_text("Done", timeout=LIVE)
    assert [each.troubles for each in (coordinator, specialist, patient)] == [[], [], []]


async def test_a_stranger_reads_neither_the_visit_nor_its_record(
    coordinator: Staff, specialist: Specialist, phone: Enter, booked: Any
) -> None:
    for path in (f"/clinic/{booked.visit}", f"/api/v1/visits/{booked.visit}", f"/v/{booked.visit}"):
        answer = await coordinator.context.request.get(path, max_redirects=0, max_retries=AGAIN)
        body = await answer.text()
        assert answer.status in {302, 303, 403, 404} or "Lindqvist" not in body, path
    patient = await phone()
    answer = await patient.context.request.get(f"/api/v1/my/{booked.visit}", max_retries=AGAIN)
    assert answer.status in {401, 404}
