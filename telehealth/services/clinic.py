"""A specialist's clinic of one day: rows in order of appointment and the figures above them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.organizations import Location
from telehealth.domain.queue import Line, Running, Stand, in_order, late_minutes
from telehealth.domain.resources import Party
from telehealth.domain.scheduling import Interval
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.site_day import site_day
from telehealth.services.trail import Work, enter, require

A_DAY = timedelta(days=1)
AHEAD = timedelta(hours=4)
"""A clinic at night shows who comes next, on the other side of midnight too."""
SEEN = frozenset({VisitStatus.FINISHED, VisitStatus.COMPLETED})


@dataclass(frozen=True, slots=True)
class Tiles:
    """The day in figures: people and minutes."""

    waiting: int
    longest_wait_minutes: int
    seen: int
    total: int
    late_minutes: int
    to_sign: int


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of one specialist, in the zone of the specialist's own site; `closed` is when the clinic is."""

    date: date
    zone: str
    location: Location
    rows: list[DayRow]
    tiles: Tiles
    running: Running | None
    closed: Interval | None = None

    @property
    def parties(self) -> dict[str, tuple[Party, ...]]:
        """The room, the device and the interpreter of each visit, by its appointment."""
        return {row.appointment.id: row.parties for row in self.rows}


class ClinicDay:
    """Reads the day; naming every patient on it in one audit entry."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def day(self, actor: Actor, day: date | None = None) -> DayView:
        """Return the actor's visits of `day`, earliest first.

        Without `day`: today's where the actor's site is, those of the coming hours, and those of yesterday
        and tomorrow whose patient is here now. Links open a day ahead and clinics run past midnight; nobody
        may wait unseen. Visits that only test the service are no part of a clinic.
        """
        require(actor, Permission.CLINIC_READ, Subject(practitioner_id=actor.id))
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            at = await site_day(self._work, uow, actor, day)
            today = at.window
            shown = today if day else Interval(today.start, max(today.end, now + AHEAD))
            around = today if day else Interval(today.start - A_DAY, today.end + A_DAY)
            rows = await uow.visits.clinic(actor.id, shown, around)
            running = await uow.lines.running(actor.id, now)
            closed = await _closed(uow, rows)
            patients = sorted({row.patient.id for row in rows})
            await enter(self._work, uow, actor, AuditAction.CLINIC_READ, patient_ids=patients)
        figures = tiles(rows, now, running)
        return DayView(at.day, at.location.zone, at.location, rows, figures, running, closed)


async def _closed(uow: UnitOfWork, rows: list[DayRow]) -> Interval | None:
    """Return when the clinic is closed, where that keeps one of these visits from taking place."""
    ids = [row.closure_id for row in rows if row.closure_id]
    found = await uow.closures.get(ids[0]) if ids else None
    return Interval(found.start, found.end) if found else None


def in_line(rows: list[DayRow]) -> list[DayRow]:
    """Return who waits, first in line first; a test waits for nobody."""
    by_visit = {
        row.visit.id: row for row in rows if row.visit.status is VisitStatus.WAITING and not row.visit.test
    }
    return [by_visit[one.visit_id] for one in in_order([_stand(row) for row in by_visit.values()])]


def _stand(row: DayRow) -> Stand:
    visit = row.visit
    return Stand(visit.id, visit.priority, row.appointment.start, visit.waiting_at or visit.since)


def tiles(rows: list[DayRow], now: datetime, running: Running | None) -> Tiles:
    """Count what the tiles show. Late is what was said, or how long somebody waits past their time."""
    waiting = in_line(rows)
    waits = [now - (row.visit.waiting_at or row.visit.since) for row in waiting]
    line = Line(tuple(_stand(row) for row in waiting), running=running)
    return Tiles(
        waiting=len(waiting),
        longest_wait_minutes=_minutes(max(waits, default=timedelta(0))),
        seen=sum(row.visit.status in SEEN for row in rows),
        total=len(rows),
        late_minutes=late_minutes(line, now),
        to_sign=sum(row.visit.status is VisitStatus.FINISHED for row in rows),
    )


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))
