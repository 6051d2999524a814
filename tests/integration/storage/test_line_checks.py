"""Checks of lines as rows, one contract for fake and real: the last one counts, the day's rows show it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.access import ActorKind
from telehealth.domain.errors import StaleVersion
from telehealth.domain.line_check import Because, LineCheck, Plan, RelayReached, Way
from telehealth.domain.scheduling import Interval
from telehealth.services.ports import Units
from tests.integration.storage.cast import AMARA, NOW
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

NARROW = LineCheck(
    visit_id="visit-1",
    by_kind=ActorKind.VISITOR,
    taken_at=NOW,
    way=Way.RELAY,
    up=80_000,
    down=300_000,
    trip=140,
    jitter=9,
    loss=12,
    relay=RelayReached.TCP,
    camera=True,
    microphone=True,
    plan=Plan.SOUND,
    because=Because.NARROW,
)
BETTER = replace(NARROW, up=900_000, plan=Plan.VIDEO, because=Because.NOTHING, version=2)


async def test_the_last_check_counts_and_stands_in_the_rows(units: Units) -> None:
    window = Interval(NOW - timedelta(days=1), NOW + timedelta(days=2))
    async with units.writing() as uow:
        assert await uow.line_checks.of("visit-1") is None
        row = await uow.visits.row("visit-1")
        assert row is not None
        assert row.check is None
        await uow.line_checks.put(NARROW)
        await uow.line_checks.put(BETTER)
    async with units.reading() as uow:
        assert await uow.line_checks.of("visit-1") == BETTER
        rows = await uow.visits.clinic(AMARA.id, window, window)
        assert {each.visit.id: each.check for each in rows}["visit-1"] == BETTER


@pytest.mark.parametrize("version", [1, 3])
async def test_a_check_over_any_other_version_is_refused(units: Units, version: int) -> None:
    async with units.writing() as uow:
        await uow.line_checks.put(NARROW)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.line_checks.put(replace(BETTER, version=version))
    async with units.reading() as uow:
        assert await uow.line_checks.of("visit-1") == NARROW
