"""How lines were as rows, one contract for fake and real: taken, written many at once, read and forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.line_record import LineRecord, Marks, Path
from telehealth.domain.scheduling import Interval
from telehealth.services import line_records
from telehealth.services.line_record_repository import Measured
from telehealth.services.line_records import LineRecorder
from telehealth.services.ports import Units
from telehealth.services.trail import Work
from tests.fakes import FakeChance, FakeClock
from tests.integration.storage import cast
from tests.integration.storage.cast import AMARA, CY, NOW
from tests.integration.storage.test_fakes import kind, units
from tests.unit.domain.test_line_record import LOOK

__all__ = ["kind", "units"]

MARKS = Marks(sock=0, offer=12, frame=480)
DAY = Interval(NOW, NOW + timedelta(days=1))
TEN = timedelta(seconds=10)


async def of(units: Units, visit: str = "visit-1") -> list[LineRecord]:
    async with units.reading() as uow:
        return await uow.line_records.of([visit])


async def measured(
    units: Units, house: str = AMARA.organization_id, window: Interval = DAY
) -> list[Measured]:
    async with units.reading() as uow:
        return await uow.line_records.measured(house, window, 10)


async def test_looks_are_written_many_at_once_and_added_to_what_was_there(units: Units) -> None:
    clock = FakeClock(NOW + TEN)
    recorder = LineRecorder(work=Work(units, clock, FakeChance()))
    assert recorder.take("visit-1", "p", LOOK, None)
    assert recorder.take("visit-1", "s", replace(LOOK, rtt=7), MARKS)
    assert not recorder.take("visit-1", "p", LOOK, None), "too soon after the one before"
    assert await of(units) == []
    await recorder.flush()
    clock.move(seconds=10)
    assert recorder.take("visit-1", "p", replace(LOOK, path=Path.RELAY), MARKS)
    assert recorder.take("visit-of-nobody", "p", LOOK, None)
    await recorder.flush()
    await recorder.flush()
    his, hers = await of(units)
    assert (his.member, his.begun_at, [(each.at, each.path) for each in his.looks]) == (
        "p",
        NOW,
        [(10, Path.HOST), (20, Path.RELAY)],
    )
    assert (his.marks, hers.member, hers.looks[0].rtt, hers.marks) == (MARKS, "s", 7, MARKS)
    assert await of(units, "visit-of-nobody") == []
    assert [each.summary for each in await measured(units)] == [his.summary, hers.summary]


async def test_memory_is_bounded_and_a_batch_that_fails_is_dropped(
    units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_records, "HELD", 2)
    recorder = LineRecorder(work=Work(units, FakeClock(NOW), FakeChance()))
    taken = [recorder.take("visit-1", member, LOOK, None) for member in ("p", "s", "g1")]
    assert taken == [True, True, False]
    async with units.writing() as uow:
        monkeypatch.setattr(type(uow.line_records), "of", None)
    with pytest.raises(TypeError):
        await recorder.flush()
    monkeypatch.undo()
    await recorder.flush()
    assert await of(units) == []


async def test_lines_are_told_to_both_houses_without_tests_and_forgotten_in_time(units: Units) -> None:
    async with units.writing() as uow:
        for name, test in (("2", False), ("3", True)):
            booked = cast.appointment(name, NOW + timedelta(hours=int(name)), CY)
            await uow.appointments.book(booked, cast.claims(booked))
            await uow.visits.add(replace(cast.visit(booked, name), test=test))
        made = [
            LineRecord(f"visit-{name}", "p", NOW + timedelta(hours=name), (replace(LOOK, mos=300 + name),))
            for name in (1, 2, 3)
        ]
        await uow.line_records.put(made)
    ours = await measured(units)
    assert [each.summary.visit_id for each in ours] == ["visit-2", "visit-1"]
    assert [each.summary.mos for each in ours] == [302, 301]
    assert (ours[0].location_id, ours[0].start) == (booked.location_id, NOW + timedelta(hours=2))
    assert await measured(units, CY.organization_id) == ours, "the house that sends its patients"
    assert await measured(units, "elsewhere") == []
    assert await measured(units, window=Interval(NOW + timedelta(hours=3), DAY.end)) == []
    async with units.writing() as uow:
        assert await uow.line_records.forget(NOW + timedelta(hours=2)) == 1
    assert [each.summary.visit_id for each in await measured(units)] == ["visit-2"]
