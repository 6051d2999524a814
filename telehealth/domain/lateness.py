"""Who is still at home and hears that a clinic runs late: in steps, not every few minutes."""

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.consultation import VisitStatus
from telehealth.domain.outbox import Channel
from telehealth.domain.reminders import MORNING, NIGHT

STEP = 15
"""Minutes: less is told to nobody at home, and a change within one step neither."""
AHEAD = timedelta(hours=4)
"""Of visits later than this nobody knows yet how late they will begin."""
AWAKE = timedelta(hours=2)
"""Whose visit is so near is up, whatever the hour."""
AT_HOME = frozenset({VisitStatus.BOOKED, VisitStatus.ARRIVED})
"""Not in the waiting room, where the page itself says how the clinic runs."""


def is_news(minutes: int, told: int) -> bool:
    """Whether who has heard of `told` minutes should hear of `minutes`."""
    return minutes // STEP != told // STEP


def ways_now(ways: Collection[Channel], start: datetime, zone: str, now: datetime) -> tuple[Channel, ...]:
    """Return the ways by which this is told now to somebody in `zone` whose visit is at `start`.

    No SMS at night, unless the visit is near: such a message would be of no use in the morning.
    """
    night = not MORNING <= now.astimezone(ZoneInfo(zone)).time() < NIGHT
    quiet = night and start - now > AWAKE
    return tuple(way for way in ways if not (quiet and way is Channel.SMS))
