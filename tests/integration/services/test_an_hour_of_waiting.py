"""Fifty patients and Dr Amara through an hour: every place and estimate right at each step, nobody lost."""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from math import ceil
from pathlib import Path
from statistics import median

import pytest

from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.notices import PlacesChanged
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.queue import Place, Priority, Reason, Why
from telehealth.domain.scheduling import WeeklyHours
from telehealth.services.booking import Booked, BookingRequest
from tests.cast import AMARA, CARLA, HOSPITAL, MONDAY, SITE, House, a_patient
from tests.cast import house as furnished
from tests.services.migrated import copied

PATIENTS, STEPS, STEP = 50, 120, timedelta(seconds=30)
BRIEF = "service-brief"
FIVE = timedelta(minutes=5)


@dataclass
class Own:
    """What the test itself knows of one patient."""

    booked: Booked
    start: datetime
    visitor: Actor | None = None
    came_at: datetime | None = None
    urgent: bool = False
    state: str = "away"


@dataclass
class Hour:
    """The test's own picture of the line, kept by other means than the service's."""

    everybody: list[Own]
    durations: list[timedelta] = field(default_factory=list)
    in_call: Own | None = None
    called_at: datetime | None = None
    paused: bool = False
    late: int = 0

    def line(self) -> list[Own]:
        waiting = [each for each in self.everybody if each.state == "waiting"]
        return sorted(
            waiting, key=lambda each: (not each.urgent, each.start, each.came_at, each.booked.visit_id)
        )

    def minutes(self, now: datetime) -> list[int | None]:
        """What each in line should be told, worked out from front to back."""
        newest = [each for each in self.durations if each >= timedelta(minutes=1)][-20:]
        if self.paused or len(newest) < 5:
            return [None] * len(self.line())
        usual = timedelta(seconds=median(each.total_seconds() for each in newest))
        free = abs(usual - (now - self.called_at)) if self.called_at else timedelta(0)
        told: list[int | None] = []
        for each in self.line():
            due = timedelta(0) if each.urgent else each.start + timedelta(minutes=self.late) - now
            free = max(free, due)
            told.append(5 * max(1, ceil(free / FIVE)))
            free += usual
        return told


@pytest.fixture
async def house(migrated_file: Path, tmp_path: Path) -> AsyncIterator[House]:
    """The cast on SQLite; the same rules run on PostgreSQL in test_waiting_room.py."""
    async with furnished(copied(migrated_file, tmp_path), tmp_path / "data") as full:
        yield full


async def fill_the_day(house: House) -> Hour:
    """Book fifty short visits one after the other, so that some are long due in the hour and some are not."""
    house.clock.at = MONDAY - timedelta(hours=1)
    async with house.assembled.opened.storage.writing() as uow:
        await uow.directory.add_service(HealthcareService(BRIEF, HOSPITAL, "Short visit", "Cardiology", 5))
        wall = (time(8, 30), time(18, 30), date(2026, 1, 1))
        await uow.directory.add_hours(WeeklyHours("rule-brief", AMARA.id, SITE, BRIEF, 1, *wall))
    services, found = house.assembled.services, []
    for number in range(PATIENTS):
        new = a_patient("Bo", f"Number-{number}", f"{100 + number}")
        patient = await services.desk.register(replace(SYSTEM, organization_id=HOSPITAL), new)
        start = MONDAY - timedelta(minutes=50) + number * FIVE
        booked = await services.booking.book(CARLA, BookingRequest(patient.id, BRIEF, AMARA.id, start))
        found.append(Own(booked, start))
    house.clock.at = MONDAY
    return Hour(found)


async def act(house: House, hour: Hour, chance: random.Random) -> None:
    """Something happens: somebody comes, steps out, is called, is done; the clinic pauses or is late."""
    services, now = house.assembled.services, house.clock.now()
    away = [each for each in hour.everybody if each.state == "away"]
    if away and chance.random() < 0.8:
        await comes(house, chance.choice(away), now)
    if hour.line() and chance.random() < 0.12:
        each = chance.choice(hour.line())
        await services.attending.step_out(each.visitor)
        each.state = "away"
    if hour.line() and chance.random() < 0.06:
        each = chance.choice(hour.line())
        each.urgent = not each.urgent
        word = Priority.URGENT if each.urgent else Priority.ROUTINE
        await services.waiting.line.prioritize(AMARA, each.booked.visit_id, word)
    if hour.line() and chance.random() < 0.04:
        each = chance.choice(hour.line())
        await services.appointments.cancel(CARLA, each.booked.appointment.id)
        each.state = "cancelled"
    if chance.random() < 0.04:
        hour.paused = not hour.paused
        run = services.waiting.running
        await (run.pause(AMARA, Reason.BREAK) if hour.paused else run.resume(AMARA))
    if chance.random() < 0.03:
        hour.late = chance.choice([0, 10, 20])
        await services.waiting.running.late(AMARA, hour.late, Reason.EMERGENCY)
    await consult(house, hour, chance, now)


async def comes(house: House, each: Own, now: datetime) -> None:
    if each.visitor is None:
        each.visitor = await house.wait(each.booked)
        each.came_at = now
    else:
        await house.assembled.services.attending.wait(each.visitor)
    each.state = "waiting"


async def consult(house: House, hour: Hour, chance: random.Random, now: datetime) -> None:
    """The call ends after one to four minutes; unless the clinic has a pause the next one is called."""
    consulting = house.assembled.services.consulting
    if hour.in_call is not None and hour.called_at is not None:
        if now - hour.called_at < timedelta(minutes=chance.choice([1, 2, 3, 4])):
            return
        await consulting.end(AMARA, hour.in_call.booked.visit_id)
        hour.durations.append(now - hour.called_at)
        hour.in_call.state, hour.in_call, hour.called_at = "seen", None, None
    if hour.line() and not hour.paused:
        first = hour.line()[0]
        await consulting.admit(AMARA, first.booked.visit_id)
        first.state, hour.in_call, hour.called_at = "called", first, now


def pushed(house: House, told: dict[str, Place]) -> None:
    """Keep what was announced, as the patients' pages do; more minutes never come without a reason."""
    for notice in house.heard.notices:
        for place in notice.places if isinstance(notice, PlacesChanged) else ():
            before = told.get(place.visit_id)
            if before and place.minutes and before.minutes and place.minutes > before.minutes:
                assert place.why is not Why.NONE, f"{before} became {place}"
            told[place.visit_id] = place
    house.heard.notices.clear()


@pytest.mark.parametrize("seed", [1, 2])
async def test_fifty_patients_through_an_hour(house: House, seed: int) -> None:
    hour, told, chance = await fill_the_day(house), dict[str, Place](), random.Random(seed)
    lines = house.assembled.announcer.lines
    for _ in range(STEPS):
        house.clock.at += STEP
        await act(house, hour, chance)
        await lines.tick()
        await lines.settle()
        pushed(house, told)
        now, line = house.clock.now(), hour.line()
        seen = [told[each.booked.visit_id] for each in line]
        assert [place.ahead for place in seen] == list(range(len(line)))
        assert [place.minutes for place in seen] == hour.minutes(now)
        assert {place.paused for place in seen} <= {hour.paused}
        if line:
            asked = await house.assembled.services.attending.view(line[-1].visitor)
            assert asked.place == seen[-1], "who asks is told the same"
    assert len(hour.durations) > 10
    await nobody_is_lost(house, hour)


async def nobody_is_lost(house: House, hour: Hour) -> None:
    """Everybody is where the test knows them to be."""
    states = {
        "away": {VisitStatus.BOOKED, VisitStatus.ARRIVED},
        "waiting": {VisitStatus.WAITING},
        "called": {VisitStatus.IN_PROGRESS},
        "seen": {VisitStatus.FINISHED},
        "cancelled": {VisitStatus.CANCELLED},
    }
    async with house.assembled.opened.work.units.reading() as uow:
        for each in hour.everybody:
            visit = await uow.visits.get(each.booked.visit_id)
            assert visit is not None
            assert visit.status in states[each.state], each
