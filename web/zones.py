"""The time zone behind a name, for showing times: an unknown one never costs anybody the page."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from babel import UnknownLocaleError
from babel.dates import get_timezone, get_timezone_location


def zone_of(name: str) -> tzinfo:
    """Return the zone called `name`, or UTC where this machine knows none of that name.

    Zones are checked when they are typed in; what is stored may still be older or newer than the rules here.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def days_ahead(start: datetime, now: datetime, zone: str) -> int:
    """Return how many midnights of `zone` lie between now and the start; 0 is today."""
    local = zone_of(zone)
    return (start.astimezone(local).date() - now.astimezone(local).date()).days


def differs(instant: datetime, zone: str, home: str) -> bool:
    """Whether clocks in both zones show different times at that moment."""
    return instant.astimezone(zone_of(zone)).utcoffset() != instant.astimezone(zone_of(home)).utcoffset()


def city_of(zone: str, *, locale: str) -> str:
    """Return a zone's city as the language calls it, such as `Nairobi`: people do not know offsets."""
    try:
        city = get_timezone_location(get_timezone(zone), locale=locale, return_city=True)
    except (LookupError, UnknownLocaleError):
        city = zone.replace("_", " ")
    return city.rpartition("/")[2]
