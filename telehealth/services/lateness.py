"""Telling those who are at home that a clinic runs late, or that it does no more."""

from dataclasses import replace

from telehealth.domain.lateness import AHEAD, AT_HOME, STEP, is_news, ways_now
from telehealth.domain.outbox import LATE, LATENESS, ON_TIME
from telehealth.domain.queue import Running
from telehealth.domain.scheduling import Interval
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work
from telehealth.services.visit_making import Invitations, message


async def tell_at_home(work: Work, uow: UnitOfWork, invitations: Invitations, running: Running) -> list[str]:
    """Put into the outbox what those hear whose visits are ahead; return the ids of these patients.

    Each hears of each step once. What has not left yet is taken back for what is true now.
    """
    now, minutes = work.clock.now(), running.late_minutes
    found = await uow.visits.day(running.practitioner_id, Interval(now, now + AHEAD))
    rows = [row for row in found if row.visit.status in AT_HOME and not row.visit.test]
    told = await uow.lines.told_late([row.visit.id for row in rows])
    patients = []
    for row in rows:
        start, before = told.get(row.visit.id, (row.appointment.start, 0))
        if start != row.appointment.start:
            before = 0  # that was the time before the visit was moved
        if is_news(minutes, before):
            await _tell(work, uow, invitations, row, minutes)
            patients.append(row.patient.id)
    return sorted(set(patients))


async def _tell(work: Work, uow: UnitOfWork, invitations: Invitations, row: DayRow, minutes: int) -> None:
    visit, patient, start = row.visit, row.patient, row.appointment.start
    await uow.outbox.take_back(visit.id, LATENESS)
    await uow.lines.put_told_late(visit.id, start, minutes)
    template = LATE if minutes >= STEP else ON_TIME
    ways = ways_now(invitations.ways(patient), start, patient.zone, work.clock.now())
    words = [message(work, way, template, patient, row.appointment, visit.id) for way in ways]
    late = {"minutes": str(minutes)}
    await uow.outbox.put(*(replace(each, values=each.values | late) for each in words))
