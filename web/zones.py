"""The time zone behind a name, for showing times: an unknown one never costs anybody the page."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo


def zone_of(name: str) -> tzinfo:
    """Return the zone called `name`, or UTC where this machine knows none of that name.

    Zones are checked when they are typed in; what is stored may still be older or newer than the rules here.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
