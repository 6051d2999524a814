"""Three in a call: each has exactly the others, and hands that speak stay large."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import IN_CALL, Patient, Person, Specialist, meet

pytestmark = [pytest.mark.journey]
OUT = 5000
"""Milliseconds within which whoever is removed is out, for themselves and for everybody else."""

HAS = """(others) => {
  const live = ({ track }) => track.readyState === "live" && !track.muted;
  const peers = window.__peers.filter((one) => one.connectionState === "connected");
  const of = (one) => one.getReceivers().filter(live).map(({ track }) => track.kind);
  const kinds = peers.map((one) => of(one).sort().join());
  return kinds.length === others && kinds.every((one) => one === "audio,video");
}"""
"""Whether sound and picture come in from so many, and from nobody else."""

HALF = 0.45
SIZES = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const area = ({ width, height }) => width * height;
  return area(box(".guest.pinned")) / area(box(".stage"));
}"""


async def has(others: int, *people: Person, patience: int = IN_CALL) -> None:
    for person in people:
        await person.page.wait_for_function(HAS, arg=others, timeout=patience)


async def test_each_has_exactly_the_others_and_hands_that_speak_stay_large(
    specialist: Specialist, patient: Patient, booked: Booked, phone: Enter
) -> None:
    await meet(specialist, patient, booked.visit)
    await has(1, specialist, patient)
    guests = f"/api/v1/visits/{booked.visit}/guests"
    made = await specialist.asks("POST", guests, {"name": "Noor", "kind": "signer"})
    noor = await phone(made["url"])
    await noor.waits()
    await specialist.asks("POST", f"{guests}/{made['guest']['id']}/let-in", {})
    await has(2, specialist, patient, noor)
    await patient.looks_at("Picture of Noor")
    assert await patient.page.evaluate(SIZES) > HALF
    await expect(noor.page.locator(".guest.large bdi")).to_have_text("Bo L.")

    await patient.presses("More")
    people = patient.page.locator("[data-people] li")
    await expect(people).to_have_count(3)
    for words in ("Noor · Sign language interpreter", "Doctor", "Bo Lindqvist · You"):
        await expect(people.filter(has_text=words)).to_have_count(1)
    inspection = Inspection()
    await inspection.look(patient.page, "patient-call-people-en", least=PATIENT)
    await patient.presses("Back to the call")

    await specialist.asks("POST", f"{guests}/{made['guest']['id']}/remove", {})
    out = noor.page.get_by_role("heading", name="You are no longer invited to this visit.")
    await expect(out).to_be_visible(timeout=OUT)
    await has(1, specialist, patient, patience=OUT)
    await has(0, noor)
    assert inspection.wrong == []
