"""FHIR R4 AllergyIntolerance: what a patient is allergic to, or that no allergy is known."""

from datetime import datetime

from telehealth.domain.allergies import Allergy, Over
from telehealth.fhir.text import Resource, coding, instant, reference, words_of

CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
SNOMED = "http://snomed.info/sct"
NO_KNOWN_ALLERGY = "716186003"
"""SNOMED CT: No known allergy (situation); the International Patient Summary names it so."""
NONE_OF_A_KIND = frozenset({"409137002", "429625007", "428607008", "716184000"})
"""SNOMED CT: no known allergy to drugs, food, surroundings, latex: neither an allergy nor none at all."""
GONE = frozenset({"refuted", "entered-in-error"})


def allergy_to_fhir(
    allergy: Allergy, *, patient_id: str, at: datetime, encounter_id: str = "", recorder_id: str = ""
) -> Resource:
    """Return the AllergyIntolerance as it is first written; where and by whom it was heard, if known."""
    resource: Resource = {
        "resourceType": "AllergyIntolerance",
        "id": allergy.id,
        "clinicalStatus": _status(CLINICAL, "active"),
        "verificationStatus": _status(VERIFICATION, "confirmed"),
        "code": _code(allergy),
        "patient": reference("Patient", patient_id),
        "recordedDate": instant(at),
    }
    if encounter_id:
        resource["encounter"] = reference("Encounter", encounter_id)
    if recorder_id:
        resource["recorder"] = reference("Practitioner", recorder_id)
    return resource if allergy.none else described(resource, allergy)


def described(resource: Resource, allergy: Allergy) -> Resource:
    """Return the resource with what is known now of the reaction, and how dangerous the next one is."""
    changed = {key: value for key, value in resource.items() if key != "reaction"}
    changed["criticality"] = "high" if allergy.severe else "low"
    if allergy.reaction:
        changed["reaction"] = [{"manifestation": [{"text": allergy.reaction}]}]
    return changed


def ended(resource: Resource, why: Over) -> Resource:
    """Return the resource as it stands once the allergy holds no longer.

    What was a mistake has no clinical status (FHIR R4 invariant ait-2).
    """
    if why is Over.RESOLVED:
        return resource | {"clinicalStatus": _status(CLINICAL, "resolved")}
    changed = {key: value for key, value in resource.items() if key != "clinicalStatus"}
    return changed | {"verificationStatus": _status(VERIFICATION, "entered-in-error")}


def allergy_of(resource: Resource) -> Allergy | None:
    """Return the allergy that a resource speaks of, whoever wrote it; None where it holds no longer."""
    if "active" not in _codes(resource, "clinicalStatus", "active"):
        return None
    if GONE & _codes(resource, "verificationStatus", "confirmed"):
        return None
    said = resource.get("code", {})
    codes = {each.get("code") for each in said.get("coding", ())}
    if NO_KNOWN_ALLERGY in codes:
        return Allergy(resource["id"], none=True)
    if NONE_OF_A_KIND & codes:
        return None
    found = [
        words_of(manifestation)
        for reaction in resource.get("reaction", ())
        for manifestation in reaction.get("manifestation", ())
    ]
    return Allergy(
        resource["id"],
        _substance(resource),
        ", ".join(each for each in found if each),
        severe=resource.get("criticality") == "high",
    )


def _code(allergy: Allergy) -> Resource:
    if allergy.none:
        return {"coding": [coding(SNOMED, NO_KNOWN_ALLERGY, "No known allergy")]}
    return {"text": allergy.substance}


def _substance(resource: Resource) -> str:
    """Return what it is an allergy to; a bare code where nobody wrote a word of it."""
    said = resource.get("code", {})
    taken = (words_of(each.get("substance", {})) for each in resource.get("reaction", ()))
    bare = (each.get("code") for each in said.get("coding", ()))
    return next((each for each in (words_of(said), *taken, *bare) if each), "")


def _status(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _codes(resource: Resource, field: str, missing: str) -> set[str]:
    """Return the codes of a status; what carries none counts as `missing`."""
    return {each.get("code", "") for each in resource.get(field, {}).get("coding", ())} or {missing}
