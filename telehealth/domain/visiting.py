"""The patient's way in: visit links, the spoken code, and the session of one browser in one visit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

OPENS_BEFORE = timedelta(hours=24)
CLOSES_AFTER = timedelta(hours=2)
STAYS_AFTER_END = timedelta(minutes=30)
WAITS_AFTER_END = timedelta(hours=24)
"""Who waits or is in a call that nobody ended may come back so long after the planned end, and no longer."""
CODE_TRIES = 5
GRACE = timedelta(minutes=10)
"""So long after the start a patient may still come before anybody says that they did not."""


@dataclass(frozen=True, slots=True)
class VisitLink:
    """A person's link to one visit. The token is derived, never stored; `digest` is its HMAC.

    `generation` rises when the link is rotated (reschedule, cancel, removal), which kills the older one.
    `code_digest` is the spoken code's HMAC; it is bound to the birth date at use. A link that died because
    its visit was `moved` still tells when that is now.
    """

    id: str
    visit_id: str
    person_id: str
    generation: int
    digest: bytes
    code_digest: bytes
    code_tries: int = 0
    revoked_at: datetime | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class VisitSession:
    """One browser that holds a visit's cookie."""

    id: str
    visit_id: str
    person_id: str
    digest: bytes
    generation: int
    created_at: datetime
    ended_at: datetime | None = None


def window(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """When a link may be used: from a day before the visit until two hours after it, see WAITS_AFTER_END."""
    return start - OPENS_BEFORE, end + CLOSES_AFTER
