"""FHIR R4 search parameters, read strictly: references, tokens, and dates with their prefixes."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from telehealth.fhir.parameters import ID, refusal

DATE = re.compile(r"(eq|ge|gt|le|lt)?(\d{4}-\d{2}-\d{2})(T.+)?", re.ASCII)
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
YEARS = range(2, 9999)
"""Beyond lies no day that an offset, or the end of a span, could reach."""
Bounds = tuple[datetime | None, datetime | None]


def of_type(name: str, text: str, type_: str) -> str:
    """Return the id of `Patient/1` or plain `1`; raises BadInput naming the parameter."""
    found = text.removeprefix(f"{type_}/")
    if not ID.fullmatch(found):
        raise refusal(name, "malformed", f"A reference such as {type_}/1 is expected.")
    return found


def bounds(name: str, texts: Sequence[str]) -> Bounds:
    """Return the half-open span in UTC that all of these dates leave: `ge2026-11-23`, `lt2026-11-24T09:00Z`.

    A date is a whole day in UTC, a time a second (R4, search, section 3.1.1.4.6). Raises BadInput.
    """
    starts, ends = [], []
    for text in texts:
        prefix, (first, after) = _span(name, text)
        if prefix in {"eq", "ge"}:
            starts.append(first)
        if prefix == "gt":
            starts.append(after)
        if prefix in {"eq", "le"}:
            ends.append(after)
        if prefix == "lt":
            ends.append(first)
    return max(starts, default=None), min(ends, default=None)


def _span(name: str, text: str) -> tuple[str, tuple[datetime, datetime]]:
    parts = DATE.fullmatch(text)
    try:
        found = datetime.fromisoformat(parts[2] + (parts[3] or "")) if parts else None
    except ValueError:
        found = None
    if parts is None or found is None or found.year not in YEARS:
        raise refusal(name, "not-a-date", "Write a date as ge2026-11-23 or ge2026-11-23T09:30:00Z.")
    if parts[3] is None:
        first, long = found.replace(tzinfo=UTC), A_DAY
    elif found.tzinfo is None:
        raise refusal(name, "no-offset", "The time must carry its offset, such as +01:00 or Z.")
    else:
        first, long = found.astimezone(UTC), A_SECOND
    return parts[1] or "eq", (first, first + long)
