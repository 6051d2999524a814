"""All clinics of an organization on one day, in figures, and one specialist's visits at all sites."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import NotFound
from telehealth.domain.organizations import Location
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.queue import Running
from telehealth.domain.resources import Party
from telehealth.services.board_repository import Counted
from telehealth.services.clinic import SEEN
from telehealth.services.repositories import DayRow
from telehealth.services.site_day import site_day
from telehealth.services.trail import Work, enter, require, role_allows

AHEAD = frozenset({VisitStatus.BOOKED, VisitStatus.ARRIVED})


@dataclass(frozen=True, slots=True)
class Clinic:
    """One specialist's day in figures; `waiting_since` is when the first of those who wait began to."""

    practitioner: Practitioner
    total: int
    ahead: int
    waiting: int
    in_call: int
    seen: int
    missed: int
    unseen: int
    waiting_since: datetime | None
    running: Running | None


@dataclass(frozen=True, slots=True)
class Board:
    """The clinics of a day, by family name. Days are those of the actor's own site."""

    day: date
    today: date
    location: Location
    clinics: list[Clinic]


@dataclass(frozen=True, slots=True)
class SpecialistDay:
    """One specialist's visits of a day at all sites, in order of start; each is told in its site's zone."""

    day: date
    today: date
    practitioner: Practitioner
    rows: list[DayRow]
    running: Running | None
    parties: dict[str, list[Party]] = field(default_factory=dict)
    """By appointment, the room, device and interpreter that its visit has."""

    @property
    def zones(self) -> set[str]:
        """The zones of the sites where visits take place."""
        return {row.location.zone for row in self.rows}


class ClinicBoards:
    """What coordinators and clinics see of every specialist of their patients; specialists see their own."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def clinics(self, actor: Actor, day: date | None = None) -> Board:
        """Return the clinics of `day` (default today) that the actor's organization runs or sends to."""
        require(actor, Permission.CLINIC_OVERSEE, Subject(organizations=(actor.organization_id,)))
        async with self._work.units.writing() as uow:
            at = await site_day(self._work, uow, actor, day)
            counts = await uow.boards.counted(actor.organization_id, at.window)
            ids = sorted({each.practitioner_id for each in counts})
            people = await uow.directory.practitioners(role=Role.SPECIALIST) if ids else []
            running = await uow.boards.running(ids, self._work.clock.now()) if at.day == at.today else {}
            await enter(self._work, uow, actor, AuditAction.CLINIC_OVERSEEN)
        clinics = [
            _clinic(person, [each for each in counts if each.practitioner_id == person.id], running)
            for person in people
            if person.id in ids
        ]
        return Board(at.day, at.today, at.location, clinics)

    async def specialist(self, actor: Actor, practitioner_id: str, day: date | None = None) -> SpecialistDay:
        """Return one specialist's visits of `day`; raises NotFound for whom the actor may not oversee."""
        role_allows(actor, Permission.CLINIC_OVERSEE)
        subject = Subject(organizations=(actor.organization_id,), practitioner_id=practitioner_id)
        require(actor, Permission.CLINIC_OVERSEE, subject)
        async with self._work.units.writing() as uow:
            person = await uow.directory.practitioner(practitioner_id)
            if person is None or person.role is not Role.SPECIALIST:
                raise NotFound
            at = await site_day(self._work, uow, actor, day)
            ids = await uow.boards.visits(actor.organization_id, practitioner_id, at.window)
            if not ids and person.organization_id != actor.organization_id:
                raise NotFound
            rows = sorted((await uow.visits.rows(ids)).values(), key=_start)
            parties = await uow.resources.parties([row.appointment.id for row in rows])
            now = self._work.clock.now()
            running = await uow.lines.running(practitioner_id, now) if at.day == at.today else None
            patients = tuple(sorted({row.patient.id for row in rows}))
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.CLINIC_OVERSEEN,
                patient_ids=patients,
                entity="Practitioner",
                entity_id=practitioner_id,
            )
        return SpecialistDay(at.day, at.today, person, rows, running, parties)


def _start(row: DayRow) -> tuple[datetime, str]:
    return row.appointment.start, row.visit.id


def _clinic(person: Practitioner, counts: list[Counted], running: dict[str, Running]) -> Clinic:
    def number(statuses: Iterable[VisitStatus]) -> int:
        return sum(each.number for each in counts if each.status in statuses)

    waiting = VisitStatus.WAITING
    return Clinic(
        practitioner=person,
        total=number(set(VisitStatus) - {VisitStatus.CANCELLED}),
        ahead=number(AHEAD),
        waiting=number({waiting}),
        in_call=number({VisitStatus.IN_PROGRESS}),
        seen=number(SEEN),
        missed=number({VisitStatus.MISSED}),
        unseen=number({VisitStatus.UNSEEN}),
        waiting_since=next((each.since for each in counts if each.status is waiting), None),
        running=running.get(person.id),
    )
