"""Cursors: opaque texts that say where the next page of a list begins."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode

from telehealth.domain.errors import BadInput, FieldProblem

LONGEST = 200
IDENTIFIER = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)


def after(start: datetime, identifier: str) -> str:
    """Return the cursor behind the item that starts at `start` and has `identifier`."""
    return urlsafe_b64encode(f"{start.isoformat()} {identifier}".encode()).decode().rstrip("=")


def next_page(address: str, given: Iterable[tuple[str, str]], cursor: str, name: str = "_after") -> str:
    """Return the address of what follows: all that was asked for, and the cursor under its name."""
    return f"{address}?{urlencode([*(each for each in given if each[0] != name), (name, cursor)])}"


def position(cursor: str, field: str = "cursor") -> tuple[datetime, str]:
    """Return where a cursor points, in UTC; raise BadInput for a text that is none of ours."""
    try:
        text = urlsafe_b64decode(cursor[:LONGEST] + "=" * (-len(cursor) % 4)).decode()
        start, _, identifier = text.partition(" ")
        found = datetime.fromisoformat(start)
        if found.tzinfo is not None and IDENTIFIER.fullmatch(identifier):
            return found.astimezone(UTC), identifier
    except (ValueError, OverflowError) as error:
        raise _foreign(field) from error
    raise _foreign(field)


def _foreign(field: str) -> BadInput:
    return BadInput(FieldProblem(field, "malformed", "This cursor is not one of ours."))
