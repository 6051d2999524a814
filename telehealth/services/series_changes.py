"""A change of one visit of a series goes on to those that follow, or to all ahead: one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from telehealth.domain.access import Actor, Permission
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import UNBEGUN, Consultation, VisitEvent
from telehealth.domain.errors import StaleVersion, WrongState
from telehealth.domain.moving import moved
from telehealth.domain.notices import VisitEnded
from telehealth.domain.organizations import Location
from telehealth.domain.outbox import CANCELLED, MOVED, SERIES_CANCELLED, SERIES_MOVED
from telehealth.domain.resources import needs_of
from telehealth.domain.series import Occurrence
from telehealth.services.joining import changed
from telehealth.services.moving import Moved, Moving
from telehealth.services.once import keep, recall
from telehealth.services.parties import reclaimed
from telehealth.services.ports import Announcer
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.series import Standing, places, reminding, standing
from telehealth.services.series_plan import Ground, ground, span_of, with_needs
from telehealth.services.series_reach import (
    Concerned,
    Move,
    MoveOutlook,
    Wish,
    answered,
    movable,
    reached,
    shifted,
    without_own,
)
from telehealth.services.trail import Once, Work, enter, role_allows
from telehealth.services.visit_making import Invitations


class SeriesChanges:
    """Moves and cancels visits of a series together. What has begun or is over stays as it is."""

    def __init__(
        self, *, work: Work, invitations: Invitations, announcer: Announcer, moving: Moving, tzdata: str
    ) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer
        self._moving = moving
        self._tzdata = tzdata

    async def look(self, actor: Actor, wish: Wish) -> Concerned:
        """Return the visits that a cancellation would go to."""
        role_allows(actor, Permission.APPOINTMENT_CANCEL)
        async with self._work.units.writing() as uow:
            concerned = await self._concerned(uow, actor, Permission.APPOINTMENT_CANCEL, wish)
            await self._enter(uow, actor, AuditAction.SERIES_READ, concerned.found)
        return concerned

    async def foresee(self, actor: Actor, move: Move) -> MoveOutlook:
        """Return where each visit would go, and what is in the way; raises BadInput and StaleVersion."""
        role_allows(actor, Permission.APPOINTMENT_MOVE)
        async with self._work.units.writing() as uow:
            concerned = await self._concerned(uow, actor, Permission.APPOINTMENT_MOVE, move.wish)
            concerned = movable(concerned, move)
            found = shifted(concerned, move)
            base = await self._ground(uow, actor, concerned, found)
            await self._enter(uow, actor, AuditAction.SERIES_READ, concerned.found)
            own = [concerned.found.parties[row.appointment.id] for row in concerned.rows]
            needs = [needs_of(parties) for parties in own]
            base = await with_needs(uow, base, needs, span_of(found), list(chain.from_iterable(own)))
        foreseen = [
            base.foresee(each, concerned.zone, needed) for each, needed in zip(found, needs, strict=True)
        ]
        return MoveOutlook(concerned, list(zip(concerned.rows, foreseen, strict=True)))

    async def move(self, actor: Actor, move: Move, once: Once | None = None) -> Standing:
        """Move all of them or none, with one message; raises BadInput, SlotTaken, StaleVersion."""
        role_allows(actor, Permission.APPOINTMENT_MOVE)
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            if earlier is not None:
                return await standing(uow, actor, Permission.APPOINTMENT_MOVE, earlier["series"])
            concerned = await self._concerned(uow, actor, Permission.APPOINTMENT_MOVE, move.wish)
            await uow.appointments.release_expired(self._work.clock.now())
            changes = await self._rewrite(uow, actor, movable(concerned, move), move)
            await self._enter(uow, actor, AuditAction.SERIES_MOVED, concerned.found)
            await keep(self._work, uow, once, {"series": concerned.found.series.id})
            after = await standing(uow, actor, Permission.APPOINTMENT_MOVE, concerned.found.series.id)
        for change in changes:
            await self._moving.announce(change)
        return after

    async def cancel(self, actor: Actor, wish: Wish, once: Once | None = None) -> Standing:
        """Cancel all of them, with one message; the times are free at once and the links dead."""
        role_allows(actor, Permission.APPOINTMENT_CANCEL)
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            if earlier is not None:
                return await standing(uow, actor, Permission.APPOINTMENT_CANCEL, earlier["series"])
            concerned = await self._concerned(uow, actor, Permission.APPOINTMENT_CANCEL, wish)
            off = [await self._cancelled(uow, row) for row in concerned.rows]
            await self._tell(uow, concerned.rows, SERIES_CANCELLED, CANCELLED)
            await self._enter(uow, actor, AuditAction.SERIES_CANCELLED, concerned.found)
            await keep(self._work, uow, once, {"series": concerned.found.series.id})
            after = await standing(uow, actor, Permission.APPOINTMENT_CANCEL, concerned.found.series.id)
        for visit in off:
            await self._announcer.announce(VisitEnded(visit.id, "cancelled"))
            await self._announcer.announce(changed(visit))
        return after

    async def _concerned(
        self, uow: UnitOfWork, actor: Actor, permission: Permission, wish: Wish
    ) -> Concerned:
        """Lock the series and its visits, in this order, and return those that the wish goes to."""
        series_id = await uow.series.of(wish.appointment_id)
        await standing(uow, actor, permission, series_id)
        await uow.series.hold(series_id)
        for visit_id in sorted(await uow.series.visits(series_id)):
            await uow.visits.get(visit_id)
        found = await standing(uow, actor, permission, series_id)
        chosen = next(row for row in found.rows if row.appointment.id == wish.appointment_id)
        if chosen.appointment.version != wish.version:
            raise StaleVersion(current=chosen.appointment.version)
        if chosen.visit.status not in UNBEGUN:
            raise WrongState
        return reached(found, chosen, wish.reach, self._work.clock.now())

    async def _ground(
        self, uow: UnitOfWork, actor: Actor, concerned: Concerned, found: Sequence[Occurrence]
    ) -> Ground:
        """Return what decides about the new times."""
        series, now = concerned.found.series, self._work.clock.now()
        what = (series.patient_id, series.service_id, series.practitioner_id)
        base = await ground(uow, actor, Permission.APPOINTMENT_MOVE, what, span_of(found), now)
        return without_own(base, concerned)

    async def _rewrite(self, uow: UnitOfWork, actor: Actor, concerned: Concerned, move: Move) -> list[Moved]:
        """Write every visit at its new time, with a new link each and one message for all."""
        found = shifted(concerned, move)
        base = await self._ground(uow, actor, concerned, found)
        wanted = answered(concerned, found, move)
        sites = places(base, [each for _, each, _ in wanted])
        service = base.bookable.service
        after = [
            replace(
                self._placed(row.appointment, each, site, service.length),
                apart=apart,
                by_practitioner=row.appointment.stays_own(actor.id),
            )
            for (row, each, apart), site in zip(wanted, sites, strict=True)
        ]
        await uow.appointments.move_all(await reclaimed(uow, after, service))
        changes = []
        for (row, _, _), appointment in zip(wanted, after, strict=True):
            at = row.appointment
            visit = moved(row.visit, self._work.clock.now(), at.practitioner_id, at.modality)
            await uow.visits.save(visit)
            ended = await self._moving.relink(uow, row.visit)
            about = (base.patient, appointment, row.visit.id, reminding(service))
            await self._invitations.remind(self._work, uow, *about)
            changes.append(Moved(visit, ended, (visit.practitioner_id,)))
        rows = [replace(row, appointment=at) for (row, _, _), at in zip(wanted, after, strict=True)]
        await self._tell(uow, rows, SERIES_MOVED, MOVED)
        return changes

    def _placed(self, before: Appointment, to: Occurrence, site: Location, length: timedelta) -> Appointment:
        return replace(
            before,
            status=AppointmentStatus.BOOKED,
            start=to.start,
            end=to.start + length,
            location_id=site.id,
            zone=site.zone,
            local_start=to.wall_in(site.zone),
            tzdata=self._tzdata,
            sequence=before.sequence + 1,
            version=before.version + 1,
            by_patient=False,
        )

    async def _cancelled(self, uow: UnitOfWork, row: DayRow) -> Consultation:
        """Cancel one visit and kill its link."""
        off = row.visit.step(VisitEvent.CANCEL, self._work.clock.now())
        await uow.visits.save(off)
        await self._invitations.revoke(self._work, uow, off)
        at = row.appointment
        await uow.appointments.save(
            replace(
                at,
                status=AppointmentStatus.CANCELLED,
                sequence=at.sequence + 1,
                version=at.version + 1,
                by_patient=False,
            )
        )
        return off

    async def _tell(self, uow: UnitOfWork, rows: Sequence[DayRow], several: str, one: str) -> None:
        """Put one message into the outbox, about all these visits or the only one."""
        first = min(rows, key=lambda row: row.appointment.start)
        about = (first.patient, first.appointment, first.visit.id)
        if len(rows) == 1:
            await self._invitations.tell(self._work, uow, one, *about)
            return
        starts = " ".join(sorted(row.appointment.start.isoformat() for row in rows))
        await self._invitations.tell(self._work, uow, several, *about, more={"starts": starts})

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, found: Standing) -> None:
        series = found.series
        kind, ids = "AppointmentSeries", (series.patient_id,)
        await enter(self._work, uow, actor, action, patient_ids=ids, entity=kind, entity_id=series.id)
