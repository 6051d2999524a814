"""Cursors: opaque texts that say where the next page of a list begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from telehealth.domain.errors import BadInput, FieldProblem

LONGEST = 200


def after(start: datetime, identifier: str) -> str:
    """Return the cursor behind the item that starts at `start` and has `identifier`."""
    return urlsafe_b64encode(f"{start.isoformat()} {identifier}".encode()).decode().rstrip("=")


def position(cursor: str) -> tuple[datetime, str]:
    """Return where a cursor points; raise BadInput for a text that is none of ours."""
    try:
        text = urlsafe_b64decode(cursor[:LONGEST] + "=" * (-len(cursor) % 4)).decode()
        start, _, identifier = text.partition(" ")
        found = datetime.fromisoformat(start)
    except ValueError as error:
        raise BadInput(FieldProblem("cursor", "malformed", "This cursor is not one of ours.")) from error
    if found.tzinfo is None:
        raise BadInput(FieldProblem("cursor", "malformed", "This cursor is not one of ours."))
    return found, identifier
