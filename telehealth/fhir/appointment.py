"""FHIR R4 Appointment, of what is booked and of a free time that can be (IHE ITI Scheduling)."""

from collections.abc import Sequence
from datetime import datetime

from telehealth.domain.appointment import Appointment, ResourceKind
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner
from telehealth.domain.resources import NOTHING, Needs, Party
from telehealth.domain.series import series_uid
from telehealth.fhir.modality import service_type
from telehealth.fhir.text import Resource, instant, reference

R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment."
"""What R4 has no element for is told as R5 has it (versions.html#extensions)."""
ACTORS = {
    ResourceKind.ROOM: "Location",
    ResourceKind.DEVICE: "Device",
    ResourceKind.INTERPRETER: "HealthcareService",
}
"""R4 lets these take part. A RelatedPerson would be the patient's, while interpreters are the house's."""
TRANSLATOR = {
    "system": "http://terminology.hl7.org/CodeSystem/participant-type",
    "code": "translator",
    "display": "Translator",
}
LANGUAGES = "urn:ietf:bcp:47"
"""The system of languages. For which one a translator is there, R4 has no element but the role's type."""
UID = "urn:ietf:rfc:7986"
"""The system of calendar UIDs, which outlive every move."""


def proposal_to_fhir(
    identifier: str,
    times: tuple[datetime, datetime],
    actors: tuple[Practitioner, HealthcareService, Location],
    patient_id: str = "",
    needs: Needs = NOTHING,
    way: Modality | None = None,
) -> Resource:
    """Return a free time, start and end, as a proposed Appointment with all that it was looked for with.

    Without a `way` it would take place as the service's visits do first of all.
    """
    practitioner, service, location = actors
    start, end = times
    named = [
        reference("Practitioner", practitioner.id) | {"display": practitioner.display},
        reference("HealthcareService", service.id) | {"display": service.name},
        reference("Location", location.id) | {"display": location.name},
    ]
    patient = [reference("Patient", patient_id)] if patient_id else []
    return {
        "resourceType": "Appointment",
        "id": identifier,
        "status": "proposed",
        "serviceType": service_type(way or service.modalities[0]),
        "specialty": [{"text": service.specialty}],
        **_when(start, end),
        "participant": [
            *({"actor": actor, "status": "needs-action"} for actor in [*patient, *named]),
            *(_needed(kind, wanted) | {"status": "needs-action"} for kind, wanted in needs.wants().items()),
        ],
    }


def appointment_to_fhir(appointment: Appointment, parties: Sequence[Party] = ()) -> Resource:
    """Return what is held, booked or over; our states are those of FHIR.

    `parties` are its room (Location), device (Device) and interpreter (HealthcareService, type translator).
    """
    actors = (
        reference("Patient", appointment.patient_id),
        reference("Practitioner", appointment.practitioner_id),
        reference("HealthcareService", appointment.service_id),
        reference("Location", appointment.location_id),
    )
    return {
        "resourceType": "Appointment",
        "id": appointment.id,
        "meta": {"versionId": str(appointment.version)},
        "identifier": [{"system": UID, "value": appointment.uid}],
        **_series(appointment),
        "status": appointment.status.value,
        "serviceType": service_type(appointment.modality),
        **_when(appointment.start, appointment.end),
        "participant": [
            *({"actor": actor, "status": "accepted"} for actor in actors),
            *(_participant(each) for each in parties),
        ],
    }


def _participant(party: Party) -> Resource:
    resource = party.resource
    named = reference(ACTORS[resource.kind], resource.id) | {"display": resource.name}
    kind = _translating(party.wanted) if resource.kind is ResourceKind.INTERPRETER else {}
    return {**kind, "actor": named, "status": "accepted"}


def _needed(kind: ResourceKind, wanted: str) -> Resource:
    """Return who takes part as far as it is known: of an interpreter, the language."""
    if kind is ResourceKind.INTERPRETER:
        return _translating(wanted)
    return {"actor": reference(ACTORS[kind], wanted)}


def _translating(language: str) -> Resource:
    spoken = {"system": LANGUAGES, "code": language}
    return {"type": [{"coding": [TRANSLATOR]}, {"coding": [spoken]}]}


def _series(appointment: Appointment) -> Resource:
    """Return of which series a visit is one, and whether its time was chosen for itself."""
    if not appointment.series_id:
        return {}
    whole = {"type": "Appointment", "identifier": {"system": UID, "value": series_uid(appointment.series_id)}}
    return {
        "extension": [
            {"url": f"{R5}originatingAppointment", "valueReference": whole},
            {"url": f"{R5}occurrenceChanged", "valueBoolean": appointment.apart},
        ]
    }


def _when(start: datetime, end: datetime) -> Resource:
    minutes = int((end - start).total_seconds() // 60)
    return {"start": instant(start), "end": instant(end), "minutesDuration": minutes}
