"""In whatever order visits are booked, moved, stood in for and cancelled: nobody is in two at once."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import select

from telehealth.domain.access import SYSTEM, Actor, ActorKind
from telehealth.domain.appointment import TAKES_TIME, Appointment
from telehealth.domain.errors import Refused
from telehealth.domain.people import Patient
from telehealth.domain.scheduling import WeeklyHours
from telehealth.services.booking import BookingRequest
from telehealth.storage.rows.appointments import appointment_resource
from tests.cast import AMARA, CARDIOLOGY, CARLA, CY, HOSPITAL, MONDAY, SITE, House, a_patient

STEPS = 120
TIMES = [MONDAY + timedelta(days=day, minutes=20 * at) for day in (1, 2) for at in range(6)]
"""Few times for many wishes: most meet somebody."""
Span = tuple[datetime, datetime, str]


class Walk:
    """Somebody who does one thing after the other, and what has become of each appointment."""

    def __init__(self, house: House, chance: Random, patients: list[Patient]) -> None:
        self.house, self.chance, self.patients = house, chance, patients
        self.known: dict[str, Appointment] = {}
        self.visits: dict[str, str] = {}
        self.refused = 0

    async def step(self) -> None:
        """Do one thing; what it refuses changes nothing."""
        does = self.chance.choice([self.book, self.move, self.move, self.stand_in, self.cancel])
        try:
            after = await (does if self.known else self.book)()
        except Refused:
            self.refused += 1
            return
        before = self.known.get(after.id)
        if before is not None and after.version != before.version:
            assert after.uid == before.uid
            assert after.sequence == before.sequence + 1
        self.known[after.id] = after

    async def book(self) -> Appointment:
        person, doctor = self.chance.choice(self.patients), self.chance.choice([AMARA, CY])
        request = BookingRequest(person.id, CARDIOLOGY, doctor.id, self.chance.choice(TIMES))
        booked = await self.house.assembled.services.booking.book(CARLA, request)
        self.visits[booked.appointment.id] = booked.visit_id
        return booked.appointment

    async def move(self) -> Appointment:
        which = self._one()
        moving = self.house.assembled.services.appointments.moving
        return await moving.move(self._who(which), which.id, self.chance.choice(TIMES), which.version)

    async def stand_in(self) -> Appointment:
        which, doctor = self._one(), self.chance.choice([AMARA, CY])
        moving = self.house.assembled.services.appointments.moving
        return await moving.move(CARLA, which.id, which.start, which.version, practitioner_id=doctor.id)

    async def cancel(self) -> Appointment:
        which = self._one()
        cancel = self.house.assembled.services.appointments.cancel
        return await cancel(self._who(which), which.id, which.version)

    def _one(self) -> Appointment:
        """Any appointment; now and then as somebody read it before it was changed."""
        which = self.chance.choice(list(self.known.values()))
        stale = which.version > 0 and self.chance.random() < 0.1
        return replace(which, version=which.version - 1) if stale else which

    def _who(self, which: Appointment) -> Actor:
        """The coordinator, or the patient by the link."""
        bo = Actor(ActorKind.VISITOR, which.patient_id, None, HOSPITAL, "browser", "", self.visits[which.id])
        return self.chance.choice([CARLA, bo])

    async def taken(self) -> dict[str, list[Span]]:
        """What the database keeps as taken, by resource."""
        claim = appointment_resource.c
        found = defaultdict(list)
        async with self.house.assembled.opened.storage.engines[0].connect() as connection:
            for row in await connection.execute(select(appointment_resource).where(claim.active)):
                found[row.resource_id].append((row.busy_start, row.busy_end, row.appointment_id))
        return {whose: sorted(spans) for whose, spans in found.items()}


def assert_apart(taken: dict[str, list[Span]], known: dict[str, Appointment]) -> None:
    """Nobody is in two visits, and what is taken is what stands."""
    for spans in taken.values():
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
    kept = {(whose, start, which) for whose, spans in taken.items() for start, _, which in spans}
    standing = [each for each in known.values() if each.status in TAKES_TIME]
    wanted = {
        (who, each.start, each.id) for each in standing for who in (each.patient_id, each.practitioner_id)
    }
    assert kept == wanted


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_order_of_changes_puts_anybody_into_two_visits(house: House, seed: int) -> None:
    office = replace(SYSTEM, organization_id=HOSPITAL)
    register = house.assembled.services.desk.register
    patients = [await register(office, a_patient(f"P{n}", "Moss", f"{n}")) for n in range(10, 15)]
    async with house.assembled.opened.storage.writing() as uow:
        for weekday in range(1, 8):
            span = (weekday, time(8, 30), time(18, 30), date(2026, 1, 1))
            await uow.directory.add_hours(WeeklyHours(f"cy-{weekday}", CY.id, SITE, CARDIOLOGY, *span))
    walk = Walk(house, Random(seed), patients)
    for _ in range(STEPS):
        await walk.step()
        assert_apart(await walk.taken(), walk.known)
    moved = [each for each in walk.known.values() if each.sequence]
    assert len(moved) > 5 < walk.refused  # the walk has met what it is about
    assert AMARA.id in {each.practitioner_id for each in moved}
