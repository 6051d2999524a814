"""FHIR R4 Encounter of a virtual visit (class VR)."""

from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.fhir.modality import PARTICIPATION
from telehealth.fhir.text import Resource, instant, reference

STATUS: dict[VisitStatus, str] = {
    VisitStatus.BOOKED: "planned",
    VisitStatus.ARRIVED: "arrived",
    VisitStatus.WAITING: "arrived",
    VisitStatus.IN_PROGRESS: "in-progress",
    VisitStatus.FINISHED: "finished",
    VisitStatus.COMPLETED: "finished",
    VisitStatus.CANCELLED: "cancelled",
    VisitStatus.MISSED: "cancelled",
    VisitStatus.UNSEEN: "cancelled",
}
"""Our status → http://hl7.org/fhir/encounter-status."""

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def encounter_to_fhir(visit: Consultation) -> Resource:
    """Return the Encounter; the period is that of the call itself.

    Class VR covers a telephone conference too (v3-ActCode); that it was one, the type says.
    """
    resource: Resource = {
        "resourceType": "Encounter",
        "id": visit.id,
        "status": STATUS[visit.status],
        "class": {"system": ACT_CODE, "code": "VR", "display": "virtual"},
        "subject": reference("Patient", visit.patient_id),
        "participant": [{"individual": reference("Practitioner", visit.practitioner_id)}],
        "appointment": [reference("Appointment", visit.appointment_id)],
        "serviceProvider": reference("Organization", visit.organization_id),
    }
    if visit.call_on:
        resource["type"] = [{"coding": [{"system": PARTICIPATION, "code": "PHONE", "display": "telephone"}]}]
    if visit.admitted_at is not None:
        period = {"start": instant(visit.admitted_at)}
        if visit.ended_at is not None:
            period["end"] = instant(visit.ended_at)
        resource["period"] = period
    return resource
