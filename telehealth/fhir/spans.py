"""The time that a FHIR date stands for: 2026 is a whole year, 2026-11-23 a day, a time one second."""

from datetime import UTC, datetime, timedelta

Span = tuple[datetime, datetime]
"""A half-open stretch of time in UTC."""
BEGIN = datetime(1, 1, 2, tzinfo=UTC)
END = datetime(9999, 12, 30, tzinfo=UTC)
"""Beyond lies no day that an offset could reach."""
YEAR, MONTH, DAY, MINUTE, SECOND = 4, 7, 10, 16, 19
"""Characters of a date to each of these."""


def span_of(text: str) -> Span:
    """Return the stretch that a valid date or time stands for; days without an offset are those of UTC."""
    if len(text) == YEAR:
        year = int(text)
        return _between(year, 1, year + 1, 1)
    if len(text) == MONTH:
        year, month = int(text[:4]), int(text[5:])
        return _between(year, month, year + month // 12, month % 12 + 1)
    if len(text) == DAY:
        start = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return _within(start, timedelta(days=1))
    # R4 allows a leap second, which no datetime has.
    found = datetime.fromisoformat(text.replace(":60", ":59"))
    inside = BEGIN.year < found.year < END.year
    return _within(found.astimezone(UTC) if inside else found.replace(tzinfo=UTC), _precision(text))


def _precision(text: str) -> timedelta:
    """Return how long a time is that may be told to the minute, the second, or a part of one."""
    if len(text) > SECOND and text[SECOND] == ".":
        digits = len(text[SECOND + 1 :].rstrip("Z").partition("+")[0].partition("-")[0])
        return max(timedelta(seconds=10.0**-digits), timedelta(microseconds=1))
    return timedelta(seconds=1) if text[MINUTE : MINUTE + 1] == ":" else timedelta(minutes=1)


def _between(year: int, month: int, next_year: int, next_month: int) -> Span:
    start = datetime(year, month, 1, tzinfo=UTC)
    return start, END if next_year > END.year else datetime(next_year, next_month, 1, tzinfo=UTC)


def _within(start: datetime, long: timedelta) -> Span:
    return start, END if start > END - long else start + long
