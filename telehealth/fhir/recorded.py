"""Resources from outside as lines that a specialist reads: text as it was sent, cut where it is too long."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from telehealth.domain.recorded import Kind, Part, Recorded, State
from telehealth.fhir.spans import BEGIN, DAY, span_of
from telehealth.fhir.text import Resource, words_of

KINDS: dict[str, Kind] = {
    "Condition": Kind.PROBLEM,
    "MedicationRequest": Kind.MEDICATION,
    "MedicationStatement": Kind.MEDICATION,
    "Observation": Kind.RESULT,
    "DiagnosticReport": Kind.RESULT,
    "Immunization": Kind.IMMUNIZATION,
}
"""What is shown beside the call, and as what."""
NAME_LIMIT, VALUE_LIMIT, FLAG_LIMIT, MOST_PARTS = 200, 500, 60, 30
WRONG = "entered-in-error"
PLAIN = frozenset({"final", "active", "confirmed"})
STATES: dict[str, State] = {
    "registered": State.PRELIMINARY,
    "partial": State.PRELIMINARY,
    "preliminary": State.PRELIMINARY,
    "amended": State.CORRECTED,
    "corrected": State.CORRECTED,
    "appended": State.CORRECTED,
    "cancelled": State.CANCELLED,
    "on-hold": State.PAUSED,
    "stopped": State.STOPPED,
    "completed": State.ENDED,
    "draft": State.DRAFT,
    "intended": State.PLANNED,
    "not-taken": State.NOT_TAKEN,
    "not-done": State.NOT_GIVEN,
    "inactive": State.INACTIVE,
    "remission": State.REMISSION,
    "resolved": State.RESOLVED,
    "recurrence": State.RECURRING,
    "relapse": State.RECURRING,
    "unconfirmed": State.UNCONFIRMED,
    "provisional": State.UNCONFIRMED,
    "differential": State.UNCONFIRMED,
    "refuted": State.REFUTED,
}
"""R4's codes by what they mean to a reader; all others are of unknown state."""
WISHES = frozenset({"proposal", "plan", "option"})
"""Intents of who has prescribed nothing yet."""
KNOWN = PLAIN | STATES.keys() | {WRONG}
FLAGS = frozenset({"H", "L", "HH", "LL", "N", "A", "AA", "POS", "NEG"})
"""HL7's interpretations that have words of ours; others are shown in their writer's."""
TIMES = {
    "Condition": ("onsetDateTime", "onsetPeriod", "recordedDate"),
    "MedicationRequest": ("authoredOn",),
    "MedicationStatement": ("effectiveDateTime", "effectivePeriod", "dateAsserted"),
    "Observation": ("effectiveDateTime", "effectiveInstant", "effectivePeriod", "effectiveTiming", "issued"),
    "DiagnosticReport": ("effectiveDateTime", "effectivePeriod", "issued"),
    "Immunization": ("occurrenceDateTime", "recorded"),
}


def recorded(text: str, source: str) -> Recorded | None:
    """Return what a stored resource says, numbers to the letter; None where it was entered in error."""
    resource: Resource = json.loads(text, parse_float=str, parse_int=str)
    type_ = resource["resourceType"]
    codes = _status_codes(resource)
    if WRONG in codes:
        return None
    at = _at(resource, TIMES[type_])
    return Recorded(
        KINDS[type_],
        _cut(_name(resource), NAME_LIMIT),
        at[:DAY],
        span_of(at)[0] if at else BEGIN,
        _states(resource, codes),
        _parts(resource),
        source,
    )


def _status_codes(resource: Resource) -> list[str]:
    """Return the codes of what R4 has as status of this type: one word, or concepts of a problem."""
    codes = [resource["status"]] if "status" in resource else []
    for name in ("clinicalStatus", "verificationStatus"):
        said = {each.get("code", "") for each in resource.get(name, {}).get("coding", ())}
        codes += sorted(said & KNOWN or said)  # a house may add codes of its own to R4's
    return codes


def _states(resource: Resource, codes: list[str]) -> tuple[State, ...]:
    type_ = resource["resourceType"]
    told = [each for each in codes if each not in PLAIN]
    if type_ == "Immunization":
        told = [each for each in told if each != "completed"]
    found = [STATES.get(each, State.UNKNOWN) for each in told]
    if type_ == "MedicationRequest" and resource["intent"] in WISHES:
        found.append(State.PROPOSED)
    if resource.get("doNotPerform"):
        found.insert(0, State.FORBIDDEN)
    return tuple(found)


def _name(resource: Resource) -> str:
    for name in ("code", "vaccineCode", "medicationCodeableConcept"):
        if name in resource:
            return _concept(resource[name])
    named = resource.get("medicationReference", {})
    inside = str(named.get("reference", "")).removeprefix("#")
    codes = [each.get("code", {}) for each in resource.get("contained", ()) if each.get("id") == inside]
    return named.get("display") or next((_concept(each) for each in codes), "")


def _concept(concept: Resource) -> str:
    """Return the words of a concept; a bare code where nobody wrote a word."""
    bare = (each.get("code", "") for each in concept.get("coding", ()))
    return words_of(concept) or next((each for each in bare if each), "")


def _at(resource: Resource, names: tuple[str, ...]) -> str:
    for name in names:
        value = resource.get(name, "")
        if isinstance(value, dict):
            events = (each for each in value.get("event", ()) if each)
            value = value.get("start") or value.get("end") or next(events, "")
        if value:
            return str(value)
    return ""


def _parts(resource: Resource) -> tuple[Part, ...]:
    if resource["resourceType"] == "Observation":
        parts = [_part(resource), *(_part(each, each["code"]) for each in resource.get("component", ()))]
    else:
        parts = [Part(_cut(each, VALUE_LIMIT)) for each in _sentences(resource)]
    found = [each for each in parts if each.value != "" or each.flags]
    return (*found[:MOST_PARTS], Part("…")) if len(found) > MOST_PARTS else tuple(found)


def _sentences(resource: Resource) -> Iterator[str]:
    """Walk over what is written in words: how to take it, what a report concludes, when it was given."""
    for dosage in (*resource.get("dosageInstruction", ()), *resource.get("dosage", ())):
        yield dosage.get("text") or dosage.get("patientInstruction", "")
    yield resource.get("conclusion", "")
    if not resource.get("conclusion"):
        yield from (_concept(each) for each in resource.get("conclusionCode", ()))
    yield resource.get("occurrenceString", "")


def _part(holder: Resource, code: Resource | None = None) -> Part:
    found = (read(holder[name]) for name, read in VALUES.items() if name in holder)
    value = next(found, "")
    if value == "":
        value = _concept(holder.get("dataAbsentReason", {}))
    flags = tuple(_flag(each) for each in holder.get("interpretation", ()))
    name = _cut(_concept(code), NAME_LIMIT) if code else ""
    return Part(_cut(value, VALUE_LIMIT) if isinstance(value, str) else value, flags, name)


def _flag(concept: Resource) -> str:
    codes = (each.get("code", "") for each in concept.get("coding", ()))
    return next((each for each in codes if each in FLAGS), "") or _cut(_concept(concept), FLAG_LIMIT)


def _quantity(quantity: Resource) -> str:
    number = f"{quantity.get('comparator', '')}{quantity.get('value', '')}"
    return f"{number} {quantity.get('unit') or quantity.get('code', '')}".strip()


def _range(value: Resource) -> str:
    return " – ".join(_quantity(value[name]) if name in value else "…" for name in ("low", "high"))


def _ratio(value: Resource) -> str:
    return " : ".join(_quantity(value.get(name, {})) for name in ("numerator", "denominator"))


def _period(value: Resource) -> str:
    return " – ".join(value.get(name, "…") for name in ("start", "end"))


VALUES: dict[str, Callable[[Any], str | bool]] = {
    "valueQuantity": _quantity,
    "valueCodeableConcept": _concept,
    "valueString": str,
    "valueBoolean": bool,
    "valueInteger": str,
    "valueRange": _range,
    "valueRatio": _ratio,
    "valueTime": str,
    "valueDateTime": str,
    "valuePeriod": _period,
}
"""How each sort of value is written; samples of a curve are no words."""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
