"""FHIR R4 Appointment in the state `waitlist`: somebody who waits for a time that nobody has yet."""

from telehealth.domain.waitlist import Waiting
from telehealth.fhir.text import Resource, instant, reference


def wish_to_fhir(one: Waiting, *, cancelled: bool = False) -> Resource:
    """Return a wish; the days come as requestedPeriod, and nobody but the patient has accepted."""
    others = [reference("HealthcareService", one.service_id)]
    if one.practitioner_id:
        others.append(reference("Practitioner", one.practitioner_id))
    return {
        "resourceType": "Appointment",
        "id": one.id,
        "meta": {"versionId": str(one.version)},
        "status": "cancelled" if cancelled else "waitlist",
        "created": instant(one.since),
        "requestedPeriod": [{"start": one.first.isoformat(), "end": one.last.isoformat()}],
        "participant": [
            {"actor": reference("Patient", one.patient_id), "status": "accepted"},
            *({"actor": actor, "status": "needs-action"} for actor in others),
        ],
    }
