"""What a note takes over from the record: what holds, and the newest of what was measured."""

import json
from typing import Any

from telehealth.fhir.pulled import VITALS, holding, latest
from tests.arrivals import CONDITION, HL7, PRESSURE, WEIGHT, changed, concept


def told(*resources: dict[str, Any]) -> list[tuple[str, str]]:
    return [(json.dumps(each), "House") for each in resources]


def clinical(word: str, **more: Any) -> dict[str, Any]:
    return changed(CONDITION, clinicalStatus=concept(f"{HL7}/condition-clinical", word, word), **more)


async def test_problems_that_are_over_stay_where_they_are() -> None:
    active = clinical("active", code={"text": "Asthma"}, recordedDate="2026-01-02")
    newer = clinical("recurrence", code={"text": "Gout"}, recordedDate="2026-10-02")
    over = [clinical(word) for word in ("resolved", "inactive", "remission")]
    wrong = changed(
        active, verificationStatus=concept(f"{HL7}/condition-ver-status", "entered-in-error", "x")
    )
    refuted = changed(active, verificationStatus=concept(f"{HL7}/condition-ver-status", "refuted", "x"))
    found = holding(told(active, *over, newer, wrong, refuted))
    assert [(each.name, each.source) for each in found] == [("Gout", "House"), ("Asthma", "House")]


async def test_the_newest_value_of_each_vital_sign_is_taken() -> None:
    older = changed(WEIGHT, effectiveDateTime="2026-01-01")
    (weight,) = latest(told(older, WEIGHT, changed(older, effectiveDateTime="2025")))
    assert (weight.on, weight.parts[0].value) == ("2026-11-21", "72 kg")


async def test_vital_signs_stand_in_a_fixed_order_and_nothing_else_among_them() -> None:
    other = changed(WEIGHT, code=concept("http://loinc.org", "58410-2", "Blood count"))
    coded_elsewhere = changed(WEIGHT, code=concept("https://house.example", "29463-7", "Weight of the file"))
    found = latest(told(WEIGHT, PRESSURE, other, coded_elsewhere))
    assert [each.name for each in found] == ["Blood pressure panel", "Body weight"]


async def test_what_was_not_measured_after_all_is_not_taken() -> None:
    for without in (
        changed(WEIGHT, status="cancelled"),
        changed(WEIGHT, status="entered-in-error"),
        changed(WEIGHT, status="unknown"),
        changed(WEIGHT, valueQuantity=None),
        changed(WEIGHT, code={"text": "Weight"}),
    ):
        assert latest(told(without)) == []


async def test_two_codes_of_one_sign_are_one_sign() -> None:
    pulse = [concept("http://loinc.org", code, "SpO2") for code in ("59408-5", "2708-6")]
    first, second = (changed(WEIGHT, code=code) for code in pulse)
    assert len(latest(told(first, second))) == 1
    assert len(set(VITALS.values())) == 9
