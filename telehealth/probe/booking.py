"""The coordinator's steps: a patient, the next free time, a booking that is marked as a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from telehealth.domain.visiting import OPENS_BEFORE
from telehealth.probe.answer import Answer
from telehealth.probe.credentials import Credentials
from telehealth.probe.http import Caller
from telehealth.probe.timeline import Timeline
from telehealth.probe.trouble import ServerRefused, Trouble
from telehealth.services.ports import Chance, Clock

SOON = OPENS_BEFORE - timedelta(minutes=10)
"""How far ahead a visit may lie: links open a day before."""
TRIES = 20
"""Free times that are tried when others are faster."""
KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked: ids, and the secret part of the patient's link."""

    appointment: str
    visit: str
    patient: str
    birth_date: str
    token: str


async def find_patient(staff: Caller, credentials: Credentials, timeline: Timeline) -> Answer:
    """Return the patient to book for."""
    async with timeline.step("patient"):
        if credentials.patient_id:
            return await staff.get(f"/api/v1/patients/{credentials.patient_id}")
        for search in credentials.searches:
            found = (await staff.post("/api/v1/patients/search", dict(search))).items("patients")
            if found:
                return found[0]
        raise Trouble("no such patient is known to the specialist's organization")


async def find_slots(staff: Caller, practitioner: str, clock: Clock, timeline: Timeline) -> list[Answer]:
    """Return the specialist's free times that the patient's link would open for already."""
    async with timeline.step("slot") as step:
        catalogue = await staff.get("/api/v1/catalogue")
        services = [
            each.text("id")
            for each in catalogue.items("services")
            if practitioner in each.at("practitioners").value
        ]
        if not services:
            raise Trouble("the specialist offers no service that can be booked")
        now = clock.now()
        query = {"practitioner": practitioner, "start": now.isoformat(), "end": (now + SOON).isoformat()}
        found: list[Answer] = []
        for service in services:
            found += (await staff.get("/api/v1/slots", query | {"service": service})).items("slots")
        if not found:
            raise Trouble("the specialist has no free time within a day")
        found.sort(key=lambda each: each.text("start"))
        step.detail = found[0].text("start")
    return found


async def book(
    staff: Caller, patient: Answer, slots: Sequence[Answer], chance: Chance, timeline: Timeline
) -> Booked:
    """Book the earliest time that nobody else takes meanwhile; the link comes back this once."""
    async with timeline.step("book", seconds=30) as step:
        for slot in slots[:TRIES]:
            try:
                told = await staff.post(
                    "/api/v1/appointments", _wanted(patient, slot), once=chance.token(KEY_BYTES).hex()
                )
            except ServerRefused as refused:
                if refused.code != "slot-taken":
                    raise
                continue
            booked = await _checked(staff, told, patient)
            step.detail = slot.text("start")
            return booked
        raise Trouble("every free time was taken by somebody else meanwhile")


async def _checked(staff: Caller, told: Answer, patient: Answer) -> Booked:
    """Return what was booked; a booking that would count as a real visit is taken back."""
    try:
        told.expect(True, "test")
        return Booked(
            told.text("id"),
            told.text("visit"),
            patient.text("id"),
            patient.text("birth_date"),
            _token(told.text("join_url")),
        )
    except Trouble:
        await staff.quietly("POST", f"/api/v1/appointments/{told.text('id')}/cancel")
        raise


def _wanted(patient: Answer, slot: Answer) -> dict[str, object]:
    return {
        "patient_id": patient.text("id"),
        "service_id": slot.text("service", "id"),
        "practitioner_id": slot.text("practitioner", "id"),
        "start": slot.text("start"),
        "test": True,
    }


def _token(join_url: str) -> str:
    token = urlsplit(join_url).fragment
    if not token:
        raise Trouble("the booking came back without the patient's link")
    return token
