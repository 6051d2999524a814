"""The invariants of FHIR R4 that are errors, each under its key in the specification, by type."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from telehealth.fhir.spans import span_of
from telehealth.fhir.text import Resource
from telehealth.fhir.validation.codes import CONCEPTS

UCUM = "http://unitsofmeasure.org"
OVER = frozenset({"inactive", "resolved", "remission"})
MISTAKEN = "entered-in-error"
MEALS = frozenset({"C", "CM", "CD", "CV"})


@dataclass(frozen=True, slots=True)
class Rule:
    """An invariant: its key, the element that is named when it does not hold, and what is said then.

    `holds` is asked only where the structure is as it should be.
    """

    key: str
    holds: Callable[[Resource], bool]
    says: str
    element: str = ""


def has(value: Resource, name: str) -> bool:
    """Whether an element is there; a choice of types as `value[x]`."""
    if not name.endswith("[x]"):
        return name in value or f"_{name}" in value
    stem = name.removesuffix("[x]")
    keys = (each.removeprefix("_") for each in value)
    return any(key.startswith(stem) and key[len(stem) :][:1].isupper() for key in keys)


def codes(concept: Any, system: str = "") -> set[str]:
    """Return the codes of a concept, or of a list of them; those of one system alone where it is given."""
    concepts: Iterable[Any] = concept if isinstance(concept, list) else [concept or {}]
    return {
        coding["code"]
        for each in concepts
        for coding in each.get("coding", ())
        if "code" in coding and system in {"", coding.get("system")}
    }


def _implies(cause: str, effect: str) -> Callable[[Resource], bool]:
    return lambda value: not has(value, cause) or has(value, effect)


def _either(*names: str) -> Callable[[Resource], bool]:
    return lambda value: any(has(value, name) for name in names)


def _not_both(one: str, other: str) -> Callable[[Resource], bool]:
    return lambda value: not (has(value, one) and has(value, other))


def _not_below_zero(name: str) -> Callable[[Resource], bool]:
    return lambda value: bool(value.get(name, 0) >= 0)


def _in_order(period: Resource) -> bool:
    if "start" not in period or "end" not in period:
        return True
    return span_of(period["start"])[0] < span_of(period["end"])[1]


def _low_first(value: Resource) -> bool:
    low, high = value.get("low", {}), value.get("high", {})
    if any(low.get(each) != high.get(each) for each in ("system", "code", "unit")):
        return True
    return bool(low.get("value", Decimal("-Infinity")) <= high.get("value", Decimal("Infinity")))


def _measured(value: Resource, *, whole: bool = False, positive: bool = False) -> bool:
    """Whether a quantity has a code of UCUM beside its value (age-1, cnt-3, dis-1)."""
    number = value.get("value")
    if number is None:
        return bool(value.get("system", UCUM) == UCUM)
    if (whole and number != Decimal(number).to_integral_value()) or (positive and number <= 0):
        return False
    return "code" in value and bool(value.get("system", UCUM) == UCUM)


def _component_differs(value: Resource) -> bool:
    """obs-7: where a component has the code of the whole, the whole has no value."""

    def named(concept: Resource) -> set[tuple[Any, Any]]:
        return {
            (each.get("system"), each.get("code")) for each in concept.get("coding", ()) if "code" in each
        }

    own = named(value.get("code", {}))
    same = any(own & named(each.get("code", {})) for each in value.get("component", ()))
    return not (same and has(value, "value[x]"))


def _status_of(name: str, set_: str) -> Callable[[Resource], set[str]]:
    return lambda value: codes(value.get(name), CONCEPTS[set_][0])


_clinical = _status_of("clinicalStatus", "condition-clinical")
_verified = _status_of("verificationStatus", "condition-ver-status")
_allergy_verified = _status_of("verificationStatus", "allergyintolerance-verification")

QUANTITY = (Rule("qty-3", _implies("code", "system"), "A code of a unit needs its system.", "system"),)
VALUE_OR_WHY = "There is a value or a reason why there is none, not both."
RULES: dict[str, tuple[Rule, ...]] = {
    "Extension": (
        Rule(
            "ext-1",
            lambda value: has(value, "extension") != has(value, "value[x]"),
            "An extension has a value or extensions, one of both.",
        ),
    ),
    "Period": (Rule("per-1", _in_order, "The start is not after the end.", "end"),),
    "Quantity": QUANTITY,
    "SimpleQuantity": (
        *QUANTITY,
        Rule("sqty-1", lambda value: "comparator" not in value, "No comparator here.", "comparator"),
    ),
    "Age": (
        *QUANTITY,
        Rule("age-1", lambda value: _measured(value, positive=True), "An age is positive, its unit of UCUM."),
    ),
    "Count": (
        *QUANTITY,
        Rule("cnt-3", lambda value: _measured(value, whole=True), "A count is whole, its unit 1 of UCUM."),
    ),
    "Distance": (*QUANTITY, Rule("dis-1", _measured, "A distance has a unit of UCUM.")),
    "Duration": (
        *QUANTITY,
        Rule(
            "drt-1",
            lambda value: "code" not in value or (value.get("system") == UCUM and "value" in value),
            "A duration has a value and a unit of UCUM.",
        ),
    ),
    "Range": (Rule("rng-2", _low_first, "The low is not above the high.", "low"),),
    "Ratio": (
        Rule(
            "rat-1",
            lambda value: (
                has(value, "numerator") == has(value, "denominator")
                and _either("numerator", "extension")(value)
            ),
            "A ratio has both numerator and denominator.",
        ),
    ),
    "Attachment": (
        Rule("att-1", _implies("data", "contentType"), "Data need their content type.", "contentType"),
    ),
    "ContactPoint": (Rule("cpt-2", _implies("value", "system"), "A contact needs its system.", "system"),),
    "Expression": (Rule("exp-1", _either("expression", "reference"), "Give an expression or a reference."),),
    "Timing.repeat": (
        Rule("tim-1", _implies("duration", "durationUnit"), "A duration needs units.", "durationUnit"),
        Rule("tim-2", _implies("period", "periodUnit"), "A period needs units.", "periodUnit"),
        Rule("tim-4", _not_below_zero("duration"), "A duration is not negative.", "duration"),
        Rule("tim-5", _not_below_zero("period"), "A period is not negative.", "period"),
        Rule("tim-6", _implies("periodMax", "period"), "periodMax needs a period.", "periodMax"),
        Rule("tim-7", _implies("durationMax", "duration"), "durationMax needs a duration.", "durationMax"),
        Rule("tim-8", _implies("countMax", "count"), "countMax needs a count.", "countMax"),
        Rule(
            "tim-9",
            lambda value: "offset" not in value or bool(set(value.get("when", ())) - MEALS),
            "An offset needs an event of the day that is no meal.",
            "offset",
        ),
        Rule("tim-10", _not_both("timeOfDay", "when"), "Give a time of day or an event, not both.", "when"),
    ),
    "Observation": (
        Rule("obs-6", _not_both("dataAbsentReason", "value[x]"), VALUE_OR_WHY, "dataAbsentReason"),
        Rule("obs-7", _component_differs, "The whole has the code of a component, and a value.", "value"),
    ),
    "Observation.component": (
        Rule("obs-6", _not_both("dataAbsentReason", "value[x]"), VALUE_OR_WHY, "dataAbsentReason"),
    ),
    "Observation.referenceRange": (Rule("obs-3", _either("low", "high", "text"), "Give low, high or text."),),
    "Condition": (
        Rule(
            "con-4",
            lambda value: not has(value, "abatement[x]") or bool(_clinical(value) & OVER),
            "What is over is inactive, resolved or in remission.",
            "clinicalStatus",
        ),
        Rule(
            "con-5",
            lambda value: MISTAKEN not in _verified(value) or "clinicalStatus" not in value,
            "What was entered in error has no clinical status.",
            "clinicalStatus",
        ),
    ),
    "CarePlan.activity": (
        Rule("cpl-3", _not_both("detail", "reference"), "Give a detail or a reference.", "detail"),
    ),
    "Goal.target": (
        Rule("gol-1", _implies("detail[x]", "measure"), "A detail needs its measure.", "measure"),
    ),
    "Condition.stage": (Rule("con-1", _either("summary", "assessment"), "Give a summary or an assessment."),),
    "Condition.evidence": (Rule("con-2", _either("code", "detail"), "Give a code or a detail."),),
    "Immunization.education": (
        Rule("imm-1", _either("documentType", "reference"), "Give a type or a reference."),
    ),
    "ServiceRequest": (
        Rule("prr-1", _implies("orderDetail", "code"), "Details of an order need its code.", "orderDetail"),
    ),
    "AllergyIntolerance": (
        Rule(
            "ait-1",
            lambda value: "clinicalStatus" in value or MISTAKEN in _allergy_verified(value),
            "An allergy has a clinical status.",
            "clinicalStatus",
        ),
        Rule(
            "ait-2",
            lambda value: "clinicalStatus" not in value or MISTAKEN not in _allergy_verified(value),
            "What was entered in error has no clinical status.",
            "clinicalStatus",
        ),
    ),
}
