"""A search of the record finds what it asks for: codes with their systems, times as FHIR compares them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from telehealth.domain.errors import BadInput
from telehealth.domain.record import Head
from telehealth.fhir.record_search import ALWAYS, PARAMETERS, head_test_of
from telehealth.fhir.record_search import test_of as search_test
from tests.arrivals import (
    CONDITION,
    DOCUMENT,
    IMMUNIZATION,
    LOINC,
    PLAN,
    PRESSURE,
    REFERRAL,
    REPORT,
    REQUEST,
    WEIGHT,
)

BASE = "http://clinic.example/fhir/R4"
AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


def found(resource: dict[str, Any], name: str, text: str) -> bool:
    type_ = resource["resourceType"]
    if name in ALWAYS:
        return head_test_of(type_, name, text)(Head("res-1", 1, AT, 1))
    return search_test(type_, name, text, BASE)(resource)


@pytest.mark.parametrize(
    "resource, name, text, hit",
    [
        (WEIGHT, "code", "29463-7", True),
        (WEIGHT, "code", f"{LOINC}|29463-7", True),
        (WEIGHT, "code", f"{LOINC}|", True),
        (WEIGHT, "code", "8302-2,29463-7", True),
        (WEIGHT, "code", "|29463-7", False),
        (WEIGHT, "code", "http://snomed.info/sct|29463-7", False),
        (WEIGHT, "code", "29463", False),
        (WEIGHT, "category", "vital-signs", True),
        (WEIGHT, "status", "final", True),
        (WEIGHT, "status", "http://hl7.org/fhir/observation-status|final", True),
        (WEIGHT, "status", "preliminary,amended", False),
        (WEIGHT, "identifier", "https://lab.example/reports|w-1", True),
        (WEIGHT, "identifier", "w-2", False),
        (WEIGHT, "_id", "res-1", True),
        (WEIGHT, "_id", "res-2,res-1", True),
        (WEIGHT, "_id", "res-2", False),
        (DOCUMENT, "identifier", "urn:ietf:rfc:3986|urn:oid:1.2.3", True),
        (DOCUMENT, "type", "18842-5", True),
        (DOCUMENT, "date", "2026-11", True),
        (REQUEST, "code", "387467008", True),
        (REQUEST, "intent", "http://hl7.org/fhir/CodeSystem/medicationrequest-intent|order", True),
        (IMMUNIZATION, "vaccine-code", "207", True),
        (CONDITION, "clinical-status", "resolved", True),
        (REFERRAL, "category", "x", False),
        ({"resourceType": "Observation", "code": {"coding": [{"code": "a|b,c"}]}}, "code", "a\\|b\\,c", True),
    ],
)
def test_tokens(resource: dict[str, Any], name: str, text: str, hit: bool) -> None:
    assert found(resource, name, text) is hit


HELD = WEIGHT | {"encounter": {"reference": f"{BASE}/Encounter/v1/_history/2"}}
SHOWN = DOCUMENT | {"context": {"encounter": [{"reference": "Encounter/v1"}]}}
ELSEWHERE = WEIGHT | {"encounter": {"reference": "https://other.example/fhir/Encounter/v1"}}


@pytest.mark.parametrize(
    "resource, name, text, hit",
    [
        (HELD, "encounter", "Encounter/v1", True),
        (HELD, "encounter", f"{BASE}/Encounter/v1", True),
        (HELD, "encounter", "v2,v1", True),
        (HELD, "encounter", "Observation/v1", False),
        (HELD, "encounter", "v2", False),
        (WEIGHT, "encounter", "v1", False),
        (ELSEWHERE, "encounter", "v1", False),
        (SHOWN, "encounter", "v1", True),
        (REPORT, "result", "Observation/some", True),
        (PLAN, "goal", "weight", True),
        (PLAN, "condition", "weight", False),
    ],
)
def test_references(resource: dict[str, Any], name: str, text: str, hit: bool) -> None:
    assert found(resource, name, text) is hit


DAY, PERIOD = WEIGHT, REPORT
OPEN: dict[str, Any] = {"resourceType": "Observation", "effectivePeriod": {"start": "2026-11-20"}}
TIMED = REFERRAL | {"occurrenceTiming": {"repeat": {"boundsPeriod": {"end": "2026-01"}}}}


@pytest.mark.parametrize(
    "resource, name, text, hit",
    [
        (DAY, "date", "2026-11-21", True),
        (DAY, "date", "2026-11", True),
        (DAY, "date", "2026", True),
        (DAY, "date", "2026-11-21T10:00:00Z", False),
        (DAY, "date", "ne2026-11-21", False),
        (DAY, "date", "ge2026-11-21", True),
        (DAY, "date", "gt2026-11-21", False),
        (DAY, "date", "le2026-11-21", True),
        (DAY, "date", "lt2026-11-21", False),
        (DAY, "date", "sa2026-11-20", True),
        (DAY, "date", "eb2026-11-21", False),
        (DAY, "date", "gt2026-11-21T12:00:00Z", True),
        (DAY, "date", "2026-01,2026-11-21", True),
        (PERIOD, "date", "2026-11-19", False),
        (PERIOD, "date", "gt2026-11-19", True),
        (PERIOD, "date", "2026-11", True),
        (OPEN, "date", "gt2100", True),
        (OPEN, "date", "lt2026-11-20", False),
        (PRESSURE, "date", "2026-11-20T08:30Z", True),
        (PRESSURE, "date", "2026-11-20T09:30:10+01:00", True),
        (REFERRAL, "occurrence", "2026-12-01", True),
        (TIMED, "occurrence", "lt2026", True),
        (CONDITION, "onset-date", "ge1900", False),
        (WEIGHT, "_lastUpdated", "2026-11-23", True),
        (WEIGHT, "_lastUpdated", "gt2026-11-23T09:00:00.123Z", False),
        (WEIGHT, "_lastUpdated", "gt2026-11-23T09:00:00.122Z", True),
        (WEIGHT, "_lastUpdated", "lt2026-11-23", False),
    ],
)
def test_times(resource: dict[str, Any], name: str, text: str, hit: bool) -> None:
    assert found(resource, name, text) is hit


@pytest.mark.parametrize(
    "name, text",
    [
        ("date", "yesterday"),
        ("date", "ap2026"),
        ("date", "2026-02-30"),
        ("date", "2026-11-21T10:00"),
        ("_lastUpdated", "2026-11-21 10:00:00Z"),
        ("_id", "under_score"),
        ("code", ""),
        ("code", ","),
        ("encounter", "Encounter/"),
        ("encounter", "Encounter/under_score"),
    ],
)
def test_what_cannot_be_asked_is_refused(name: str, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        found(WEIGHT, name, text)
    assert [each.field for each in refused.value.problems] == [name]


@pytest.mark.parametrize("year", [1, 2, 9998, 9999])
@pytest.mark.parametrize(
    "rest", ["", "-12", "-12-31", "-12-31T23:59:60.1234567+14:00", "-01-01T00:00:00-14:00"]
)
def test_no_year_is_too_far_away(year: int, rest: str) -> None:
    resource = {"resourceType": "Observation", "effectiveDateTime": f"{year:04}{rest}"}
    assert found(resource, "date", "lt2026") is (year < 2026)
    assert found(resource, "date", f"{year:04}{rest}")


def test_every_type_is_searched_by_what_it_has() -> None:
    from telehealth.fhir.validation.resources import RESOURCES
    from telehealth.fhir.validation.shapes import elements

    for type_ in PARAMETERS.keys() & RESOURCES.keys():
        for name, parameter in PARAMETERS[type_].items():
            known = {each.partition(".")[0] for each in parameter.elements}
            assert known & elements(type_).keys(), (type_, name)
