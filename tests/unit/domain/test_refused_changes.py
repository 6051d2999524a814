"""What a patient may not change, whom no way leads to, and what is no correction."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.changing import FARTHEST, LEAST_NOTICE, MOST_MOVES, may_move
from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.errors import BadInput, ChangeTooLate, MovedTooOften, WrongState
from telehealth.domain.modality import Modality
from telehealth.domain.presence import Presence, corrected
from telehealth.domain.ways import way_anywhere
from tests.integration.storage.cast import appointment

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SOON = NOW + LEAST_NOTICE
BOOKED = Consultation("v", "a", "o", "bo", "amara", VisitStatus.BOOKED, NOW)
AHEAD = appointment(start=SOON)


@pytest.mark.parametrize("start", [SOON, NOW + FARTHEST])
def test_a_patient_moves_a_visit_from_two_hours_ahead_to_half_a_year(start: datetime) -> None:
    may_move(BOOKED, AHEAD, start, NOW)


@pytest.mark.parametrize("start", [SOON - timedelta(seconds=1), NOW + FARTHEST + timedelta(seconds=1)])
def test_a_patient_moves_it_to_no_other_time(start: datetime) -> None:
    with pytest.raises(BadInput) as refused:
        may_move(BOOKED, AHEAD, start, NOW)
    assert refused.value.problems[0].code == "not-offered"


def test_a_patient_moves_a_visit_three_times_at_most_and_not_at_the_last_moment() -> None:
    with pytest.raises(MovedTooOften):
        may_move(BOOKED, replace(AHEAD, patient_moves=MOST_MOVES), SOON, NOW)
    with pytest.raises(ChangeTooLate):
        may_move(BOOKED, AHEAD, SOON, NOW + timedelta(seconds=1))
    with pytest.raises(WrongState):
        may_move(replace(BOOKED, status=VisitStatus.FINISHED), AHEAD, SOON, NOW)


def test_a_browser_that_was_nobodys_of_the_visit_leaves_the_others_alone() -> None:
    asking = BOOKED.come("phone").come("tablet")
    assert asking.without("desk") is asking
    assert (asking.without("phone").bound_to, asking.without("phone").asked_by) == (None, "tablet")
    assert (asking.without("tablet").bound_to, asking.without("tablet").asked_by) == ("phone", None)


def test_only_a_visit_that_did_not_take_place_is_corrected() -> None:
    missed = replace(BOOKED, status=VisitStatus.MISSED)
    assert corrected(missed, Presence.ATTENDED, NOW).status is VisitStatus.FINISHED
    with pytest.raises(WrongState):
        corrected(BOOKED, Presence.ATTENDED, NOW)


@pytest.mark.parametrize(
    "offered, code", [((Modality.PHONE,), "no-number"), ((Modality.ASSISTED,), "at-a-site")]
)
def test_somebody_without_a_number_is_told_why_no_way_leads_to_them(
    offered: tuple[Modality, ...], code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        way_anywhere(offered, "")
    assert refused.value.problems[0].code == code
