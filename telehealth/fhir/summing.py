"""What of a record belongs into a patient's summary: in which section, and in which words."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.recorded import Part, Recorded, State
from telehealth.fhir.allergy import allergy_of
from telehealth.fhir.pulled import NOT_MEASURED, OVER, measured
from telehealth.fhir.recorded import recorded
from telehealth.fhir.spans import BEGIN, DAY, span_of
from telehealth.fhir.text import Resource, words_of

S = State
NOT_IN_USE = frozenset({S.CANCELLED, S.STOPPED, S.ENDED, S.DRAFT, S.NOT_TAKEN, S.PROPOSED})
UNDER_WAY = frozenset({"active", "on-hold"})
SOCIAL = "social-history"
SAID = {S.FORBIDDEN: "must not be taken", S.NOT_GIVEN: "not given", S.UNKNOWN: "state unknown"}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a section; `order` sorts, and of the same `measure` only the newest counts."""

    section: str
    order: datetime
    words: str
    measure: str = ""


def line_of(text: str, house: str) -> Line | None:
    """Return the line of a stored resource that `house` wrote; None for what is no part of a summary."""
    resource: Resource = json.loads(text)
    read = READ.get(resource["resourceType"])
    if read is not None:
        return read(resource, house)
    entry = recorded(text, house)
    section = "" if entry is None else SECTION[resource["resourceType"]](resource, frozenset(entry.states))
    if entry is None or not section:
        return None
    measure = measured(resource) if section == "vital-signs" else ""
    return Line(section, entry.order, _words(entry), measure)


def _allergy(resource: Resource, house: str) -> Line | None:
    """Also what says that none of a kind is known, in the words of whoever wrote it."""
    found = allergy_of(resource)
    codes = {
        each.get("code")
        for name in ("verificationStatus", "clinicalStatus")
        for each in resource.get(name, {}).get("coding", ())
    }
    if found is None and codes & {"refuted", "entered-in-error", "resolved", "inactive"}:
        return None
    told = words_of(resource.get("code", {})) or (found.substance if found else "")
    words = [told or "No known allergy", "high risk" if found and found.severe else ""]
    words.append(found.reaction if found else "")
    return _line("allergies", resource.get("recordedDate", ""), ", ".join(filter(None, words)), house)


def _plan(resource: Resource, house: str) -> Line | None:
    if resource["status"] not in UNDER_WAY:
        return None
    named = (words_of(each) for each in resource.get("category", ()))
    told = [resource.get("title", ""), resource.get("description", ""), *named]
    words = next((each for each in told if each), "Plan")
    return _line("plan", resource.get("period", {}).get("start", ""), words, house)


def _line(section: str, on: str, words: str, house: str) -> Line:
    order = span_of(on)[0] if on else BEGIN
    return Line(section, order, _joined(on[:DAY], words, house))


def _problem(_: Resource, states: frozenset[State]) -> str:
    if S.REFUTED in states:
        return ""
    return "past-problems" if states & OVER else "problems"


def _medication(_: Resource, states: frozenset[State]) -> str:
    return "" if states & NOT_IN_USE else "medications"


def _given(_: Resource, states: frozenset[State]) -> str:
    return "" if S.NOT_GIVEN in states else "immunizations"


def _observed(resource: Resource, states: frozenset[State]) -> str:
    if states & NOT_MEASURED:
        return ""
    if measured(resource):
        return "vital-signs"
    codings = (each for one in resource.get("category", ()) for each in one.get("coding", ()))
    return "social-history" if any(each.get("code") == SOCIAL for each in codings) else "results"


def _reported(_: Resource, states: frozenset[State]) -> str:
    return "" if S.CANCELLED in states else "results"


SECTION: dict[str, Callable[[Resource, frozenset[State]], str]] = {
    "Condition": _problem,
    "MedicationRequest": _medication,
    "MedicationStatement": _medication,
    "Immunization": _given,
    "Observation": _observed,
    "DiagnosticReport": _reported,
}
READ: dict[str, Callable[[Resource, str], Line | None]] = {"AllergyIntolerance": _allergy, "CarePlan": _plan}
SUMMED = (*READ, *SECTION)
"""The types that a summary is made of."""


def _words(entry: Recorded) -> str:
    parts = "; ".join(_part(each) for each in entry.parts)
    states = ", ".join(SAID.get(each, each.value) for each in entry.states)
    named = ": ".join(filter(None, (entry.name, parts)))
    return _joined(entry.on, f"{named} ({states})" if states else named, entry.source)


def _part(part: Part) -> str:
    value = {True: "yes", False: "no"}[part.value] if isinstance(part.value, bool) else part.value
    flags = f" [{', '.join(part.flags)}]" if part.flags else ""
    return f"{f'{part.name} ' if part.name else ''}{value}{flags}"


def _joined(on: str, words: str, house: str) -> str:
    """Return when, what, and who wrote it."""
    return " – ".join(filter(None, (on, words, house)))
