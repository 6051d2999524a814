"""Times in a zone that this machine does not know are told in UTC rather than not at all."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from web.render import _day, _time
from web.zones import city_of, days_ahead, differs, zone_of

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "/etc/passwd", "a\x00b", "\ud800"]
)
def test_an_unknown_zone_is_read_as_utc(name: str) -> None:
    assert zone_of(name).utcoffset(NINE) == UTC.utcoffset(NINE)
    assert _time(NINE, name, locale="en_GB") == "09:00"


def test_a_known_zone_is_itself() -> None:
    assert zone_of("Europe/Berlin") == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "locale,words",
    [
        ("en_GB", "Monday, 23 November"),
        ("es", "lunes, 23 de noviembre"),
        ("fr", "lundi 23 novembre"),
        ("pt", "segunda-feira, 23 de novembro"),
        ("ar", "الاثنين، 23 نوفمبر"),
        ("hi", "सोमवार, 23 नवंबर"),
        ("sw", "Jumatatu, 23 Novemba"),
        ("am", "ሰኞ 23 ኖቬምበር"),
        ("hu", "2026. november 23., hétfő"),  # the year comes first, so it stays
    ],
)
def test_a_day_is_written_as_its_language_does(locale: str, words: str) -> None:
    assert _day(NINE, "Europe/Berlin", locale=locale) == words


@pytest.mark.parametrize(
    "zone,locale,city",
    [
        ("Africa/Nairobi", "en_GB", "Nairobi"),
        ("Europe/Berlin", "ar", "برلين"),
        ("America/Argentina/Buenos_Aires", "es", "Buenos Aires"),
        ("UTC", "en_GB", "UTC"),
        ("Mars/New_Olympus", "en_GB", "New Olympus"),
    ],
)
def test_a_zone_is_named_by_its_city(zone: str, locale: str, city: str) -> None:
    assert city_of(zone, locale=locale) == city


def test_clocks_differ_by_what_they_show_at_that_moment() -> None:
    summer = NINE.replace(month=7)
    assert not differs(NINE, "Europe/Berlin", "Europe/Stockholm")
    assert differs(NINE, "Europe/Berlin", "Africa/Johannesburg")
    assert not differs(summer, "Europe/Berlin", "Africa/Johannesburg")


@pytest.mark.parametrize("zone,days", [("UTC", 0), ("Asia/Tokyo", 1), ("America/New_York", 0)])
def test_days_are_counted_by_the_midnights_of_the_zone(zone: str, days: int) -> None:
    assert days_ahead(NINE.replace(hour=20), NINE, zone) == days
