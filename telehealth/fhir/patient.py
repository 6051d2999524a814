"""FHIR R4 Patient."""

from telehealth.domain.people import Patient
from telehealth.fhir.text import Resource, reference


def patient_to_fhir(patient: Patient) -> Resource:
    """Return the Patient resource; telecom and identifiers only where known."""
    name = {"use": "official"}
    if patient.name.family:
        name["family"] = patient.name.family
    resource: Resource = {
        "resourceType": "Patient",
        "id": patient.id,
        "active": True,
        "name": [name | ({"given": [patient.name.given]} if patient.name.given else {})],
        "gender": patient.gender.value,
        "birthDate": patient.birth_date.isoformat(),
        "communication": [
            {
                "language": {"coding": [{"system": "urn:ietf:bcp:47", "code": patient.language}]},
                "preferred": True,
            }
        ],
        "managingOrganization": reference("Organization", patient.organization_id),
    }
    if patient.identifiers:
        resource["identifier"] = [
            {"system": each.system, "value": each.value} for each in patient.identifiers
        ]
    telecom = [("phone", patient.phone), ("email", patient.email)]
    if any(value for _, value in telecom):
        resource["telecom"] = [{"system": system, "value": value} for system, value in telecom if value]
    return resource
