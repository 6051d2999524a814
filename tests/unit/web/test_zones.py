"""Times in a zone that this machine does not know are told in UTC rather than not at all."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from web.render import _time
from web.zones import zone_of

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "/etc/passwd", "a\x00b", "\ud800"]
)
def test_an_unknown_zone_is_read_as_utc(name: str) -> None:
    assert zone_of(name).utcoffset(NINE) == UTC.utcoffset(NINE)
    assert _time(NINE, name, locale="en_GB") == "09:00"


def test_a_known_zone_is_itself() -> None:
    assert zone_of("Europe/Berlin") == ZoneInfo("Europe/Berlin")
