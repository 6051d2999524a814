"""How a visit takes place, as Appointment.serviceType and the search parameter of it say it."""

from telehealth.domain.modality import Modality
from telehealth.fhir.parameters import refusal
from telehealth.fhir.text import Resource

SYSTEM = "urn:telehealth:modality"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
STANDARD = {
    Modality.VIDEO: ("VIDEOCONF", "videoconferencing"),
    Modality.ASSISTED: ("VIDEOCONF", "videoconferencing"),
    Modality.PHONE: ("PHONE", "telephone"),
}
"""What v3-ParticipationMode, which our Encounter speaks too, says of each: no standard tells who assists."""
CODES = {way.value: way for way in Modality} | {"VIDEOCONF": Modality.VIDEO, "PHONE": Modality.PHONE}


def service_type(way: Modality) -> list[Resource]:
    """Return the way in our own words, and in those that others know."""
    code, display = STANDARD[way]
    ours = {"system": SYSTEM, "code": way.value}
    return [{"coding": [ours, {"system": PARTICIPATION, "code": code, "display": display}]}]


def way_from(where: str, text: str) -> Modality:
    """Return the way that a code means, with its system or without; raises BadInput for one of none."""
    found = CODES.get(text.rpartition("|")[2])
    if found is None:
        raise refusal(where, "unknown", "No visit takes place in this way.")
    return found


def way_of(where: str, resource: Resource) -> Modality | None:
    """Return the way that a resource's serviceType names, ours before theirs; None where it names none."""
    types = resource.get("serviceType")
    codings = [
        coding
        for each in (types if isinstance(types, list) else [])
        for coding in (each.get("coding") if isinstance(each, dict) else None) or []
        if isinstance(coding, dict)
    ]
    for system in (SYSTEM, PARTICIPATION):
        for each in codings:
            if each.get("system") == system:
                return way_from(f"{where}.serviceType", str(each.get("code")))
    return None
