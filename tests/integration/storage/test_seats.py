"""Seats of group sessions: one contract for the fake and both databases, and what a database keeps alone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from telehealth.domain.appointment import Appointment, AppointmentStatus, Claim, ResourceKind
from telehealth.domain.errors import SlotTaken, StaleVersion
from telehealth.domain.groups import Session
from telehealth.domain.people import Patient
from telehealth.domain.scheduling import Interval
from telehealth.services.ports import Units
from telehealth.services.repositories import UnitOfWork
from telehealth.storage.rows.appointments import appointment_resource
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units
from tests.integration.storage.test_parties_race import others_wait

__all__ = ["kind", "units"]

LATER = cast.NOW + timedelta(days=1)
DAY = Interval(LATER, LATER + timedelta(days=1))
ROOM = "room-1"


def seated(booked: Appointment, session: str = "monday", seats: int = 2, room: str = ROOM) -> list[Claim]:
    """What a visit of a group takes: all but the patient is shared."""
    practitioner, patient = cast.claims(booked)
    shared = [practitioner, Claim(ResourceKind.ROOM, room, booked.start, booked.end)]
    return [*(replace(each, session=session, seats=seats) for each in shared), patient]


async def people(uow: UnitOfWork, count: int) -> list[Patient]:
    found = [
        replace(cast.CY, id=f"patient-{number}", name=replace(cast.CY.name, family=str(number)))
        for number in range(count)
    ]
    for each in found:
        await uow.patients.add(each)
    return found


async def sit(uow: UnitOfWork, count: int, seats: int = 2) -> list[Appointment]:
    """Book so many patients into one session."""
    made = [cast.appointment(f"g{at}", LATER, one) for at, one in enumerate(await people(uow, count))]
    for each in made:
        await uow.appointments.book(each, seated(each, seats=seats))
    return made


async def sessions(uow: UnitOfWork) -> list[Session]:
    return await uow.appointments.sessions(cast.CARDIOLOGY.id, [cast.AMARA.id], DAY, cast.NOW)


async def test_a_session_says_how_many_seats_are_taken_and_what_it_has(units: Units) -> None:
    async with units.writing() as uow:
        first, _ = await sit(uow, 2)
        both = Session(cast.AMARA.id, LATER, 2, frozenset({cast.AMARA.id, ROOM}))
        assert await sessions(uow) == [both]
        assert await uow.appointments.sessions(cast.CARDIOLOGY.id, ["nobody"], DAY) == []
        assert await uow.appointments.sessions("other", [cast.AMARA.id], DAY) == []
        off = replace(first, status=AppointmentStatus.CANCELLED, version=1)
        await uow.appointments.save(off)
        assert await sessions(uow) == [replace(both, taken=1)]


async def test_a_full_session_takes_nobody_and_says_whose_time_it_is(units: Units) -> None:
    with pytest.raises(SlotTaken) as refused:
        async with units.writing() as uow:
            await sit(uow, 3)
    assert refused.value.missing == {ResourceKind.PRACTITIONER}


async def test_who_is_left_of_a_larger_session_fills_a_smaller_one(units: Units) -> None:
    """With fewer seats than are taken, low numbers that became free are no seats."""
    async with units.writing() as uow:
        for each in (await sit(uow, 5, seats=5))[:2]:
            await uow.appointments.save(replace(each, status=AppointmentStatus.CANCELLED, version=1))
    late = cast.appointment("late", LATER, cast.BO)
    with pytest.raises(SlotTaken):
        async with units.writing() as uow:
            await uow.appointments.book(late, seated(late, seats=2))


async def test_a_held_seat_counts_until_it_runs_out(units: Units) -> None:
    async with units.writing() as uow:
        (one,) = await people(uow, 1)
        until = cast.NOW + timedelta(minutes=10)
        held = replace(cast.held("g1", until, LATER), patient_id=one.id)
        await uow.appointments.book(held, seated(held))
        assert [each.taken for each in await sessions(uow)] == [1]
        ids = (cast.CARDIOLOGY.id, [cast.AMARA.id], DAY, until)
        assert await uow.appointments.sessions(*ids) == []


async def test_another_session_or_a_visit_alone_meets_it(units: Units) -> None:
    async with units.writing() as uow:
        await sit(uow, 1)
    other = cast.appointment("other", LATER, cast.CY)
    for wanted in (cast.claims(other), seated(other, session="tuesday")):
        with pytest.raises(SlotTaken) as refused:
            async with units.writing() as uow:
                await uow.appointments.book(other, wanted)
        assert ResourceKind.PRACTITIONER in refused.value.missing


async def test_who_moves_out_leaves_a_seat_and_takes_one_elsewhere(units: Units) -> None:
    async with units.writing() as uow:
        first, _ = await sit(uow, 2)
        start = LATER + timedelta(hours=1)
        moved = replace(first, start=start, end=start + cast.VISIT_LENGTH, version=1)
        await uow.appointments.move(moved, seated(moved, session="an hour later"))
        assert [each.taken for each in await sessions(uow)] == [1, 1]


async def all_of(uow: UnitOfWork, one: Appointment) -> list[str]:
    """Who is in a session, locked."""
    ids = await uow.appointments.together(one.id)
    for each in ids:
        await uow.appointments.get(each)
    return ids


async def test_a_group_that_moves_while_others_ask_for_it_is_kept_together_there(cluster: Storage) -> None:
    """Or a whole group that is being moved would be nobody, and cancelling all of it would cancel nothing."""
    start = LATER + timedelta(hours=1)
    async with cluster.writing() as uow:
        group = await sit(uow, 2)
    moved = [replace(each, start=start, end=start + cast.VISIT_LENGTH, version=1) for each in group]

    async def ask() -> list[str]:
        async with cluster.writing() as uow:
            found = await all_of(uow, group[0])
            await uow.appointments.stay_together(found)
            return found

    async with cluster.writing() as uow:
        assert await all_of(uow, group[0]) == [each.id for each in group]
        asked = asyncio.create_task(ask())
        await others_wait(cluster, 1)
        await uow.appointments.move_all([(each, seated(each, session="later")) for each in moved])
    assert await asked == [each.id for each in group]


async def test_who_joined_or_left_meanwhile_is_neither_forgotten_nor_taken_along(units: Units) -> None:
    async with units.writing() as uow:
        one, two, three = await sit(uow, 3, seats=3)
        await uow.appointments.stay_together([one.id, two.id, three.id])
        for others in ([one.id], [one.id, two.id]):
            with pytest.raises(StaleVersion):
                await uow.appointments.stay_together(others)
        alone = cast.appointment("alone", LATER + timedelta(hours=1))
        await uow.appointments.book(alone, cast.claims(alone))
        await uow.appointments.stay_together([alone.id])


async def test_two_groups_that_change_places_do_not_wait_for_each_other(cluster: Storage) -> None:
    """Whoever comes second finds the other group in its session, and says that it has changed."""
    start = LATER + timedelta(hours=1)
    at_once = cluster.engines[0].dialect.name == "postgresql"  # SQLite's units come one after the other
    async with cluster.writing() as uow:
        here = await sit(uow, 2, seats=4)
        there = [cast.appointment(f"t{at}", start, one) for at, one in enumerate((cast.BO, cast.CY))]
        for each in there:
            await uow.appointments.book(each, seated(each, "tuesday", 4, "room-2"))

    async def move(group: list[Appointment], to: Appointment, session: str) -> None:
        place = {"start": to.start, "end": to.end, "version": 1}
        async with cluster.writing() as uow:
            ids = await all_of(uow, group[0])
            await uow.appointments.stay_together(ids, session)
            moved = [replace(each, **place) for each in group]
            await uow.appointments.move_all([(each, seated(each, session, 4, session)) for each in moved])

    async with cluster.writing() as uow:
        await uow.appointments.stay_together([each.id for each in here], "tuesday")
        moves = move(here, there[0], "tuesday"), move(there, here[0], "monday")
        both = asyncio.gather(*moves, return_exceptions=True)
        await others_wait(cluster, 2)
    assert [type(each) for each in await both if each] == [StaleVersion] * at_once


async def test_a_seat_that_became_free_is_the_next_one_given(cluster: Storage) -> None:
    async with cluster.writing() as uow:
        made = await sit(uow, 3, seats=3)
        await uow.appointments.save(replace(made[1], status=AppointmentStatus.CANCELLED, version=1))
        again = cast.appointment("again", LATER, cast.BO)
        await uow.appointments.book(again, seated(again, seats=3))
    claim = appointment_resource.c
    seats = select(claim.appointment_id, claim.seat).where(claim.seat.is_not(None), claim.active)
    async with cluster.engines[0].connect() as connection:
        found = {row.appointment_id: row.seat for row in await connection.execute(seats)}
    assert found == {made[0].id: 1, again.id: 2, made[2].id: 3}


async def test_no_seat_is_given_twice_whoever_writes(cluster: Storage) -> None:
    """Code counts seats; where it would not, the database refuses."""
    async with cluster.writing() as uow:
        await sit(uow, 2)
    claim = appointment_resource.c
    twice = update(appointment_resource).where(claim.seat == 2).values(seat=1)
    with pytest.raises(IntegrityError):
        async with cluster.engines[0].begin() as connection:
            await connection.execute(twice)
