"""Where a call begins on a line that a check has found weak."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from telehealth.domain.access import ActorKind
from telehealth.domain.beginnings import JUST_BEGUN, KNOWN_FOR, beginning
from telehealth.domain.line_check import LineCheck, judge
from telehealth.domain.seating import PATIENT, SPECIALIST, Beginning
from tests.unit.domain.test_line_check import GOOD, NOTHING

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DARK, TWICE, DARK_TWICE = (
    Beginning(picture=False),
    Beginning(lossy=True),
    Beginning(picture=False, lossy=True),
)


def checked(**found: Any) -> LineCheck:
    figures = replace(GOOD, **found)
    verdict = judge(figures)
    return LineCheck(
        "visit", ActorKind.VISITOR, NOW, **asdict(figures), plan=verdict.plan, because=verdict.because
    )


@pytest.mark.parametrize(
    "found, patient, specialist",
    [
        ({}, None, None),
        ({"up": 150_000, "loss": 29, "trip": 600}, None, None),
        ({"up": 149_999}, DARK, None),
        ({"down": 64_000}, None, DARK),
        ({"loss": 30}, TWICE, TWICE),
        ({"loss": 100}, DARK_TWICE, DARK_TWICE),
        ({"trip": 601}, DARK, DARK),
        ({"loss": 50, "up": 54_999}, DARK, TWICE),
        ({"camera": False}, None, None),
        (NOTHING, DARK, DARK),
    ],
)
def test_each_side_begins_as_its_direction_allows(
    found: dict[str, Any], patient: Beginning | None, specialist: Beginning | None
) -> None:
    check = checked(**found)
    assert beginning(check, PATIENT, NOW, None) == patient
    assert beginning(check, SPECIALIST, NOW, NOW) == specialist


def test_without_a_check_and_for_guests_a_call_begins_as_usual() -> None:
    assert beginning(None, PATIENT, NOW, None) is None
    assert beginning(checked(up=64_000), "g1", NOW, None) is None


def test_an_old_check_tells_nothing() -> None:
    check = checked(up=64_000)
    assert beginning(check, PATIENT, NOW + KNOWN_FOR, None) == DARK
    assert beginning(check, PATIENT, NOW + KNOWN_FOR + timedelta(seconds=1), None) is None


def test_who_comes_back_into_a_call_goes_on_by_what_it_has_shown() -> None:
    check = checked(up=64_000)
    assert beginning(check, PATIENT, NOW + JUST_BEGUN, NOW) == DARK
    assert beginning(check, PATIENT, NOW + JUST_BEGUN + timedelta(seconds=1), NOW) is None


def test_a_line_by_which_only_the_relay_was_reached_begins_with_sound() -> None:
    blocked = checked(**NOTHING)
    assert beginning(replace(blocked, plan=judge(GOOD).plan), PATIENT, NOW, None) is None
