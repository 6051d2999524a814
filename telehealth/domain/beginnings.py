"""Where a call begins on a line that was checked: without a picture, or with every packet of sound twice.

No ceiling: the browsers' ladder takes over, which tries the picture after its usual wait. A good line begins
as an unknown one does, with a small picture, for that is there soonest and grows within seconds.
"""

from datetime import datetime, timedelta

from telehealth.domain.line_check import (
    NO_PICTURE_BELOW,
    NO_PICTURE_LOSS,
    NO_PICTURE_TRIP,
    LineCheck,
    Plan,
    Way,
)
from telehealth.domain.seating import PATIENT, SPECIALIST, Beginning

KNOWN_FOR = timedelta(hours=12)
"""A check tells of the line of its own day; of the night before and of another town it tells nothing."""
JUST_BEGUN = timedelta(minutes=1)
"""Who comes (back) into a call later than this finds a ladder that knows the line better."""
LOSSY_FROM = 30
"""In thousandths; `LOSSY` of web/client/src/trouble.ts."""
TWICE_FROM = 55_000
"""Bits a second; `DOUBLED_FROM` of web/client/src/voice.ts."""


def beginning(
    check: LineCheck | None, participant: str, now: datetime, admitted_at: datetime | None
) -> Beginning | None:
    """Return how this side begins to send, None for as usual, which holds for guests, too.

    The patient sends what goes up at the check, the specialist what comes down.
    """
    if check is None or participant not in {PATIENT, SPECIALIST} or now - check.taken_at > KNOWN_FOR:
        return None
    if admitted_at is not None and now - admitted_at > JUST_BEGUN:
        return None
    if check.way is Way.NONE:
        return None if check.plan is Plan.VIDEO else Beginning(picture=False)
    rate = check.up if participant == PATIENT else check.down
    dark = rate < NO_PICTURE_BELOW or check.loss >= NO_PICTURE_LOSS or check.trip > NO_PICTURE_TRIP
    begins = Beginning(picture=not dark, lossy=check.loss >= LOSSY_FROM and rate >= TWICE_FROM)
    return None if begins == Beginning() else begins
