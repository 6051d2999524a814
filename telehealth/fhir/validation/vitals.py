"""Measured values that a specialist acts on: vital signs as FHIR R4's profile wants them, and their units."""

from dataclasses import dataclass

from telehealth.domain.errors import FieldProblem
from telehealth.fhir.spans import DAY
from telehealth.fhir.text import Resource
from telehealth.fhir.validation.rules import UCUM, codes, has

LOINC = "http://loinc.org"
CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
VITAL_SIGNS = "vital-signs"


@dataclass(frozen=True, slots=True)
class Measure:
    """In which units (UCUM) something is told; what is no vital sign is bound to its units alone."""

    units: frozenset[str] = frozenset()
    vital: bool = True


PRESSURE = Measure(frozenset({"mm[Hg]"}))
PERCENT, PER_MINUTE = Measure(frozenset({"%"})), Measure(frozenset({"/min"}))
LENGTH = Measure(frozenset({"cm", "[in_i]"}))
MEASURES = {
    "85354-9": Measure(),
    "8480-6": PRESSURE,
    "8462-4": PRESSURE,
    "8867-4": PER_MINUTE,
    "9279-1": PER_MINUTE,
    "59408-5": PERCENT,
    "2708-6": PERCENT,
    "8310-5": Measure(frozenset({"Cel", "[degF]"})),
    "29463-7": Measure(frozenset({"kg", "g", "[lb_av]"})),
    "8302-2": LENGTH,
    "9843-4": LENGTH,
    "39156-5": Measure(frozenset({"kg/m2"})),
    "2339-0": Measure(frozenset({"mg/dL"}), vital=False),
    "15074-8": Measure(frozenset({"mmol/L"}), vital=False),
}
"""By LOINC code, as FHIR R4 (observation-vitalsigns.html) and the International Patient Summary name them."""


def vital_problems(resource: Resource, path: str) -> list[FieldProblem]:
    """Return what is wrong with an Observation whose structure is right."""
    found = [*_of_value(resource, path)]
    for place, each in enumerate(resource.get("component", ())):
        found += _of_value(each, f"{path}.component[{place}]")
    if resource.get("status") != "entered-in-error" and any(each.vital for each in _measures(resource)):
        found += _of_profile(resource, path)
    return found


def _measures(value: Resource) -> list[Measure]:
    return [MEASURES[each] for each in codes(value.get("code"), LOINC) if each in MEASURES]


def _of_value(value: Resource, path: str) -> list[FieldProblem]:
    quantity = value.get("valueQuantity")
    allowed = [each.units for each in _measures(value) if each.units]
    if quantity is None or not allowed:
        return []
    unit = quantity.get("code") if quantity.get("system") == UCUM else None
    if all(unit in each for each in allowed):
        return []
    said = f"This is measured in {', '.join(sorted(allowed[0]))} of UCUM."
    return [FieldProblem(f"{path}.valueQuantity.code", "code-invalid", said)]


def _of_profile(resource: Resource, path: str) -> list[FieldProblem]:
    """The rules of the profile vitalsigns: category, time (vs-1), and a value or why there is none (vs-2)."""
    found = []
    if VITAL_SIGNS not in codes(resource.get("category"), CATEGORIES):
        said = "A vital sign has the category vital-signs."
        found.append(FieldProblem(f"{path}.category", "required", said))
    if not (len(resource.get("effectiveDateTime", "")) >= DAY or "effectivePeriod" in resource):
        said = "A vital sign has the day on which it was measured."
        found.append(FieldProblem(f"{path}.effective", "required", said))
    if not any(has(resource, each) for each in ("value[x]", "dataAbsentReason", "component", "hasMember")):
        said = "A vital sign has a value, or a reason why there is none."
        found.append(FieldProblem(f"{path}.value", "required", said))
    return found
