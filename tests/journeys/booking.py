"""A fresh visit for each journey, booked through the JSON API: none depends on what another has used up."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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


async def book(staff: Staff, patient: str, practitioner: str) -> Booked:
    """Book the next free time of a specialist for a patient."""
    catalogue = await staff.asks("GET", "/api/v1/catalogue")
    service = next(each["id"] for each in catalogue["services"] if practitioner in each["practitioners"])
    now = datetime.now(UTC)
    asked = f"service={service}&practitioner={practitioner}&start={_text(now)}&end={_text(now + WITHIN)}"
    found = await staff.asks("GET", f"/api/v1/slots?{asked}")
    body = {"patient_id": patient, "service_id": service, "practitioner_id": practitioner}
    told = await staff.asks("POST", "/api/v1/appointments", body | {"start": found["slots"][0]["start"]})
    return Booked(told["visit"], told["id"], patient, told["join_url"])


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
