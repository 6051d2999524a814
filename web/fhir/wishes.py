"""A new Appointment as `$book` takes it: for whom and when, at a slot or with anybody, and what it needs."""

from dataclasses import dataclass, replace
from typing import Any

from telehealth.domain.proposal import Proposal, read_proposal
from telehealth.domain.resources import Needs
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.fhir.appointment import LANGUAGES, TRANSLATOR
from telehealth.fhir.modality import way_of
from telehealth.fhir.parameters import reference_id, refusal
from telehealth.fhir.text import Resource
from telehealth.services.booking import BookingRequest
from telehealth.services.proposals import marks_of
from web.readers import Instant, Text

STATES = frozenset({"proposed", "booked"})
INSTANT = Instant()
LANGUAGE = Text(LANGUAGE_LIMIT, 1)


@dataclass(frozen=True, slots=True)
class Places:
    """What a new Appointment says of where and with what: any number of places, and the other needs."""

    locations: list[str]
    needs: Needs


def places_of(where: str, resource: Resource, base: str) -> Places:
    """Return the places, the device and the language of an interpreter that a resource names."""
    others = _actors(where, resource)
    locations = [each for each in others if "Location/" in str(each.get("reference"))]
    field = f"{where}.participant"
    return Places(
        [reference_id(field, each, "Location", f"{base}/") for each in locations],
        Needs(
            device=_one(where, others, "Device", base, needed=False), interpreter=_language(where, resource)
        ),
    )


def wish_of(where: str, resource: Resource, base: str, needs: Needs) -> Proposal | BookingRequest:
    """Return what the resource asks for with these needs; raises BadInput naming the element at fault."""
    if str(resource.get("status")) not in STATES:
        raise refusal(f"{where}.status", "unknown", "A new visit is proposed or booked.")
    actors = _actors(where, resource)
    patient = _one(where, actors, "Patient", base)
    slots = listed(resource, "slot")
    if slots:
        found = read_proposal(reference_id(f"{where}.slot[0]", slots[0], "Slot", base))
        if found is None or found.patient_id or len(slots) > 1:
            raise refusal(f"{where}.slot", "unknown", "Give one slot as it was found.")
        return replace(found, patient_id=patient, need_marks=marks_of(needs), way=way_of(where, resource))
    return BookingRequest(
        patient,
        _one(where, actors, "HealthcareService", base),
        _one(where, actors, "Practitioner", base, needed=False),
        INSTANT.read(resource.get("start"), f"{where}.start"),
        needs=needs,
        modality=way_of(where, resource),
    )


def _actors(where: str, resource: Resource) -> list[Any]:
    """Return who takes part by name; interpreters are asked for by their language."""
    others = [each for each in listed(resource, "participant") if not _interprets(each)]
    found = [each["actor"] for each in others if "actor" in each]
    if not all(isinstance(each, dict) for each in found):
        raise refusal(f"{where}.participant", "malformed", "Name who takes part by a reference.")
    return found


def _interprets(participant: dict[str, Any]) -> bool:
    return TRANSLATOR["code"] in _codes(participant, TRANSLATOR["system"])


def _language(where: str, resource: Resource) -> str:
    """Return for which language a translator takes part; empty without one."""
    asked = [each for each in listed(resource, "participant") if _interprets(each)]
    found = [language for each in asked for language in _codes(each, LANGUAGES)]
    if len(found) != len(asked) or len(found) > 1:
        raise refusal(f"{where}.participant", "unknown", "Name one language for one translator.")
    return LANGUAGE.read(found[0], f"{where}.participant") if found else ""


def _codes(participant: dict[str, Any], system: str) -> list[str]:
    """Return the codes of a system that say what a participant is there for."""
    codings = [coding for each in listed(participant, "type") for coding in listed(each, "coding")]
    return [str(each.get("code")) for each in codings if each.get("system") == system]


def listed(resource: Resource, name: str) -> list[dict[str, Any]]:
    """Return the elements of this name that are objects."""
    found = resource.get(name, [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def one_actor(where: str, resource: Resource, type_: str, base: str, *, needed: bool = True) -> str:
    """Return the id of the participant of this type; without one, empty unless it is `needed`."""
    return _one(where, _actors(where, resource), type_, base, needed=needed)


def _one(where: str, actors: list[Any], type_: str, base: str, *, needed: bool = True) -> str:
    """Return the id of the participant of this type; without one, empty unless it is `needed`."""
    given = [each for each in actors if isinstance(each, dict) and f"{type_}/" in str(each.get("reference"))]
    if len(given) > 1 or (needed and not given):
        raise refusal(f"{where}.participant", "missing", f"Name one {type_}.")
    return reference_id(f"{where}.participant", given[0], type_, f"{base}/") if given else ""
