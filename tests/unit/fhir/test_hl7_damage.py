"""HL7's own examples, damaged at every place: none that could not be valid any more is taken."""

import copy
import json
from decimal import Decimal
from itertools import cycle

from telehealth.fhir.validation.check import problems_of
from tests.unit.fhir.test_validation import WRONG, at, places


def test_wherever_an_example_is_damaged_it_is_refused(official_examples: list[tuple[str, str]]) -> None:
    damages, tried = cycle(WRONG), 0
    for name, text in official_examples:
        resource = json.loads(text, parse_float=Decimal)
        if problems_of(resource):
            continue
        for steps in places(resource):
            if "contained" in steps or steps == ("resourceType",):
                continue
            broken, damage = copy.deepcopy(resource), next(damages)
            holder, last = at(broken, steps)
            holder[last] = damage  # type: ignore[call-overload,index]
            assert problems_of(broken), (name, steps, damage)
            tried += 1
    assert tried > len(official_examples) * 10


def test_an_element_too_many_is_refused_wherever_it_stands(official_examples: list[tuple[str, str]]) -> None:
    for name, text in official_examples:
        resource = json.loads(text, parse_float=Decimal)
        assert problems_of(resource | {"surprise": "!"}), name
        for steps in places(resource):
            broken = copy.deepcopy(resource)
            holder, last = at(broken, steps)
            value = holder[last]  # type: ignore[call-overload,index]
            if isinstance(value, dict) and "contained" not in steps:
                value["surprise"] = "!"
                assert any(each.field.endswith(".surprise") for each in problems_of(broken)), (name, steps)
