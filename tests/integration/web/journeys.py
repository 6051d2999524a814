"""How far a visit has come when a test begins: booked, opened, waiting, in the call."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from telehealth.domain.people import Patient, Practitioner
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY
from tests.integration.web.hospital import COORDINATOR, Hospital, Person


async def booked(
    hospital: Hospital, hours: float = 1, by: Practitioner = COORDINATOR, patient: Patient = BO
) -> dict[str, Any]:
    """Kai (or whoever it is) books Bo with Dr Amara for so many hours ahead; returns it with its link."""
    booker = await hospital.staff(by)
    start = hospital.clock.at.replace(minute=0, second=0) + timedelta(hours=hours)
    body = {"patient_id": patient.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
    found = await booker.get(
        "/api/v1/slots",
        params={
            "service": CARDIOLOGY.id,
            "start": start.isoformat().replace("+00:00", "Z"),
            "end": (start + timedelta(hours=6)).isoformat().replace("+00:00", "Z"),
        },
    )
    answer = await booker.post("/api/v1/appointments", body | {"start": found.json["slots"][0]["start"]})
    assert answer.status == 201, answer.text
    return answer.json


def unreachable(hospital: Hospital) -> None:
    """Nothing is on file any more by which Bo could be written to."""
    patients = hospital.units.tables.patients
    patients[BO.id] = replace(patients[BO.id], phone="", email="")


async def opened(hospital: Hospital, appointment: dict[str, Any]) -> Person:
    """Bo opens the link: arrived, not yet waiting."""
    bo = await hospital.visitor()
    token = appointment["join_url"].rpartition("#")[2]
    answer = await bo.post("/api/v1/visit-links/open", {"token": token})
    assert answer.status == 200, answer.text
    bo.csrf = (await bo.get(f"/api/v1/my/{appointment['visit']}")).json["csrf"]
    return bo


async def waiting(hospital: Hospital) -> tuple[str, Person, Person]:
    """Bo sits in the waiting room of Dr Amara: the visit's id, Dr Amara, Bo."""
    appointment = await booked(hospital)
    bo = await opened(hospital, appointment)
    visit = appointment["visit"]
    for step in ("consent", "wait"):
        answer = await bo.post(f"/api/v1/my/{visit}/{step}")
        assert answer.status == 200, answer.text
    return visit, await hospital.staff(AMARA), bo


CONFIRMED = {"identifiers": ["name", "birth-date"], "place": "At home, Lund", "callback": "+46 70 174 06 05"}


async def in_call(hospital: Hospital) -> tuple[str, Person, Person]:
    """Bo is admitted and confirmed."""
    visit, amara, bo = await waiting(hospital)
    assert (await amara.post(f"/api/v1/visits/{visit}/admit")).status == 200
    assert (await amara.put(f"/api/v1/visits/{visit}/confirmation", CONFIRMED)).status == 200
    return visit, amara, bo
