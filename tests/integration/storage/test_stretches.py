"""What is taken without a gap is told as one stretch, of each resource by itself."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import text

from telehealth.domain.appointment import Appointment, AppointmentStatus, Claim, ResourceKind
from telehealth.domain.scheduling import Interval, merged
from telehealth.storage.repositories.stretches import touching
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import AMARA, BO, NOW, VISIT_LENGTH, appointment, claims, held

WHO = ("prac-1", "prac-2", "prac-3", "prac-nobody")
DAY = Interval(NOW, NOW + timedelta(days=1))


async def fill(cluster: Storage, chance: Random) -> None:
    """Visits of three specialists, some of which touch; a few are cancelled again."""
    async with cluster.writing() as unit:
        for number, who in enumerate(WHO[:3]):
            start = NOW - timedelta(hours=2)
            while start < DAY.end + timedelta(hours=2):
                length = timedelta(minutes=chance.choice([15, 30, 45]))
                booked = appointment(f"{number}-{start.isoformat()}", start)
                claim = Claim(ResourceKind.PRACTITIONER, who, start, start + length)
                await unit.appointments.book(booked, [claim])
                if chance.random() < 0.2:
                    await unit.appointments.save(
                        replace(booked, status=AppointmentStatus.CANCELLED, version=1)
                    )
                start += length + timedelta(minutes=chance.choice([0, 0, 0, 20]))


async def test_a_stretch_is_all_that_is_taken_without_a_gap(cluster: Storage) -> None:
    await fill(cluster, Random(7))
    async with cluster.reading() as unit:
        for hours in (1, 5, 24):
            window = Interval(NOW, NOW + timedelta(hours=hours))
            busy = await unit.appointments.busy(ResourceKind.PRACTITIONER, WHO, window)
            found = await unit.appointments.taken(ResourceKind.PRACTITIONER, WHO, window)
            assert found == {who: merged(spans) for who, spans in busy.items()}
            assert found["prac-nobody"] == [] != found["prac-1"]
        assert await unit.appointments.taken(ResourceKind.PRACTITIONER, [], DAY) == {}


async def test_starts_and_ends_are_told_to_the_microsecond_and_in_order(cluster: Storage) -> None:
    await fill(cluster, Random(8))
    odd = Claim(ResourceKind.PRACTITIONER, "prac-odd", NOW, NOW + timedelta(minutes=9, microseconds=7))
    async with cluster.writing() as unit:
        await unit.appointments.book(appointment("odd"), [odd])
    who, epoch, unit_of = (*WHO, "prac-odd"), datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
    async with cluster.reading() as unit:
        busy = await unit.appointments.busy(ResourceKind.PRACTITIONER, who, DAY)
        found = await unit.appointments.ends(ResourceKind.PRACTITIONER, who, DAY)
        assert await unit.appointments.ends(ResourceKind.PRACTITIONER, [], DAY) == {}
    assert sorted(found) == ["prac-1", "prac-2", "prac-3", "prac-odd"]
    for each, (starts, ends) in found.items():
        spans = sorted(busy[each])
        assert list(starts) == [(span.start - epoch) // unit_of for span in spans]
        assert list(ends) == [(span.end - epoch) // unit_of for span in spans]


async def test_what_was_held_in_vain_takes_no_time_but_who_is_in_the_same_session_does(
    cluster: Storage,
) -> None:
    async def claim(booked: Appointment, whom: str, session: str = "") -> None:
        span = (booked.start, booked.end)
        taken = Claim(ResourceKind.PRACTITIONER, whom, *span, session=session, seats=2 if session else 0)
        await unit.appointments.book(booked, [taken])

    async with cluster.writing() as unit:
        for whom, session in (("prac-1", ""), ("prac-2", "group")):
            await claim(held(whom, NOW), whom, session)
        await claim(appointment("group"), "prac-2", "group")
        await claim(appointment("later", NOW + VISIT_LENGTH), "prac-2")
    async with cluster.reading() as unit:
        before, after = [
            await unit.appointments.taken(ResourceKind.PRACTITIONER, WHO[:2], DAY, now)
            for now in (NOW - timedelta(seconds=1), NOW)
        ]
    both = [Interval(NOW, NOW + 2 * VISIT_LENGTH)]
    assert before == {"prac-1": [Interval(NOW, NOW + VISIT_LENGTH)], "prac-2": both}
    assert after == {"prac-1": [], "prac-2": both}


async def test_a_patients_visits_are_no_specialists(cluster: Storage) -> None:
    booked = appointment()
    async with cluster.writing() as unit:
        await unit.appointments.book(booked, claims(booked, pause=timedelta(minutes=5)))
        patients = await unit.appointments.taken(ResourceKind.PATIENT, [BO.id, AMARA.id], DAY)
    assert patients == {BO.id: [Interval(NOW, NOW + VISIT_LENGTH)], AMARA.id: []}


async def test_what_is_taken_is_looked_up_in_the_index(cluster: Storage) -> None:
    """SQLite passes a partial index over unless its condition stands in the very same words."""
    engine = cluster.engines[0]
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL knows that a boolean is true when it is")
    conditions = [
        str(each.compile(engine, compile_kwargs={"literal_binds": True}))
        for each in touching(ResourceKind.PRACTITIONER, WHO, DAY)
    ]
    sql = f"EXPLAIN QUERY PLAN SELECT busy_end FROM appointment_resource WHERE {' AND '.join(conditions)}"
    async with engine.connect() as connection:
        plan = " ".join(row[3] for row in await connection.execute(text(sql.replace(":", r"\:"))))
    assert re.search(r"SEARCH .* ix_appointment_resource_busy \(.*busy_end>\? AND busy_end<\?\)", plan), plan
