"""How a visit over a line had best begin, by what a check of it found."""

from dataclasses import replace
from typing import Any

import pytest

from telehealth.domain.line_check import Because, Figures, Plan, RelayReached, Way, judge

GOOD = Figures(
    way=Way.DIRECT,
    up=1_200_000,
    down=1_200_000,
    trip=80,
    jitter=2,
    loss=0,
    relay=RelayReached.UDP,
    camera=True,
    microphone=True,
)
NOTHING: dict[str, Any] = {"way": Way.NONE, "up": 0, "down": 0}


@pytest.mark.parametrize(
    "found, plan, because",
    [
        ({}, Plan.VIDEO, Because.NOTHING),
        ({"up": 150_000, "loss": 99, "trip": 600}, Plan.VIDEO, Because.NOTHING),
        ({"way": Way.RELAY, "relay": RelayReached.TCP}, Plan.VIDEO, Because.NOTHING),
        ({"up": 149_999}, Plan.SOUND, Because.NARROW),
        ({"down": 24_000}, Plan.SOUND, Because.NARROW),
        ({"loss": 100, "up": 90_000}, Plan.SOUND, Because.LOSSY),
        ({"trip": 601, "up": 90_000}, Plan.SOUND, Because.LATE),
        ({"camera": False}, Plan.SOUND, Because.NO_CAMERA),
        ({"down": 23_999}, Plan.PHONE, Because.NARROW),
        ({"loss": 300, "up": 9000}, Plan.PHONE, Because.LOSSY),
        ({"trip": 2000}, Plan.PHONE, Because.LATE),
        (NOTHING | {"relay": RelayReached.NO}, Plan.PHONE, Because.BLOCKED),
        (NOTHING | {"relay": RelayReached.UNSET}, Plan.PHONE, Because.BLOCKED),
        (NOTHING | {"relay": RelayReached.TCP}, Plan.SOUND, Because.BLOCKED),
        ({"microphone": False}, Plan.PHONE, Because.NO_MICROPHONE),
    ],
)
def test_a_line_is_judged_by_its_worst(found: dict[str, Any], plan: Plan, because: Because) -> None:
    verdict = judge(replace(GOOD, **found))
    assert (verdict.plan, verdict.because) == (plan, because)


def test_who_cannot_be_phoned_comes_to_a_clinic() -> None:
    assert judge(replace(GOOD, trip=2000), by_phone=False).plan is Plan.CLINIC
    assert judge(replace(GOOD, up=90_000), by_phone=False).plan is Plan.SOUND


@pytest.mark.parametrize("relay", RelayReached)
def test_where_addresses_are_hidden_only_the_relay_is_a_way(relay: RelayReached) -> None:
    reached = relay in {RelayReached.UDP, RelayReached.TCP}
    verdict = judge(replace(GOOD, relay=relay), relay_only=True)
    assert verdict.because is (Because.NOTHING if reached else Because.BLOCKED)
