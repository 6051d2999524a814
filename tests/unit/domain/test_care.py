"""Whose visits let them read a record, and when: record.md's window."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.care import AFTER, AFTER_NOBODY_CAME, BEFORE, Meeting, Withheld, in_care, outside
from telehealth.domain.consultation import Confirmation, Consultation, VisitStatus

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
END = START + timedelta(minutes=20)
A_MOMENT = timedelta(microseconds=1)
BOOKED = Meeting(
    Consultation("v", "a", "hospital", "bo", "amara", VisitStatus.BOOKED, START - timedelta(days=90)),
    START,
    END,
)
OWN = replace(BOOKED, by_practitioner=True)


def at(meeting: Meeting, status: VisitStatus, **changes: object) -> Meeting:
    return replace(meeting, visit=replace(meeting.visit, status=status, **changes))  # type: ignore[arg-type]


SEEN = at(BOOKED, VisitStatus.COMPLETED, consent_at=START, ended_at=END)


@pytest.mark.parametrize(
    "meeting, opens, closes",
    [
        (BOOKED, START - BEFORE, END + AFTER_NOBODY_CAME),
        (at(BOOKED, VisitStatus.MISSED), START - BEFORE, END + AFTER_NOBODY_CAME),
        (at(BOOKED, VisitStatus.UNSEEN), START - BEFORE, END + AFTER_NOBODY_CAME),
        (at(BOOKED, VisitStatus.IN_PROGRESS), START - BEFORE, END + AFTER),
        (SEEN, START - BEFORE, END + AFTER),
        (
            at(SEEN, VisitStatus.FINISHED, ended_at=END + timedelta(hours=1)),
            START - BEFORE,
            END + timedelta(hours=1) + AFTER,
        ),
    ],
)
def test_a_visit_gives_a_relation_within_its_window_only(
    meeting: Meeting, opens: datetime, closes: datetime
) -> None:
    inside = [opens, START, closes - A_MOMENT]
    beyond = [opens - A_MOMENT, closes, closes + timedelta(days=3650)]
    assert [in_care([meeting], each) for each in inside] == [True] * 3
    assert [in_care([meeting], each) for each in beyond] == [False] * 3
    assert [outside([meeting], each) for each in inside] == [None] * 3
    assert [outside([meeting], each) for each in beyond] == [Withheld.WINDOW] * 3


def test_what_was_called_off_or_tests_the_line_is_no_visit() -> None:
    for none in (at(BOOKED, VisitStatus.CANCELLED), at(SEEN, VisitStatus.COMPLETED, test=True)):
        assert not in_care([none], START)
        assert outside([none], START) is None
    assert outside([], START) is None


@pytest.mark.parametrize("status", [each for each in VisitStatus if each is not VisitStatus.CANCELLED])
def test_who_books_a_stranger_for_themselves_reads_nothing_whatever_they_call_the_visit(
    status: VisitStatus,
) -> None:
    pressed = at(OWN, status, waiting_at=START, admitted_at=START)
    assert not in_care([pressed], START)
    assert outside([pressed], START) is Withheld.UNMET


ASKED = Confirmation(("birth-date", "name"), "At home", "+4930", "amara", START)


def test_it_opens_once_the_patient_has_agreed_and_not_by_what_its_practitioner_says_alone() -> None:
    assert in_care([at(OWN, VisitStatus.ARRIVED, consent_at=START)], START)
    phoned = at(OWN, VisitStatus.COMPLETED, confirmation=ASKED, call_on="+4930", ended_at=END)
    assert outside([phoned], START) is Withheld.UNMET
    assert outside([phoned, OWN], START) is Withheld.UNMET
    given = at(BOOKED, VisitStatus.COMPLETED, confirmation=ASKED, call_on="+4930", ended_at=END)
    assert in_care([given], START)
    assert in_care([replace(given, start=START - timedelta(days=900)), OWN], START)


def test_who_has_met_the_patient_books_the_next_visit_as_anybody_does() -> None:
    long_ago = replace(SEEN, start=START - timedelta(days=900), end=END - timedelta(days=900))
    long_ago = at(long_ago, VisitStatus.COMPLETED, ended_at=long_ago.end)
    assert in_care([long_ago, OWN], START - BEFORE)
    assert not in_care([long_ago, OWN], START - BEFORE - A_MOMENT)
    for no_visit in (at(long_ago, VisitStatus.MISSED), at(long_ago, VisitStatus.COMPLETED, test=True)):
        assert not in_care([no_visit, OWN], START)
    never = at(long_ago, VisitStatus.COMPLETED, consent_at=None)
    assert not in_care([never, OWN], START)
