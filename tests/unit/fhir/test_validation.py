"""What arrives is looked at element by element: everything valid passes, and each damage is named."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from telehealth.domain.record import FROM_OUTSIDE
from telehealth.fhir.validation.check import problems_of
from telehealth.fhir.validation.resources import RESOURCES
from telehealth.fhir.validation.shapes import elements, needed
from tests.arrivals import (
    ALL,
    ALLERGY,
    CONDITION,
    DOCUMENT,
    GOAL,
    IMMUNIZATION,
    PLAN,
    PRESSURE,
    REFERRAL,
    REPORT,
    REQUEST,
    STATEMENT,
    TEAM,
    WEIGHT,
    changed,
)

Holder = dict[str, Any] | list[Any]
NAMES = [f"{each['resourceType']} {number}" for number, each in enumerate(ALL)]


def first(resource: dict[str, Any]) -> tuple[str, str]:
    problems = problems_of(resource)
    return (problems[0].field, problems[0].code) if problems else ("", "")


def places(value: Any, into: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a resource, as the steps that lead there."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in steps:
        yield (*into, step)
        yield from places(each, (*into, step))


def at(resource: dict[str, Any], steps: tuple[str | int, ...]) -> tuple[Holder, Any]:
    """What holds the last step."""
    holder: Any = resource
    for step in steps[:-1]:
        holder = holder[step]
    return holder, steps[-1]


@pytest.mark.parametrize("resource", ALL, ids=NAMES)
def test_what_is_valid_passes(resource: dict[str, Any]) -> None:
    assert problems_of(resource) == []


def test_there_is_an_example_of_every_type() -> None:
    assert {each["resourceType"] for each in ALL} == set(FROM_OUTSIDE)
    assert {each for each in RESOURCES if "." not in each} == set(FROM_OUTSIDE)


WRONG: tuple[Any, ...] = (None, [], {}, "", [None], [[]], {"unknownElement": 1}, "\x01", "\ud800")
"""No element can be any of these."""


@pytest.mark.parametrize("resource", ALL, ids=NAMES)
def test_every_element_that_is_damaged_is_refused(resource: dict[str, Any]) -> None:
    for steps in places(resource):
        if "contained" in steps or steps == ("resourceType",):
            continue
        for damage in WRONG:
            broken = copy.deepcopy(resource)
            holder, last = at(broken, steps)
            holder[last] = damage  # type: ignore[call-overload,index]
            assert problems_of(broken), (steps, damage)


@pytest.mark.parametrize("resource", ALL, ids=NAMES)
def test_an_element_that_nobody_knows_is_named(resource: dict[str, Any]) -> None:
    for steps in [(), *places(resource)]:
        broken = copy.deepcopy(resource)
        holder: Any = broken
        for step in steps:
            holder = holder[step]
        if isinstance(holder, dict) and "contained" not in steps:
            holder["surprise"] = "!"
            assert any(each.field.endswith(".surprise") for each in problems_of(broken)), steps


def parts(resource: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every object whose type has elements that it cannot do without, and the type."""

    def walk(value: Any, type_: str, into: tuple[str | int, ...]) -> Iterator[tuple[Any, str]]:
        yield into, type_
        for name, each in value.items():
            element = elements(type_).get(name.removeprefix("_"))
            if element is None or name == "contained":
                continue
            for place, item in enumerate(each) if isinstance(each, list) else [(-1, each)]:
                if isinstance(item, dict) and not name.startswith("_"):
                    yield from walk(item, element.type, (*into, name, *([place] if place >= 0 else [])))

    yield from walk(resource, resource["resourceType"], ())


@pytest.mark.parametrize("resource", ALL, ids=NAMES)
def test_what_cannot_be_missing_is_named(resource: dict[str, Any]) -> None:
    for steps, type_ in parts(resource):
        for element in needed(type_):
            broken = copy.deepcopy(resource)
            holder: Any = broken
            for step in steps:
                holder = holder[step]
            stem = element.removesuffix("[x]")
            for name in [each for each in holder if each.startswith(stem)]:
                del holder[name]
            found = {(each.field.rpartition(".")[2], each.code) for each in problems_of(broken)}
            assert {(stem, "required")} & found or not holder, (steps, element)


def report(**form: Any) -> dict[str, Any]:
    return {"presentedForm": [form]}


def repeat(**timing: Any) -> dict[str, Any]:
    return {"dosageInstruction": [{"timing": {"repeat": timing}}]}


def period(low: Any, high: Any) -> dict[str, Any]:
    return {"quantityRange": {"low": {"value": low}, "high": {"value": high}}}


REPEAT = "dosageInstruction[0].timing.repeat"
YEARS = {"value": -1, "system": "http://unitsofmeasure.org", "code": "a"}
DAMAGES: tuple[tuple[dict[str, Any], dict[str, Any], str, str], ...] = (
    (WEIGHT, {"status": "finished"}, "status", "code-invalid"),
    (WEIGHT, {"status": " final"}, "status", "value"),
    (WEIGHT, {"id": "under_score"}, "id", "value"),
    (WEIGHT, {"effectiveDateTime": "2026-02-30"}, "effectiveDateTime", "value"),
    (WEIGHT, {"effectiveDateTime": "2026-11-21T10:00"}, "effectiveDateTime", "value"),
    (WEIGHT, {"effectiveDateTime": "0000"}, "effectiveDateTime", "value"),
    (WEIGHT, {"effectiveDateTime": 2026}, "effectiveDateTime", "value"),
    (WEIGHT, {"issued": "2026-11-21"}, "issued", "value"),
    (WEIGHT, {"valueString": "heavy"}, "value", "structure"),
    (WEIGHT, {"subject": {"reference": "Practitioner/1"}}, "subject.reference", "value"),
    (WEIGHT, {"subject": {"reference": "Nobody/1"}}, "subject.reference", "value"),
    (WEIGHT, {"subject": {"reference": "Bo"}}, "subject.reference", "value"),
    (WEIGHT, {"subject": {"type": "Medication"}}, "subject.type", "value"),
    (WEIGHT, {"subject": {"reference": "Patient/1", "type": "Group"}}, "subject.type", "value"),
    (WEIGHT, {"device": {"reference": "#gone"}}, "device.reference", "value"),
    (PRESSURE, {"specimen": {"reference": "#cuff"}}, "specimen.reference", "value"),
    (WEIGHT, {"performer": []}, "performer", "structure"),
    (WEIGHT, {"performer": {"reference": "Patient/1"}}, "performer", "structure"),
    (WEIGHT, {"extension": [{"url": "https://x.example"}]}, "extension[0]", "invariant"),
    (WEIGHT, {"_status": {"id": "only"}}, "status", "structure"),
    (PRESSURE, {"component": [PRESSURE["component"][0] | {"referenceRange": [{"age": {"text": 1}}]}]},
     "component[0].referenceRange[0].age.text", "structure"),
    (WEIGHT, {"referenceRange": [{"type": {"text": "normal"}}]}, "referenceRange[0]", "invariant"),
    (REPORT, report(data="JVBERi0="), "presentedForm[0].contentType", "invariant"),
    (REPORT, report(contentType="pdf"), "presentedForm[0].contentType", "code-invalid"),
    (REPORT, report(contentType="a/b" + ';x="y"' * 60 + ";"), "presentedForm[0].contentType", "code-invalid"),
    (REPORT, report(contentType="a/b", data="?"), "presentedForm[0].data", "value"),
    (REPORT, {"effectivePeriod": {"start": "2026-11", "end": "2026-10"}}, "effectivePeriod.end", "invariant"),
    (CONDITION, {"clinicalStatus": {"text": "over"}}, "clinicalStatus", "code-invalid"),
    (CONDITION, {"clinicalStatus": None}, "clinicalStatus", "invariant"),
    (CONDITION, {"verificationStatus": changed(CONDITION["verificationStatus"], coding=[
        {"system": CONDITION["verificationStatus"]["coding"][0]["system"], "code": "entered-in-error"}])},
     "clinicalStatus", "invariant"),
    (CONDITION, {"onsetAge": YEARS}, "onsetAge", "invariant"),
    (CONDITION, {"stage": [{"type": {"text": "x"}}]}, "stage[0]", "invariant"),
    (CONDITION, {"evidence": [{"id": "1"}]}, "evidence[0]", "structure"),
    (ALLERGY, {"clinicalStatus": None}, "clinicalStatus", "invariant"),
    (ALLERGY, {"category": ["medication", "dust"]}, "category[1]", "code-invalid"),
    (ALLERGY, {"reaction": [{"description": "red"}]}, "reaction[0].manifestation", "required"),
    (REQUEST, {"medicationCodeableConcept": None}, "medication", "required"),
    (REQUEST, repeat(period=1), f"{REPEAT}.periodUnit", "invariant"),
    (REQUEST, repeat(periodMax=2), f"{REPEAT}.periodMax", "invariant"),
    (REQUEST, repeat(durationMax=2), f"{REPEAT}.durationMax", "invariant"),
    (REQUEST, repeat(countMax=2), f"{REPEAT}.countMax", "invariant"),
    (REQUEST, repeat(when=["C"], offset=5), f"{REPEAT}.offset", "invariant"),
    (REQUEST, repeat(duration=-1, durationUnit="h"), f"{REPEAT}.duration", "invariant"),
    (REQUEST, repeat(when=["HS"], timeOfDay=["08:00:00"]), f"{REPEAT}.when", "invariant"),
    (REQUEST, repeat(timeOfDay=["08:00"]), f"{REPEAT}.timeOfDay[0]", "value"),
    (STATEMENT, {"dosage": [{"maxDosePerPeriod": {"numerator": {"value": 1}}}]},
     "dosage[0].maxDosePerPeriod", "invariant"),
    (STATEMENT, {"dosage": [{"sequence": 2**31}]}, "dosage[0].sequence", "value"),
    (IMMUNIZATION, {"education": [{"publicationDate": "2026"}]}, "education[0]", "invariant"),
    (IMMUNIZATION, {"protocolApplied": [{"doseNumberPositiveInt": 0}]},
     "protocolApplied[0].doseNumberPositiveInt", "value"),
    (REFERRAL, {"code": None}, "orderDetail", "invariant"),
    (REFERRAL, {"patientInstruction": "\x1b"}, "patientInstruction", "value"),
    (REFERRAL, period(3, 2), "quantityRange.low", "invariant"),
    (PLAN, {"activity": [PLAN["activity"][0] | PLAN["activity"][1]]}, "activity[0].detail", "invariant"),
    (PLAN, {"intent": "reflex-order"}, "intent", "code-invalid"),
    (GOAL, {"target": [{"detailString": "less"}]}, "target[0].measure", "invariant"),
    (TEAM, {"telecom": [{"value": "112"}]}, "telecom[0].system", "invariant"),
    (DOCUMENT, {"content": None}, "content", "required"),
)  # fmt: skip


@pytest.mark.parametrize("resource, elements, field, code", DAMAGES)
def test_a_damage_is_named(resource: dict[str, Any], elements: dict[str, Any], field: str, code: str) -> None:
    assert first(changed(resource, **elements)) == (f"{resource['resourceType']}.{field}", code)


SCRIPT = {"status": "generated", "div": "<script/>"}
CUFF = {"resourceType": "Device", "id": "cuff"}


@pytest.mark.parametrize(
    "contained, field",
    [
        ([CUFF, {"resourceType": "Device"}], "[1].id"),
        ([CUFF, CUFF], "[1].id"),
        ([CUFF | {"resourceType": "Nothing"}], "[0].resourceType"),
        ([CUFF, {"resourceType": "Device", "id": "unnamed"}], "[1]"),
        ([CUFF | {"contained": [{"x": 1}]}], "[0].contained"),
        ([CUFF | {"meta": {"versionId": "1"}}], "[0].meta"),
        ([CUFF | {"meta": {"security": [{"code": "R"}]}}], "[0].meta.security"),
        ([CUFF | {"text": SCRIPT}], "[0].text.div"),
        ([CUFF | {"note": [""]}], "[0].note[0]"),
        ([CUFF | {"text": SCRIPT | {"div": "\ud800"}}], "[0].text.div"),
        ([CUFF | {"lotNumber": "\x00"}], "[0].lotNumber"),
    ],
)
def test_what_is_contained_keeps_its_rules(contained: list[Any], field: str) -> None:
    assert first(changed(PRESSURE, contained=contained))[0] == f"Observation.contained{field}"


def quantity(value: Any, code: str, system: str | None = "http://unitsofmeasure.org") -> dict[str, Any]:
    return {"valueQuantity": {"value": value, "code": code, **({"system": system} if system else {})}}


@pytest.mark.parametrize(
    "elements, field",
    [
        (quantity(Decimal("158.70"), "[lb_av]"), ""),
        (quantity(72, "stone"), "Observation.valueQuantity.code"),
        (quantity(72, "kg", "https://units.example"), "Observation.valueQuantity.code"),
        (quantity(72, "kg", None), "Observation.valueQuantity.system"),
        ({"category": None}, "Observation.category"),
        ({"effectiveDateTime": "2026-11"}, "Observation.effective"),
        ({"effectiveDateTime": None, "status": "entered-in-error"}, ""),
        ({"valueQuantity": None}, "Observation.value"),
        ({"dataAbsentReason": {"text": "unknown"}}, "Observation.dataAbsentReason"),
        ({"component": [{"code": WEIGHT["code"], "valueString": "x"}]}, "Observation.value"),
    ],
)
def test_vital_signs_keep_their_profile(elements: dict[str, Any], field: str) -> None:
    assert first(changed(WEIGHT, **elements))[0] == field


def test_numbers_of_any_size_are_numbers() -> None:
    text = json.dumps(WEIGHT).replace('"value": 72', '"value": 1e99999')
    assert problems_of(json.loads(text, parse_float=Decimal)) == []
