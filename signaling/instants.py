"""Instants on the wire: RFC 3339 in UTC with whole seconds."""

from datetime import UTC, datetime

from signaling.fields import Body, text
from signaling.refusals import Misread

MAX_WORD = 64


def instant(at: datetime) -> str:
    """Write an instant as RFC 3339 in UTC with whole seconds: `2026-11-23T09:31:07Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(body: Body, name: str) -> datetime:
    """Read what `instant` writes."""
    try:
        return datetime.strptime(text(body, name, MAX_WORD), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Misread(f"'{name}' must be an instant in UTC.") from error
