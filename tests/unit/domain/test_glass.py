"""How long a broken glass opens a record, and how what was read behind it is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.glass import OPEN_FOR, Finding, Glass, glass_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BROKEN = Glass("g1", "bo", "hospital", "amara", "hospital", NOW, NOW + OPEN_FOR, "Found unconscious.")


@given(st.integers(-7200, 7200))
def test_it_is_open_for_an_hour_and_not_a_second_longer(seconds: int) -> None:
    assert BROKEN.is_open(NOW + timedelta(seconds=seconds)) == (0 <= seconds < 3600)


def test_who_had_no_good_reason_is_barred_for_thirty_days() -> None:
    refused, late = replace(BROKEN, finding=Finding.UNJUSTIFIED), timedelta(days=30)
    assert refused.bars(NOW + late - timedelta(seconds=1))
    assert not refused.bars(NOW + late)
    assert not replace(BROKEN, finding=Finding.JUSTIFIED).bars(NOW)
    assert not BROKEN.bars(NOW)


def test_what_was_read_behind_it_is_told_from_every_other_reason() -> None:
    assert glass_of(BROKEN.mark) == glass_of(f"{BROKEN.mark}, Condition, Goal") == "g1"
    assert [glass_of(each) for each in ("", "history", "agreed", "emergency", "Condition, Observation")] == [
        ""
    ] * 5
