"""A clinic that runs past midnight: the list shows who comes next on the other side of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from telehealth.domain.scheduling import WeeklyHours
from tests.cast import AMARA, CARDIOLOGY, MONDAY, SITE, House

MIDNIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
"""In Berlin, where the site is, and TUESDAY begins."""
TUESDAY = date(2026, 11, 24)
NIGHT = time(0), time(6), TUESDAY


@pytest.fixture
async def nightly(house: House) -> str:
    """A visit at twenty past midnight."""
    rule = WeeklyHours("rule-night", AMARA.id, SITE, CARDIOLOGY, TUESDAY.isoweekday(), *NIGHT)
    async with house.assembled.opened.storage.writing() as uow:
        await uow.directory.add_hours(rule)
    return (await house.book(MIDNIGHT + timedelta(minutes=20))).visit_id


async def shown(house: House, day: date | None = None) -> list[str]:
    return [row.visit.id for row in (await house.assembled.services.clinic.day(AMARA, day)).rows]


async def test_the_list_shows_the_coming_hours_beyond_midnight(house: House, nightly: str) -> None:
    assert await shown(house) == []
    house.clock.at = MIDNIGHT - timedelta(hours=3, minutes=40)
    assert await shown(house) == []
    house.clock.pass_by(minutes=1)
    assert await shown(house) == [nightly]


async def test_a_day_that_is_asked_for_ends_at_midnight(house: House, nightly: str) -> None:
    house.clock.at = MIDNIGHT - timedelta(minutes=5)
    assert await shown(house, MONDAY.date()) == []
    assert await shown(house, TUESDAY) == [nightly]
