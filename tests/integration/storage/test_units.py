"""Units of work: all or nothing, readers that cannot write, refusals that cannot be swallowed."""

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.exc import StatementError

from telehealth.domain.accounts import OneTimeLink
from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.errors import SlotTaken, StaleVersion, Unavailable
from telehealth.services.ports import Units
from telehealth.storage.types import NaiveInstant
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import (
    BO,
    CY,
    NOW,
    account,
    appointment,
    arrive,
    claims,
    entry,
    note,
    one_time_link,
    visit,
)


class Mishap(Exception):
    """Something of the test's own."""


def as_units(storage: Storage) -> Units:
    """The type checker's proof that storage is what services expect."""
    return storage


async def test_an_error_inside_a_unit_leaves_nothing(cluster: Storage) -> None:
    async def write_and_fail() -> None:
        async with as_units(cluster).writing() as unit:
            await arrive(unit)
            await unit.notes.add(note())
            await unit.audit.enter(entry("1", BO.id))
            raise Mishap

    with pytest.raises(Mishap):
        await write_and_fail()
    async with as_units(cluster).reading() as unit:
        assert await unit.appointments.get("appointment-1") is None
        assert await unit.notes.get("note-1") is None
        assert await unit.audit.unlinked(1) == []


async def test_a_refusal_that_was_swallowed_is_raised_at_the_end(cluster: Storage) -> None:
    first, second = appointment(), appointment("2", patient=CY)

    async def swallow() -> None:
        async with cluster.writing() as unit:
            await unit.appointments.book(first, claims(first))
            with suppress(SlotTaken):
                await unit.appointments.book(second, claims(second))

    with pytest.raises(SlotTaken):
        await swallow()
    async with cluster.reading() as unit:
        assert await unit.appointments.get(first.id) is None
        assert await unit.appointments.get(second.id) is None


async def test_a_reader_cannot_write(cluster: Storage) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"):
        async with cluster.reading() as unit:
            await unit.audit.enter(entry())
    async with cluster.writing() as unit:
        await unit.audit.enter(entry())


async def test_a_reader_sees_one_moment(cluster: Storage) -> None:
    async with cluster.reading() as unit:
        assert await unit.audit.unlinked(1) == []
        async with cluster.writing() as writer:
            await writer.audit.enter(entry())
        assert await unit.audit.unlinked(1) == []
    async with cluster.reading() as unit:
        assert await unit.audit.unlinked(1) == [entry()]


async def test_a_writing_unit_within_another_is_an_error_and_no_standstill(cluster: Storage) -> None:
    if cluster.engines[0].dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no queue of writers")
    with pytest.raises(RuntimeError, match="within a writing unit"):
        async with cluster.writing(), cluster.writing():
            pass
    async with cluster.writing() as unit:
        await unit.audit.enter(entry())


async def test_two_who_bring_one_link_at_once_use_it_once(cluster: Storage) -> None:
    async with cluster.writing() as unit:
        await unit.accounts.add(account())
        await unit.accounts.add_link(one_time_link())

    async def use() -> bool:
        async with cluster.writing() as unit:
            link: OneTimeLink | None = await unit.accounts.link(b"token 1")
            assert link is not None
            if link.used_at:
                return False
            await asyncio.sleep(0.01)
            await unit.accounts.save_link(replace(link, used_at=NOW))
            return True

    assert sorted(await asyncio.gather(*(use() for _ in range(8)))) == [False] * 7 + [True]


async def test_changes_of_one_visit_at_once_happen_one_after_the_other(cluster: Storage) -> None:
    async with cluster.writing() as unit:
        await arrive(unit)

    async def change() -> None:
        async with cluster.writing() as unit:
            found = await unit.visits.get("visit-1")
            assert found is not None
            await asyncio.sleep(0)
            await unit.visits.save(replace(found, version=found.version + 1))

    await asyncio.gather(*(change() for _ in range(20)))
    async with cluster.reading() as unit:
        assert await unit.visits.get("visit-1") == replace(visit(appointment()), version=20)


@pytest.mark.parametrize("steps", range(8))
async def test_whoever_gives_up_waiting_harms_nobody(cluster: Storage, steps: int) -> None:
    async def write(name: str) -> None:
        async with cluster.writing() as unit:
            await unit.audit.enter(entry(name))

    tasks = [asyncio.create_task(write(str(number))) for number in range(6)]
    for _ in range(steps):
        await asyncio.sleep(0.001)
    for task in tasks[::2]:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    async with cluster.writing() as unit:
        await unit.audit.enter(entry("last"))
    async with cluster.reading() as unit:
        found = {each.id for each in await unit.audit.unlinked(10)}
    kept = {f"entry-{number}" for number, end in enumerate(ends) if end is None}
    assert kept | {"entry-last"} <= found
    assert {"entry-1", "entry-3", "entry-5"} <= kept


async def test_naive_instants_never_reach_the_database(cluster: Storage) -> None:
    naive = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001
    with pytest.raises(StatementError) as caught:
        async with cluster.writing() as unit:
            await unit.appointments.book(replace(appointment(), start=naive), [])
    assert isinstance(caught.value.orig, NaiveInstant)


async def test_empty_busy_times_are_refused(cluster: Storage) -> None:
    """An empty interval overlaps nothing: it would slip past every rule against double booking."""
    booked = appointment()
    empty = [replace(each, end=each.start) for each in claims(booked)]
    with pytest.raises(Exception, match="forwards"):
        async with cluster.writing() as unit:
            await unit.appointments.book(booked, empty)


async def test_another_process_that_never_ends_is_reported_as_unavailable(
    cluster: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    if cluster.engines[0].dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows")
    async with cluster.writing() as unit:
        await unit.meta.put("patience", "short")
    async with cluster.engines[0].connect() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(str(cluster.engines[0].url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        async with cluster.writing() as unit:
            await unit.meta.get("patience")
    other.execute("ROLLBACK")
    other.close()
    async with cluster.writing() as unit:
        assert await unit.meta.get("patience") == "short"


async def test_what_points_to_nothing_is_refused(cluster: Storage) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with cluster.writing() as unit:
            await unit.appointments.book(replace(appointment(), patient_id="nobody"), [])


async def test_a_deleted_status_word_is_refused(cluster: Storage) -> None:
    with pytest.raises(StatementError):
        async with cluster.writing() as unit:
            await unit.appointments.book(
                replace(appointment(), status="maybe"),  # type: ignore[arg-type]
                [],
            )
    assert AppointmentStatus("booked")


async def test_a_swapped_version_is_told_as_stale(cluster: Storage) -> None:
    with pytest.raises(StaleVersion):
        async with cluster.writing() as unit:
            await unit.visits.save(visit(appointment()))
