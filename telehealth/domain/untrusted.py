"""JSON that somebody sent: one object, read strictly."""

import json
from collections.abc import Callable
from typing import Any

from telehealth.domain.errors import BadInput


def json_object(raw: bytes, deepest: int, number: Callable[[str], object] = float) -> dict[str, Any]:
    """Return a JSON object with at most `deepest` objects and lists within each other.

    `number` makes the numbers with a point. Raises BadInput for anything else, for a name that stands twice,
    and for NaN and Infinity.
    """
    try:
        value = json.loads(
            raw.decode(), parse_float=number, parse_constant=_no_constant, object_pairs_hook=_without_twins
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise BadInput(detail="This is not well-formed JSON.") from error
    if not isinstance(value, dict):
        raise BadInput(detail="A JSON object is expected.")
    if _deeper(value, deepest):
        raise BadInput(detail="This JSON is nested too deeply.")
    return value


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadInput(detail="A name stands twice in the JSON.")
    return found


def _no_constant(word: str) -> object:
    raise BadInput(detail=f"{word} is not JSON.")


def _deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(each, levels - 1) for each in inside)
