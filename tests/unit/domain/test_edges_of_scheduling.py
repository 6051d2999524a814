"""What stops at the edge of a rule: days that no week has, spans upside down, a change of what has begun."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from telehealth.domain.changing import may_cancel
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import BadInput, WrongState
from telehealth.domain.hours_checks import check_hours
from telehealth.domain.scheduling import shown
from tests.integration.storage.cast import CARDIOLOGY, MONDAYS, NOW, WARD, appointment, visit


@pytest.mark.parametrize("weekday", [0, 8])
def test_a_week_has_seven_days(weekday: int) -> None:
    with pytest.raises(BadInput) as refused:
        check_hours(replace(MONDAYS, weekday=weekday), WARD, CARDIOLOGY, NOW.date())
    assert refused.value.problems[0].field == "weekday"


def test_clocks_show_nothing_between_an_end_and_a_later_start() -> None:
    assert shown(date(2026, 11, 23), time(10), time(9), ZoneInfo("Europe/Berlin")) == ()


def test_a_visit_that_has_begun_is_not_the_patients_to_cancel() -> None:
    booked = appointment(start=NOW + timedelta(days=1))
    may_cancel(visit(booked), booked, NOW)
    with pytest.raises(WrongState):
        may_cancel(replace(visit(booked), status=VisitStatus.IN_PROGRESS), booked, NOW)
