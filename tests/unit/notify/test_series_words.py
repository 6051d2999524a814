"""Messages about several visits: each time with its link, in words and in letters that a phone can take."""

from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.segments import MOST_SEGMENTS, segments
from telehealth.notify.series_texts import SERIES_TEXTS
from telehealth.notify.templates import Wording
from telehealth.services.letters import Letter
from telehealth.services.several import Dated
from telehealth.timezones import use_packaged_zones
from tests.unit.notify.speaking import LANGUAGES, WORDING

use_packaged_zones()
NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
FIRST = datetime(2026, 10, 12, 7, 0, tzinfo=UTC)
DATES = tuple(
    Dated(
        FIRST + timedelta(days=7 * week, hours=week > 1), f"https://care.example/v?lang=en#{'t' * 42}{week}"
    )
    for week in range(3)
)


def letter(template: str, language: str = "en", dates: tuple[Dated, ...] = DATES) -> Letter:
    values = {
        "clinic": "Hill Clinic",
        "practitioner": "Dr Khan",
        "phone": "+34600000000",
        "count": "3",
        "link": DATES[0].link,
    }
    return Letter(template, language, "bo@home.example", values, FIRST, "Europe/Berlin", NOW, dates=dates)


def test_every_time_stands_over_its_own_link_by_the_wall_clock() -> None:
    words = Wording()(letter("series-booked"))
    lines = words.text.splitlines()
    days = [
        "Monday, 12 October 2026, 09:00",
        "Monday, 19 October 2026, 09:00",
        "Monday, 26 October 2026, 09:00",
    ]
    assert [lines[lines.index(day) + 1] for day in days] == [each.link for each in DATES]
    assert "Central European Time" in words.text  # of these some are in summer and some in winter
    assert words.html.count("<li>") == 3
    assert all(f'href="{each.link}"' in words.html for each in DATES)


def test_cancelled_visits_are_listed_without_a_link() -> None:
    words = Wording()(letter("series-cancelled", dates=tuple(Dated(each.at) for each in DATES)))
    assert "19 October" in words.text
    assert "https" not in words.text + words.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", SERIES_TEXTS)
def test_every_language_says_it_all_in_three_parts(template: str, language: str) -> None:
    words = WORDING(letter(template, language))
    assert words.subject.lstrip("\u200f").startswith("Hill Clinic")
    assert "{" not in words.subject + words.text + words.sms
    assert segments(words.sms) <= MOST_SEGMENTS
    assert template == "series-cancelled" or DATES[0].link in words.sms
