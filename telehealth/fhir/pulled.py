"""What a note takes over from the record: problems that hold now, and the newest of each vital sign."""

import json
from collections.abc import Iterable

from telehealth.domain.recorded import Recorded, State
from telehealth.fhir.recorded import recorded
from telehealth.fhir.text import Resource

LOINC = "http://loinc.org"
VITALS = {
    "85354-9": "blood pressure",
    "8867-4": "heart rate",
    "9279-1": "respiratory rate",
    "59408-5": "oxygen saturation",
    "2708-6": "oxygen saturation",
    "8310-5": "temperature",
    "29463-7": "weight",
    "8302-2": "height",
    "39156-5": "body mass index",
    "2339-0": "glucose",
    "15074-8": "glucose",
}
"""LOINC's codes of vital signs, and what each measures."""
OVER = frozenset({State.RESOLVED, State.INACTIVE, State.REMISSION, State.REFUTED})
NOT_MEASURED = frozenset({State.CANCELLED, State.UNKNOWN})


def holding(entries: Iterable[tuple[str, str]]) -> list[Recorded]:
    """Return the problems that hold, newest first, of Conditions as text, each with its house."""
    found = (recorded(text, house) for text, house in entries)
    held = [each for each in found if each is not None and not OVER & set(each.states)]
    return sorted(held, key=lambda each: each.order, reverse=True)


def latest(entries: Iterable[tuple[str, str]]) -> list[Recorded]:
    """Return the newest value of each vital sign, of Observations as text, each with its house."""
    newest: dict[str, Recorded] = {}
    for text, house in entries:
        vital = measured(json.loads(text))
        each = recorded(text, house) if vital else None
        if each is None or not each.parts or NOT_MEASURED & set(each.states):
            continue
        if vital not in newest or each.order >= newest[vital].order:
            newest[vital] = each
    return [newest[one] for one in dict.fromkeys(VITALS.values()) if one in newest]


def measured(resource: Resource) -> str:
    """Return which vital sign an Observation measures; empty where it is no vital sign."""
    codes = resource.get("code", {}).get("coding", ())
    return next((VITALS[one["code"]] for one in codes if _is_vital(one)), "")


def _is_vital(coding: Resource) -> bool:
    return coding.get("system") == LOINC and coding.get("code") in VITALS
