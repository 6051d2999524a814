"""Resources from outside as lines to read: words and numbers as sent, and what is not to be believed."""

import json
from typing import Any

import pytest

from telehealth.domain.recorded import MOST_OF_A_KIND, Kind, Part, Recorded, State, grouped
from telehealth.fhir.recorded import MOST_PARTS, NAME_LIMIT, VALUE_LIMIT, recorded
from tests.arrivals import (
    CONDITION,
    HL7,
    IMMUNIZATION,
    PRESSURE,
    REPORT,
    REQUEST,
    STATEMENT,
    WEIGHT,
    changed,
    concept,
    to_the_letter,
)


def read(resource: dict[str, Any]) -> Recorded:
    found = recorded(to_the_letter(resource), "Lab")
    assert found is not None
    return found


@pytest.mark.parametrize(
    "resource, kind, name, on, states, values",
    [
        (WEIGHT, Kind.RESULT, "Body weight", "2026-11-21", (), ["72.50 kg"]),
        (REPORT, Kind.RESULT, "Complete blood count", "2026-11-19", (), ["Mild anaemia"]),
        (CONDITION, Kind.PROBLEM, "Atrial fibrillation", "2026-11-20", (State.RESOLVED,), []),
        (REQUEST, Kind.MEDICATION, "Bisoprolol", "2026-11-20", (), ["Once a day"]),
        (STATEMENT, Kind.MEDICATION, "St John's wort", "2026", (), []),
        (IMMUNIZATION, Kind.IMMUNIZATION, "COVID-19", "2026-10-01", (), []),
    ],
    ids=lambda each: each["resourceType"] if isinstance(each, dict) else "",
)
def test_an_entry_says_what_it_is_when_and_how_it_stands(
    resource: dict[str, Any], kind: Kind, name: str, on: str, states: tuple[State, ...], values: list[str]
) -> None:
    found = read(resource)
    assert (found.kind, found.name, found.on, found.states) == (kind, name, on, states)
    assert [each.value for each in found.parts] == values
    assert found.source == "Lab"


def test_the_parts_of_a_result_have_names_and_what_is_missing_has_a_reason() -> None:
    assert read(PRESSURE).parts == (
        Part("", ("L",)),
        Part("107 mmHg", name="Systolic"),
        Part("Not performed", name="Diastolic"),
    )


@pytest.mark.parametrize(
    "value, words",
    [
        ({"valueQuantity": {"value": 5, "comparator": "<", "code": "mg"}}, "<5 mg"),
        ({"valueCodeableConcept": {"coding": [{"code": "260385009"}]}}, "260385009"),
        ({"valueString": "<b>bold</b>"}, "<b>bold</b>"),
        ({"valueBoolean": False}, False),
        ({"valueInteger": 3}, "3"),
        ({"valueRange": {"high": {"value": 2, "unit": "g"}}}, "… – 2 g"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "1 : 128"),
        ({"valuePeriod": {"start": "2026-11-01"}}, "2026-11-01 – …"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_a_value_of_any_sort_is_written_out(value: dict[str, Any], words: str | bool) -> None:
    assert read(changed(WEIGHT, **{"valueQuantity": None, **value})).parts == (Part(words),)


def test_a_number_stays_as_it_was_sent() -> None:
    text = json.dumps(WEIGHT).replace('"value": 72', '"value": 7.250E+1')
    found = recorded(text, "")
    assert found is not None
    assert found.parts == (Part("7.250E+1 kg"),)


def test_what_was_entered_in_error_is_no_entry() -> None:
    wrong = concept(f"{HL7}/condition-ver-status", "entered-in-error", "Error")
    both = changed(CONDITION, clinicalStatus=None, verificationStatus=wrong)
    for resource in (changed(WEIGHT, status="entered-in-error"), both):
        assert recorded(json.dumps(resource), "") is None


@pytest.mark.parametrize(
    "resource, states",
    [
        (changed(WEIGHT, status="preliminary"), (State.PRELIMINARY,)),
        (changed(REPORT, status="amended"), (State.CORRECTED,)),
        (changed(REQUEST, status="completed"), (State.ENDED,)),
        (changed(REQUEST, doNotPerform=True), (State.FORBIDDEN,)),
        (changed(REQUEST, intent="proposal"), (State.PROPOSED,)),
        (changed(IMMUNIZATION, status="not-done"), (State.NOT_GIVEN,)),
        (changed(STATEMENT, status="unknown"), (State.UNKNOWN,)),
        (changed(CONDITION, verificationStatus={"coding": [{"code": "refuted"}, {"code": "own"}]}), None),
    ],
)
def test_what_is_not_to_be_believed_says_so(
    resource: dict[str, Any], states: tuple[State, ...] | None
) -> None:
    assert read(resource).states == (states or (State.RESOLVED, State.REFUTED))


def test_an_interpretation_without_a_code_of_hl7_stays_in_its_writers_words() -> None:
    said = [concept("urn:own", "X", "borderline"), {"coding": [{"code": "HH"}], "text": "panic"}]
    assert read(changed(WEIGHT, interpretation=said)).parts[0].flags == ("borderline", "HH")


def test_what_is_too_long_is_cut_where_it_shows() -> None:
    name, parts = {"text": "n" * 999}, [{"code": {"text": "One"}, "valueString": "x"}] * (MOST_PARTS + 1)
    found = read(changed(WEIGHT, code=name, valueQuantity=None, valueString="v" * 999, component=parts))
    assert (len(found.name), found.name[-1]) == (NAME_LIMIT, "…")
    assert len(str(found.parts[0].value)) == VALUE_LIMIT
    assert (len(found.parts), found.parts[-1]) == (MOST_PARTS + 1, Part("…"))


def test_the_newest_come_first_and_what_has_no_date_last() -> None:
    dates = ("2026-11-21T23:00:00-05:00", "2026", "2026-11-22", None)
    found = [read(changed(WEIGHT, effectiveDateTime=each)) for each in dates]
    results = {each.kind: each for each in grouped(found)}[Kind.RESULT]
    assert [each.on for each in results.entries] == ["2026-11-21", "2026-11-22", "2026", ""]
    assert not results.more


def test_no_more_is_shown_than_is_read_beside_a_call() -> None:
    groups = grouped([read(CONDITION)] * (MOST_OF_A_KIND + 1))
    assert [(each.kind, len(each.entries), each.more) for each in groups] == [
        (Kind.PROBLEM, MOST_OF_A_KIND, True),
        (Kind.MEDICATION, 0, False),
        (Kind.RESULT, 0, False),
        (Kind.IMMUNIZATION, 0, False),
    ]
