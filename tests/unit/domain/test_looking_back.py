"""Looking back at a day: every state has an end, and the clinic's lateness is not the patient's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.looking_back import End, came_late_by, end_of, late_by

START = datetime(2026, 11, 23, 10, tzinfo=UTC)
VISIT = Consultation("v", "a", "hospital", "bo", "amara", VisitStatus.BOOKED, START)


@pytest.mark.parametrize("status", list(VisitStatus))
def test_every_state_is_an_end_or_open(status: VisitStatus) -> None:
    seen = {VisitStatus.FINISHED, VisitStatus.COMPLETED}
    over = seen | {VisitStatus.MISSED, VisitStatus.UNSEEN, VisitStatus.CANCELLED}
    assert (end_of(replace(VISIT, status=status)) is not End.OPEN) == (status in over)


@pytest.mark.parametrize(
    "came, admitted, late",
    [(-10, -2, 0), (-10, 4, 0), (-10, 5, 5), (-10, 17, 17), (12, 16, 0), (12, 19, 7), (None, 6, 6)],
)
def test_late_counts_from_the_time_or_from_whoever_came_later(
    came: int | None, admitted: int, late: int
) -> None:
    waiting = None if came is None else START + timedelta(minutes=came)
    visit = replace(VISIT, waiting_at=waiting, admitted_at=START + timedelta(minutes=admitted))
    assert late_by(visit, START) == late


def test_who_was_never_admitted_did_not_begin_late() -> None:
    assert late_by(VISIT, START) == 0


@pytest.mark.parametrize(
    "came, admitted, late",
    [(-10, None, 0), (4, 9, 0), (5, None, 5), (12, 30, 12), (12, 12, 0), (None, None, 0)],
)
def test_a_patient_is_late_by_the_waiting_room_unless_the_clinic_phoned_them(
    came: int | None, admitted: int | None, late: int
) -> None:
    at = [None if each is None else START + timedelta(minutes=each) for each in (came, admitted)]
    visit = replace(VISIT, waiting_at=at[0], admitted_at=at[1])
    assert came_late_by(visit, START) == late
