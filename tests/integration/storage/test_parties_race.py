"""A visit that needs a room and a device as well takes all of them or none, however many want the same."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from telehealth.domain.appointment import Appointment, AppointmentStatus, Claim, ResourceKind
from telehealth.domain.errors import SlotTaken, Unavailable
from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import CY, NOW, VISIT_LENGTH, appointment, claims

RACERS = 60
"""In one process; two hundred in several are let loose in test_parties_processes.py."""
ROOMS = ("room-1", "room-2", "room-3")
DEVICES = ("device-1", "device-2", "device-3", "device-4")
CLEANING = timedelta(minutes=10)
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def place(booked: Appointment, room: str, device: str) -> list[Claim]:
    """What an assisted visit takes where the patient is; the room is cleaned afterwards."""
    return [
        Claim(ResourceKind.ROOM, room, booked.start, booked.end + CLEANING),
        Claim(ResourceKind.DEVICE, device, booked.start, booked.end),
    ]


def assisted(booked: Appointment, room: str, device: str) -> list[Claim]:
    """All that such a visit takes."""
    return [*claims(booked), *place(booked, room, device)]


def wishes(number: int) -> list[list[Claim]]:
    """Every room with every device, each racer beginning elsewhere and every second one backwards.

    Patient and specialist are wanted by nobody else: only room and device are raced for.
    """
    booked = appointment(str(number))
    people = [replace(each, resource_id=f"{each.resource_id}-{number}") for each in claims(booked)]
    pairs = [(room, device) for room in ROOMS for device in DEVICES]
    turn = number % len(pairs)
    order = (pairs[turn:] + pairs[:turn])[:: 1 if number % 2 else -1]
    return [[*people, *place(booked, room, device)] for room, device in order]


async def race(storage: Storage, number: int, tries: Sequence[Sequence[Claim]]) -> str:
    """Ask for one set of parties after the other, each in its own transaction; again where it is busy."""
    booked = appointment(str(number))
    for at, wanted in enumerate(tries):
        try:
            async with storage.writing() as unit:
                await unit.appointments.book(booked, wanted)
        except SlotTaken:
            continue
        except Unavailable:
            return await race(storage, number, tries[at:])
        return "booked"
    return "taken"


async def others_wait(storage: Storage, count: int) -> None:
    """Return when so many units wait for others; SQLite has one writer, so nothing is to be seen there."""
    while storage.engines[0].dialect.name == "postgresql":
        async with storage.engines[0].connect() as connection:
            if (await connection.execute(WAITING)).scalar() == count:
                return


async def test_three_rooms_have_three_winners_among_many(cluster: Storage) -> None:
    ends = await asyncio.gather(*(race(cluster, number, wishes(number)) for number in range(RACERS)))
    assert Counter(ends) == {"booked": len(ROOMS), "taken": RACERS - len(ROOMS)}
    claim = appointment_resource.c
    async with cluster.engines[0].connect() as connection:
        taken = (await connection.execute(select(claim.appointment_id, claim.kind, claim.resource_id))).all()
        kept = (await connection.execute(select(appointments.c.id))).scalars().all()
    rooms = {row.resource_id: row.appointment_id for row in taken if row.kind is ResourceKind.ROOM}
    devices = {row.appointment_id for row in taken if row.kind is ResourceKind.DEVICE}
    assert sorted(rooms) == sorted(ROOMS)
    assert set(rooms.values()) == devices == set(kept)
    assert len(taken) == 4 * len(kept)  # who lost one party holds none of the others


async def test_asked_for_in_either_order_parties_are_not_waited_for_in_a_circle(cluster: Storage) -> None:
    between = Claim(ResourceKind.DEVICE, "device-2", NOW, NOW + VISIT_LENGTH)
    wanted = [replace(between, resource_id=each) for each in DEVICES]
    async with cluster.writing() as unit:
        await unit.appointments.book(appointment("1"), [between])
        two = [
            asyncio.create_task(race(cluster, 2, [wanted])),
            asyncio.create_task(race(cluster, 3, [wanted[::-1]])),
        ]
        await others_wait(cluster, 2)
    assert await asyncio.gather(*two) == ["taken", "taken"]


@pytest.mark.parametrize("missing", [ResourceKind.ROOM, ResourceKind.DEVICE])
async def test_who_misses_one_party_leaves_the_others_free(cluster: Storage, missing: ResourceKind) -> None:
    room, device = ("room-1", "device-2") if missing is ResourceKind.ROOM else ("room-2", "device-1")
    first, second = appointment("1"), appointment("2", patient=CY)
    mine, theirs = assisted(first, "room-1", "device-1"), assisted(second, room, device)
    async with cluster.writing() as unit:
        await unit.appointments.book(first, [each for each in mine if each.kind is missing])
    free = [each for each in theirs if each.kind is not missing]
    with pytest.raises(SlotTaken, match=f"^The {missing} is taken") as refused:
        async with cluster.writing() as unit:
            await unit.appointments.book(second, theirs)
    assert refused.value.missing == {missing}
    assert await race(cluster, 3, [free]) == "booked"


async def test_a_room_has_a_pause_of_its_own(cluster: Storage) -> None:
    first, following = appointment("1"), appointment("2", NOW + VISIT_LENGTH, CY)
    async with cluster.writing() as unit:
        await unit.appointments.book(first, assisted(first, "room-1", "device-1"))
    with pytest.raises(SlotTaken):
        async with cluster.writing() as unit:
            await unit.appointments.book(following, assisted(following, "room-1", "device-1"))
    async with cluster.writing() as unit:
        await unit.appointments.book(following, assisted(following, "room-2", "device-1"))


@pytest.mark.parametrize("change", ["moved", "cancelled"])
async def test_what_a_visit_leaves_is_free_at_once(cluster: Storage, change: str) -> None:
    first = appointment("1")
    later = replace(first, start=first.start + timedelta(hours=2), end=first.end + timedelta(hours=2))
    async with cluster.writing() as unit:
        await unit.appointments.book(first, assisted(first, "room-1", "device-1"))
    async with cluster.writing() as unit:
        if change == "moved":
            await unit.appointments.move(replace(later, version=1), assisted(later, "room-2", "device-2"))
        else:
            gone = replace(first, status=AppointmentStatus.CANCELLED, version=1)
            await unit.appointments.save(gone)
        second = appointment("2", patient=CY)
        await unit.appointments.book(second, assisted(second, "room-1", "device-1"))
