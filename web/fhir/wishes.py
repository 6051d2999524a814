"""A new Appointment as `$book` takes it: for whom and when, at a slot or with anybody who offers it."""

from typing import Any

from telehealth.domain.proposal import Proposal, read_proposal
from telehealth.fhir.parameters import reference_id, refusal
from telehealth.fhir.text import Resource
from telehealth.services.booking import BookingRequest
from web.readers import Instant

STATES = frozenset({"proposed", "booked"})
INSTANT = Instant()


def wish_of(where: str, resource: Resource, base: str) -> Proposal | BookingRequest:
    """Return what the resource asks for; raises BadInput naming the element at fault."""
    if resource.get("status") not in STATES:
        raise refusal(f"{where}.status", "unknown", "A new visit is proposed or booked.")
    actors = [each.get("actor") for each in _listed(resource, "participant")]
    patient = _one(where, actors, "Patient", base)
    slots = _listed(resource, "slot")
    if slots:
        found = read_proposal(reference_id(f"{where}.slot[0]", slots[0], "Slot", base))
        if found is None or found.patient_id or len(slots) > 1:
            raise refusal(f"{where}.slot", "unknown", "Give one slot as it was found.")
        return Proposal(found.start, found.service_mark, found.practitioner_mark, patient)
    return BookingRequest(
        patient,
        _one(where, actors, "HealthcareService", base),
        _one(where, actors, "Practitioner", base, needed=False),
        INSTANT.read(resource.get("start"), f"{where}.start"),
    )


def _listed(resource: Resource, name: str) -> list[dict[str, Any]]:
    found = resource.get(name, [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _one(where: str, actors: list[Any], type_: str, base: str, *, needed: bool = True) -> str:
    """Return the id of the participant of this type; without one, empty unless it is `needed`."""
    given = [each for each in actors if isinstance(each, dict) and f"{type_}/" in str(each.get("reference"))]
    if len(given) > 1 or (needed and not given):
        raise refusal(f"{where}.participant", "missing", f"Name one {type_}.")
    return reference_id(f"{where}.participant", given[0], type_, f"{base}/") if given else ""
