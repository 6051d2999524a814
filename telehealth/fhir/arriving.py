"""What the shared record has to know of a resource that arrives: whose it is, and by what it is found."""

from telehealth.domain.people import Identifier
from telehealth.fhir.parameters import reference_id, refusal
from telehealth.fhir.text import Resource

PATIENT = {"AllergyIntolerance": "patient", "Immunization": "patient"}
"""The element that names the patient, where it is not `subject`."""
MOST_IDENTIFIERS = 20


def patient_element(type_: str) -> str:
    """Return where a type names its patient, `Observation.subject`."""
    return f"{type_}.{PATIENT.get(type_, 'subject')}"


def patient_of(resource: Resource, base: str) -> str:
    """Return the patient's id; raises BadInput for a resource about nobody, or somebody of another server.

    `base` is our own address; absolute references below it are ours too.
    """
    where = patient_element(str(resource["resourceType"]))
    named = resource.get(where.rpartition(".")[2])
    if named is None:
        raise refusal(where, "required", "Name the patient.")
    return reference_id(where, named, "Patient", f"{base}/")


def identifiers_of(resource: Resource) -> list[Identifier]:
    """Return by what a valid resource is found again; raises BadInput beyond a number that nobody needs."""
    listed = [*resource.get("identifier", ()), resource.get("masterIdentifier", {})]
    found = [Identifier(each.get("system", ""), each["value"]) for each in listed if "value" in each]
    if len(found) > MOST_IDENTIFIERS:
        where = f"{resource['resourceType']}.identifier"
        raise refusal(where, "too-many", f"At most {MOST_IDENTIFIERS} identifiers are kept.")
    return found
