"""FHIR R4 search parameters, read strictly: references, tokens, and dates with their prefixes."""

import re
from collections.abc import Sequence
from datetime import datetime

from telehealth.fhir.parameters import ID, refusal
from telehealth.fhir.spans import Span, span_of
from telehealth.fhir.validation.primitives import FITS

PREFIXED = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb)?(\d.*)", re.ASCII)
TO_THE_MINUTE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)", re.ASCII)
YEARS = range(2, 9999)
"""Beyond lies no day that an offset, or the end of a span, could reach."""
Bounds = tuple[datetime | None, datetime | None]


def of_type(name: str, text: str, type_: str) -> str:
    """Return the id of `Patient/1` or plain `1`; raises BadInput naming the parameter."""
    found = text.removeprefix(f"{type_}/")
    if not ID.fullmatch(found):
        raise refusal(name, "malformed", f"A reference such as {type_}/1 is expected.")
    return found


def asked_date(name: str, text: str) -> tuple[str, Span]:
    """Return prefix and span of `ge2026`, `2026-11-23`, `lt2026-11-24T09:00Z` (R4, search, 3.1.1.4.6).

    Raises BadInput naming the parameter.
    """
    parts = PREFIXED.fullmatch(text)
    if parts is None or not FITS["dateTime"](TO_THE_MINUTE.sub(r"\1:00\2", parts[2])):
        raise refusal(name, "not-a-date", "Write a date as ge2026-11-23 or ge2026-11-23T09:30:00Z.")
    return parts[1] or "eq", span_of(parts[2])


def bounds(name: str, texts: Sequence[str]) -> Bounds:
    """Return the half-open span in UTC that all of these dates leave of instants; `ne` would leave two.

    Raises BadInput.
    """
    starts, ends = [], []
    for text in texts:
        prefix, (first, after) = asked_date(name, text)
        if prefix == "ne" or first.year not in YEARS:
            raise refusal(name, "not-a-date", "This date cannot be asked for here.")
        if prefix in {"eq", "ge"}:
            starts.append(first)
        if prefix in {"gt", "sa"}:
            starts.append(after)
        if prefix in {"eq", "le"}:
            ends.append(after)
        if prefix in {"lt", "eb"}:
            ends.append(first)
    return max(starts, default=None), min(ends, default=None)
