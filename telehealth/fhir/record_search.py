"""Searching the shared record: parameters of a FHIR search, read strictly, as tests of resources."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from telehealth.domain.record import Head
from telehealth.fhir.links import LINKS, naming_test
from telehealth.fhir.parameters import ID, refusal
from telehealth.fhir.search import asked_date
from telehealth.fhir.spans import BEGIN, END, Span, span_of
from telehealth.fhir.text import Resource
from telehealth.fhir.validation.codes import system_of

COMMA = re.compile(r"(?<!\\),")
BAR = re.compile(r"(?<!\\)\|")
ESCAPED = re.compile(r"\\([,|$\\])")
EFFECTIVE = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming")
OCCURRENCE = ("occurrenceDateTime", "occurrencePeriod", "occurrenceTiming")
ONSET = ("onsetDateTime", "onsetPeriod")
ALWAYS = frozenset({"_id", "_lastUpdated"})
"""Every type is searched by these, and nothing is opened for them."""
HeadTest = Callable[[Head], bool]
Test = Callable[[Resource], bool]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter: its kind, the elements it looks at, and of a code the name of its set."""

    kind: str
    elements: tuple[str, ...]
    codes: str = ""


def _token(*elements: str) -> Parameter:
    return Parameter("token", elements)


def _status(codes: str, element: str = "status") -> Parameter:
    return Parameter("token", (element,), codes)


def _date(*elements: str) -> Parameter:
    return Parameter("date", elements)


CODE, CATEGORY, IDENTIFIER = _token("code"), _token("category"), _token("identifier")
MEDICATION = _token("medicationCodeableConcept")
COMMON = {"code": CODE, "category": CATEGORY, "identifier": IDENTIFIER}
OWN: dict[str, dict[str, Parameter]] = {
    "AllergyIntolerance": {
        "code": CODE,
        "clinical-status": _token("clinicalStatus"),
        "date": _date("recordedDate"),
        "identifier": IDENTIFIER,
    },
    "Observation": {**COMMON, "status": _status("observation-status"), "date": _date(*EFFECTIVE)},
    "DiagnosticReport": {**COMMON, "status": _status("diagnostic-report-status"), "date": _date(*EFFECTIVE)},
    "Condition": {
        **COMMON,
        "clinical-status": _token("clinicalStatus"),
        "verification-status": _token("verificationStatus"),
        "onset-date": _date(*ONSET),
        "recorded-date": _date("recordedDate"),
    },
    "MedicationRequest": {
        "code": MEDICATION,
        "category": CATEGORY,
        "identifier": IDENTIFIER,
        "status": _status("medicationrequest-status"),
        "intent": _status("medicationrequest-intent", "intent"),
        "authoredon": _date("authoredOn"),
    },
    "MedicationStatement": {
        "code": MEDICATION,
        "category": CATEGORY,
        "identifier": IDENTIFIER,
        "status": _status("medication-statement-status"),
        "effective": _date(*EFFECTIVE),
    },
    "Immunization": {
        "vaccine-code": _token("vaccineCode"),
        "identifier": IDENTIFIER,
        "status": _status("immunization-status"),
        "date": _date("occurrenceDateTime"),
    },
    "ServiceRequest": {
        **COMMON,
        "status": _status("request-status"),
        "intent": _status("request-intent", "intent"),
        "authored": _date("authoredOn"),
        "occurrence": _date(*OCCURRENCE),
    },
    "CarePlan": {
        "category": CATEGORY,
        "identifier": IDENTIFIER,
        "status": _status("request-status"),
        "intent": _status("care-plan-intent", "intent"),
        "date": _date("period"),
    },
    "Goal": {
        "category": CATEGORY,
        "identifier": IDENTIFIER,
        "lifecycle-status": _status("goal-status", "lifecycleStatus"),
        "start-date": _date("startDate"),
    },
    "CareTeam": {
        "category": CATEGORY,
        "identifier": IDENTIFIER,
        "status": _status("care-team-status"),
        "date": _date("period"),
    },
    "DocumentReference": {
        "type": _token("type"),
        "category": CATEGORY,
        "identifier": _token("identifier", "masterIdentifier"),
        "status": _status("document-reference-status"),
        "date": _date("date"),
    },
    "Encounter": {"class": _token("class"), "status": _status("encounter-status"), "date": _date("period")},
    "Composition": {
        "type": _token("type"),
        "status": _status("composition-status"),
        "date": _date("date"),
    },
    "Provenance": {"recorded": _date("recorded")},
}
PARAMETERS: dict[str, dict[str, Parameter]] = {
    type_: own | {name: Parameter("reference", link.elements) for name, link in LINKS.get(type_, {}).items()}
    for type_, own in OWN.items()
}
"""What a type is searched by, beside the patient and `ALWAYS`, under R4's names."""
REPEATED = frozenset({"_lastUpdated"}) | {
    name for each in PARAMETERS.values() for name, parameter in each.items() if parameter.kind == "date"
}
"""These narrow the search further each time they stand there."""


def head_test_of(type_: str, name: str, text: str) -> HeadTest:
    """Return the test that one of `ALWAYS` asks for; as `test_of`."""
    parts = _parts(name, text)
    if name == "_id":
        ids = frozenset(each.removeprefix(f"{type_}/") for each in parts)
        if not all(ID.fullmatch(each) for each in ids):
            raise refusal(name, "malformed", "This is no id.")
        return lambda head: head.id in ids
    tests = [_date_test(name, each) for each in parts]
    return lambda head: any(test(_told_at(head)) for test in tests)


def test_of(type_: str, name: str, text: str, base: str) -> Test:
    """Return the test that a parameter asks for; commas part what is enough. Raises BadInput naming it.

    `base` is the address of our FHIR door, for references.
    """
    parts, parameter = _parts(name, text), PARAMETERS[type_][name]
    if parameter.kind == "reference":
        return naming_test(name, LINKS[type_][name], parts, base)
    if parameter.kind == "date":
        tests = [_date_test(name, each) for each in parts]
        return lambda resource: any(
            test(span) for span in _spans(resource, parameter.elements) for test in tests
        )
    return _token_test(parameter, [_asked_token(each) for each in parts])


def _parts(name: str, text: str) -> list[str]:
    parts = [each for each in COMMA.split(text) if each]
    if not parts:
        raise refusal(name, "missing", "Give this parameter a value.")
    return parts


def _told_at(head: Head) -> Span:
    """Return the instant that `meta.lastUpdated` tells: to the millisecond."""
    at = head.updated_at.astimezone(UTC)
    start = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return start, start + timedelta(milliseconds=1)


def _asked_token(text: str) -> tuple[str | None, str]:
    """Return system and code of `system|code`, `|code`, `system|` or `code`; None for any system."""
    parts = [ESCAPED.sub(r"\1", each) for each in BAR.split(text, maxsplit=1)]
    return (None, parts[0]) if len(parts) == 1 else (parts[0], parts[1])


def _token_test(parameter: Parameter, asked: list[tuple[str | None, str]]) -> Test:
    def test(resource: Resource) -> bool:
        return any(
            wanted in {None, system or ""} and asked_code in {"", code}
            for system, code in _tokens(resource, parameter)
            for wanted, asked_code in asked
        )

    return test


def _tokens(resource: Resource, parameter: Parameter) -> Iterator[tuple[str | None, str]]:
    """Walk over system and code of what stands in the elements: codes, concepts and identifiers."""
    for value in _values(resource, parameter.elements):
        if isinstance(value, str):
            yield system_of(parameter.codes), value
            continue
        for each in value.get("coding", (value,)):
            yield each.get("system"), each.get("code", each.get("value", ""))


def _values(resource: Resource, elements: tuple[str, ...]) -> Iterator[Any]:
    for name in elements:
        value = resource.get(name)
        if isinstance(value, list):
            yield from value
        elif value is not None:
            yield value


def _spans(resource: Resource, elements: tuple[str, ...]) -> Iterator[Span]:
    """Walk over the times in these elements: dates, periods, and what a timing names."""
    for value in _values(resource, elements):
        if isinstance(value, str):
            yield span_of(value)
            continue
        repeat = value.get("repeat", {})
        yield from (span_of(each) for each in value.get("event", ()) if each)
        for period in (value, repeat.get("boundsPeriod", {})):
            if "start" in period or "end" in period:
                start = span_of(period["start"])[0] if "start" in period else BEGIN
                yield start, span_of(period["end"])[1] if "end" in period else END


def _date_test(name: str, text: str) -> Callable[[Span], bool]:
    """Return the test of one date with its prefix."""
    prefix, (first, after) = asked_date(name, text)
    within: Callable[[Span], bool] = lambda span: first <= span[0] and span[1] <= after  # noqa: E731
    tests: dict[str, Callable[[Span], bool]] = {
        "eq": within,
        "ne": lambda span: not within(span),
        "gt": lambda span: span[1] > after,
        "lt": lambda span: span[0] < first,
        "ge": lambda span: span[1] > after or within(span),
        "le": lambda span: span[0] < first or within(span),
        "sa": lambda span: span[0] >= after,
        "eb": lambda span: span[1] <= first,
    }
    return tests[prefix]
