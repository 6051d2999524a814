"""A booked visit goes to another time or another specialist: one transaction, decided by the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.appointment import Appointment, AppointmentStatus, wall_time
from telehealth.domain.audit import AuditAction
from telehealth.domain.changing import may_move
from telehealth.domain.consultation import Consultation
from telehealth.domain.errors import (
    BadInput,
    FieldProblem,
    NotFound,
    OtherDevice,
    StaleVersion,
    WrongState,
)
from telehealth.domain.groups import session_of
from telehealth.domain.moving import moved
from telehealth.domain.notices import SessionsEnded, VisitMoved
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.outbox import MOVED, REMINDING, STAND_IN
from telehealth.domain.people import Practitioner
from telehealth.domain.resources import Needs, Party, needs_of
from telehealth.services.bookable import bookable
from telehealth.services.joining import changed
from telehealth.services.once import keep, recall
from telehealth.services.parties import reclaimed
from telehealth.services.ports import Announcer
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Once, Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations

MOVABLE = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.NOSHOW})
"""Who did not come gets another time, too."""
Move = tuple[Consultation, Appointment]
"""A visit, and its appointment as it stands or is to stand."""


@dataclass(frozen=True, slots=True)
class Movable:
    """A visit that is to be moved or cancelled, its specialist, and what else it has."""

    row: DayRow
    practitioner: Practitioner
    parties: Sequence[Party] = ()

    @property
    def needs(self) -> Needs:
        """What it needs at another time."""
        return needs_of(self.parties)


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit after a move, the sessions that ended with its former link, and whose lists are others now."""

    visit: Consultation
    ended: tuple[str, ...]
    lists: tuple[str, ...]


class Moving:
    """Moves visits that have not begun. Patient and service stay; so does the calendar's UID."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer, tzdata: str) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer
        self._tzdata = tzdata

    async def look(self, actor: Actor, visit_id: str) -> Movable:
        """Return the visit as it stands; raises WrongState when it cannot be moved any more."""
        async with self._work.units.writing() as uow:
            found = await looked_at(self._work, uow, actor, Permission.APPOINTMENT_MOVE, visit_id)
            moved(found.row.visit, self._work.clock.now(), found.practitioner.id)
        return found

    async def move(
        self,
        actor: Actor,
        appointment_id: str,
        start: datetime,
        version: int,
        once: Once | None = None,
        *,
        practitioner_id: str = "",
        whole: bool = False,
    ) -> Appointment:
        """Move to `start`: the old time is free at once, the patient's link is a new one and on its way.

        With `practitioner_id` that specialist of the same house stands in, perhaps at the same time. With
        `whole` all of the visit's group session goes along, or nobody does.
        `version` is the appointment's as it was read. Raises StaleVersion, SlotTaken, BadInput for a time
        that is over or not offered, WrongState for a visit that has begun; for patients see `may_move`.
        """
        role_allows(actor, Permission.APPOINTMENT_MOVE)
        async with self._work.units.writing() as uow:
            ids = await uow.appointments.together(appointment_id) if whole else [appointment_id]
            found = await self._found(uow, actor, ids)
            if appointment_id not in found:
                raise NotFound
            _, known = found[appointment_id]
            if await recall(uow, once) is not None:
                return known
            if known.version != version:
                raise StaleVersion(current=known.version)
            service, moves = await self._moves(uow, actor, found.values(), start, practitioner_id)
            changes = await self.rewrite(uow, actor, moves, service, whole=ids if whole else ())
            await keep(self._work, uow, once, {"appointment": appointment_id})
        for change in changes:
            await self.announce(change)
        return next(after for _, after in moves if after.id == appointment_id)

    async def _found(self, uow: UnitOfWork, actor: Actor, ids: Sequence[str]) -> dict[str, Move]:
        """Return what the actor may move, locked; raises where one of them is not theirs to move."""
        found = await locked(uow, ids)
        for visit, before in found.values():
            require(actor, Permission.APPOINTMENT_MOVE, managed_by(before, visit))
        return found

    async def _moves(
        self, uow: UnitOfWork, actor: Actor, found: Iterable[Move], start: datetime, practitioner_id: str
    ) -> tuple[HealthcareService, list[Move]]:
        """Return visits of one service with their appointments at the new time; raises as `_at` does."""
        placed = [
            (visit, *await self._at(uow, actor, visit, before, start, practitioner_id))
            for visit, before in found
        ]
        return placed[0][1], [(visit, after) for visit, _, after in placed]

    async def rewrite(
        self,
        uow: UnitOfWork,
        actor: Actor,
        moves: Sequence[Move],
        service: HealthcareService,
        whole: Sequence[str] = (),
    ) -> list[Moved]:
        """Write visits of one service at their new time, all or none; the caller announces them afterwards.

        `whole` are all in the group session of these, where it moves. Each has a new link and a message.
        Raises StaleVersion, also where somebody joined the session just now, SlotTaken, and WrongState for
        one that has begun.
        """
        for visit, after in moves:
            require(actor, Permission.APPOINTMENT_MOVE, managed_by(after, visit))
        now, changes = self._work.clock.now(), []
        stand = [moved(visit, now, after.practitioner_id, after.modality) for visit, after in moves]
        await uow.appointments.release_expired(now)
        if whole:
            _, one = moves[0]
            await uow.appointments.stay_together(whole, session_of(service, one.practitioner_id, one.start))
        await uow.appointments.move_all(await reclaimed(uow, [after for _, after in moves], service))
        for (visit, after), stands in zip(moves, stand, strict=True):
            await uow.visits.save(stands)
            ended = await self._tell(uow, visit, after, service)
            await enter_appointment(self._work, uow, actor, AuditAction.APPOINTMENT_MOVED, after)
            lists = tuple(sorted({visit.practitioner_id, after.practitioner_id}))
            changes.append(Moved(stands, ended, lists))
        return changes

    async def relink(self, uow: UnitOfWork, visit: Consultation) -> tuple[str, ...]:
        """Replace the link, and take the reminders of the former time back; return the sessions that ended.

        A page that the patient has open stays theirs and tells the new time.
        """
        await uow.outbox.take_back(visit.id, REMINDING)
        sessions = [each.id for each in await uow.visits.sessions_of(visit.id)]
        stay = [visit.bound_to] if visit.bound_to else sessions
        return await self._invitations.rotate(self._work, uow, visit, keep=stay, moved=True)

    async def announce(self, change: Moved) -> None:
        """Tell open pages, once the transaction stands."""
        if change.ended:
            await self._announcer.announce(SessionsEnded(change.ended))
        for whose in change.lists:
            await self._announcer.announce(VisitMoved(change.visit.id, whose))
        await self._announcer.announce(changed(change.visit))

    async def _at(
        self,
        uow: UnitOfWork,
        actor: Actor,
        visit: Consultation,
        before: Appointment,
        start: datetime,
        practitioner_id: str,
    ) -> tuple[HealthcareService, Appointment]:
        """Return the appointment at its new time; raises where it may not be moved there."""
        now = self._work.clock.now()
        if before.status not in MOVABLE:
            raise WrongState
        if own := by_patient(actor, visit):
            may_move(visit, before, start, now)
        whose = practitioner_id or before.practitioner_id
        found = await bookable(uow, before.service_id, whose, start)
        if found.practitioner.organization_id != before.organization_id:
            raise NotFound
        if whose == before.practitioner_id and start == before.start >= now:
            raise BadInput(FieldProblem("start", "same-time", "The visit is at this time already."))
        after = self._placed(before, start, found.service, found.site_for(start, now))
        moves = before.patient_moves + own
        given = before.stays_own(actor.id) if whose == before.practitioner_id else whose == actor.id
        after = replace(after, practitioner_id=whose, by_patient=own, patient_moves=moves)
        return found.service, replace(after, by_practitioner=given)

    def _placed(
        self, before: Appointment, start: datetime, service: HealthcareService, location: Location
    ) -> Appointment:
        """Return the appointment at another time and place."""
        return replace(
            before,
            status=AppointmentStatus.BOOKED,
            start=start,
            end=start + service.length,
            location_id=location.id,
            zone=location.zone,
            local_start=wall_time(start, location.zone),
            tzdata=self._tzdata,
            sequence=before.sequence + 1,
            version=before.version + 1,
            apart=bool(before.series_id),
        )

    async def _tell(
        self, uow: UnitOfWork, visit: Consultation, after: Appointment, service: HealthcareService
    ) -> tuple[str, ...]:
        """Replace the link and write to the patient, of the time or of who stands in."""
        ended = await self.relink(uow, visit)
        patient = await uow.patients.get(visit.patient_id)
        if patient is not None and not visit.test:
            template = MOVED if after.practitioner_id == visit.practitioner_id else STAND_IN
            await self._invitations.invite(self._work, uow, template, patient, after, visit.id, service)
        return ended


async def locked(uow: UnitOfWork, appointment_ids: Sequence[str]) -> dict[str, Move]:
    """Return visits with their appointments by the id of these; what is only held has no visit.

    The visit first: whoever changes both locks them in this order.
    """
    found = {}
    for each in appointment_ids:
        visit, appointment = await uow.visits.by_appointment(each), await uow.appointments.get(each)
        if visit is not None and appointment is not None:
            found[each] = visit, appointment
    return found


async def looked_at(
    work: Work, uow: UnitOfWork, actor: Actor, permission: Permission, visit_id: str
) -> Movable:
    """Return a visit whose appointment the actor may do this to, and its specialist; enters the reading."""
    role_allows(actor, permission)
    row = await uow.visits.row(visit_id)
    if row is None:
        raise NotFound
    require(actor, permission, managed_by(row.appointment, row.visit))
    person = await uow.directory.practitioner(row.visit.practitioner_id)
    if person is None:
        raise NotFound
    await enter_appointment(work, uow, actor, AuditAction.APPOINTMENT_READ, row.appointment)
    parties = (await uow.resources.parties([row.appointment.id]))[row.appointment.id]
    return Movable(row, person, parties)


def managed_by(appointment: Appointment, visit: Consultation | None = None) -> Subject:
    """Return what `require` asks about when an appointment, and the visit of it, are concerned."""
    ours = (appointment.organization_id, appointment.patient_organization_id)
    return Subject(organizations=ours, visit_id=visit.id if visit else "")


def by_patient(actor: Actor, visit: Consultation) -> bool:
    """Whether the patient changes their own visit; raises OtherDevice where this browser is not theirs."""
    if actor.kind is not ActorKind.VISITOR:
        return False
    if not visit.serves(actor.session_id):
        raise OtherDevice
    return True


async def enter_appointment(
    work: Work, uow: UnitOfWork, actor: Actor, action: AuditAction, appointment: Appointment
) -> None:
    """Write one audit entry about an appointment."""
    await enter(
        work,
        uow,
        actor,
        action,
        patient_ids=(appointment.patient_id,),
        entity="Appointment",
        entity_id=appointment.id,
    )
