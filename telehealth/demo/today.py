"""Keeps today's lists full: visits around the moment of the start, always enough of them joinable."""

import json
from datetime import datetime, timedelta

from telehealth.demo.seed import SEEDED, acting_for
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import SlotTaken
from telehealth.domain.people import Patient, Practitioner, Role
from telehealth.domain.scheduling import Interval
from telehealth.services.booking import Booking, BookingRequest
from telehealth.services.repositories import DayRow
from telehealth.services.trail import Work

BEFORE, AFTER = timedelta(hours=1), timedelta(hours=3)
STEP = timedelta(minutes=20)
WANTED_EACH = 4
"""Open visits that each specialist's list holds after a start."""

JOINABLE = frozenset({VisitStatus.BOOKED, VisitStatus.ARRIVED, VisitStatus.WAITING})


class Today:
    """Books what is missing, as the system; nobody is written to."""

    def __init__(self, *, work: Work, booking: Booking) -> None:
        self._work = work
        self._booking = booking

    async def refresh(self) -> int:
        """Fill each specialist's list up; return how many visits were booked."""
        now = self._work.clock.now()
        around = Interval(now - BEFORE, now + AFTER)
        async with self._work.units.reading() as uow:
            everyone = await uow.directory.practitioners(role=Role.SPECIALIST)
            services = {each.practitioner_id: each.service_id for each in await uow.directory.hours()}
            # People invited since have no hours yet.
            specialists = [each for each in everyone if each.id in services]
            days = {each.id: await uow.visits.day(each.id, around) for each in specialists}
        patients = await demo_patients(self._work)
        booked = 0
        for number, specialist in enumerate(specialists):
            turned = patients[number * 4 :] + patients[: number * 4]
            booked += await self._fill(specialist, services[specialist.id], turned, days[specialist.id], now)
        return booked

    async def _fill(
        self,
        specialist: Practitioner,
        service_id: str,
        patients: list[Patient],
        rows: list[DayRow],
        now: datetime,
    ) -> int:
        """Book from twenty minutes ago onwards until enough open visits stand in the list."""
        open_visits = sum(row.visit.status in JOINABLE and not row.visit.test for row in rows)
        start = rounded(now) - STEP
        booked = 0
        free = [each for each in patients if each.id not in {row.patient.id for row in rows}] or patients
        while open_visits + booked < WANTED_EACH and start < now + AFTER:
            patient = free[booked % len(free)]
            request = BookingRequest(patient.id, service_id, specialist.id, start)
            try:
                await self._booking.book(acting_for(patient.organization_id), request)
                booked += 1
            except SlotTaken:
                pass
            start += STEP
        return booked


def rounded(now: datetime) -> datetime:
    """Return the last twenty-minute mark."""
    return now.replace(minute=now.minute - now.minute % 20, second=0, microsecond=0)


async def demo_patients(work: Work) -> list[Patient]:
    """Return the seeded patients in their written order."""
    async with work.units.reading() as uow:
        ids: list[str] = json.loads(await uow.meta.get(SEEDED) or "[]")
        known = await uow.patients.many(ids)
    return [known[each] for each in ids if each in known]
