"""Those who come to a clinic without an appointment, as its staff keep them: added, assessed, gone, back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import CLOSED
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, WrongState
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.people import Patient, Role
from telehealth.domain.sentences import N_
from telehealth.domain.walk_in import Standing, Triage, WalkIn, WalkInEvent, WalkInStatus, standings
from telehealth.services.once import keep, recall
from telehealth.services.repositories import UnitOfWork
from telehealth.services.slots import NOBODY
from telehealth.services.trail import Once, Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations

A_QUEUE_LASTS = timedelta(days=1)
"""Who came earlier and was never called waits no more."""
TWICE = N_("This patient is in the queue already.")


@dataclass(frozen=True, slots=True)
class NewWalkIn:
    """Who is there, for what, how soon they have to be seen, and what they come with."""

    patient_id: str
    service_id: str
    triage: Triage
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One person in a queue; `standing` while they wait, `url` the link of the visit they were called to."""

    walk_in: WalkIn
    patient: Patient
    standing: Standing | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class ServiceQueue:
    """Who came for one service: those who wait in turn, then the others by arrival."""

    service: HealthcareService
    rows: list[QueueRow]


class WalkIns:
    """The queues as staff see them: a clinic its own people, specialists who waits for what they offer."""

    def __init__(self, *, work: Work, invitations: Invitations) -> None:
        self._work = work
        self._invitations = invitations

    async def queues(self, actor: Actor) -> list[ServiceQueue]:
        """Return the queues that concern the actor.

        People of other clinics count in everybody's place; their names are for those who may call them.
        """
        require(actor, Permission.WALK_IN_READ)
        since = self._since()
        async with self._work.units.writing() as uow:
            if actor.role is Role.SPECIALIST:
                offered = await _offered(uow, actor)
                shown = await uow.walk_ins.waiting(offered, since)
            else:
                shown = await uow.walk_ins.of_clinic(actor.organization_id, since)
                offered = {each.service_id for each in shown}
            waiting = await uow.walk_ins.waiting(offered, since)
            patients = await uow.patients.many(sorted({each.patient_id for each in shown}))
            services = [each for each in await uow.directory.services() if each.id in offered]
            urls = {each.id: await self._url(uow, each, patients) for each in shown}
            await enter(self._work, uow, actor, AuditAction.WALK_INS_READ, patient_ids=sorted(patients))
        return [ServiceQueue(service, _rows(service, shown, waiting, patients, urls)) for service in services]

    async def add(self, actor: Actor, new: NewWalkIn, once: Once | None = None) -> str:
        """Put a patient of the actor's clinic into its queue; return the id.

        Raises NotFound, BadInput for a service that nobody offers, WrongState for who waits already.
        """
        role_allows(actor, Permission.WALK_IN_HOST)
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            if earlier is not None:
                return earlier["walk_in"]
            patient = await uow.patients.get(new.patient_id)
            if patient is None or await uow.directory.service(new.service_id) is None:
                raise NotFound
            require(actor, Permission.WALK_IN_HOST, Subject(organizations=(patient.organization_id,)))
            if not await uow.directory.hours(service_id=new.service_id):
                raise BadInput(FieldProblem("service_id", "not-offered", NOBODY))
            await self._waits_no_more(uow, new.patient_id)
            made = self._made(actor, new)
            await uow.walk_ins.add(made)
            await self._enter(uow, actor, AuditAction.WALK_IN_ADDED, made)
            await keep(self._work, uow, once, {"walk_in": made.id})
        return made.id

    async def assess(self, actor: Actor, walk_in_id: str, triage: Triage, why: str) -> WalkIn:
        """Keep how soon somebody has to be seen now, and why; raises NotFound, WrongState."""
        return await self._change(
            actor, walk_in_id, AuditAction.WALK_IN_ASSESSED, lambda one: one.assessed(triage, why)
        )

    async def leave(self, actor: Actor, walk_in_id: str) -> WalkIn:
        """Keep that somebody went away before they were called; raises NotFound, WrongState."""
        now = self._work.clock.now()
        return await self._change(
            actor, walk_in_id, AuditAction.WALK_IN_LEFT, lambda one: one.step(WalkInEvent.LEAVE, now)
        )

    async def back(self, actor: Actor, walk_in_id: str) -> WalkIn:
        """Let somebody who went away wait again, by their first arrival; raises NotFound, WrongState."""
        now = self._work.clock.now()
        return await self._change(
            actor, walk_in_id, AuditAction.WALK_IN_RETURNED, lambda one: one.step(WalkInEvent.RETURN, now)
        )

    def _since(self) -> datetime:
        return self._work.clock.now() - A_QUEUE_LASTS

    def _made(self, actor: Actor, new: NewWalkIn) -> WalkIn:
        now = self._work.clock.now()
        return WalkIn(
            id=self._work.identifier(),
            organization_id=actor.organization_id,
            service_id=new.service_id,
            patient_id=new.patient_id,
            triage=new.triage,
            arrived_at=now,
            status=WalkInStatus.WAITING,
            since=now,
            reason=new.reason,
        )

    async def _waits_no_more(self, uow: UnitOfWork, patient_id: str) -> None:
        """Let go whoever was left over from an earlier day; raises WrongState for who waits today."""
        found = await uow.walk_ins.of_patient(patient_id)
        if found is None:
            return
        if found.arrived_at >= self._since():
            raise WrongState(TWICE)
        await uow.walk_ins.save(found.step(WalkInEvent.LEAVE, self._work.clock.now()))

    async def _change(
        self, actor: Actor, walk_in_id: str, action: AuditAction, change: Callable[[WalkIn], WalkIn]
    ) -> WalkIn:
        role_allows(actor, Permission.WALK_IN_HOST)
        async with self._work.units.writing() as uow:
            before = await uow.walk_ins.get(walk_in_id)
            if before is None or before.arrived_at < self._since():
                raise NotFound
            require(actor, Permission.WALK_IN_HOST, Subject(organizations=(before.organization_id,)))
            after = change(before)
            if after is before:
                return after
            if action is AuditAction.WALK_IN_RETURNED:
                await self._waits_no_more(uow, after.patient_id)
            await uow.walk_ins.save(after)
            await self._enter(uow, actor, action, after)
        return after

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, one: WalkIn) -> None:
        await enter(
            self._work,
            uow,
            actor,
            action,
            patient_ids=(one.patient_id,),
            entity="Appointment",
            entity_id=one.id,
            reason=one.triage,
        )

    async def _url(self, uow: UnitOfWork, one: WalkIn, patients: dict[str, Patient]) -> str:
        """Return the link of the visit that somebody was called to, for the clinic's own screen."""
        visit = await uow.visits.get(one.visit_id) if one.visit_id else None
        if visit is None or visit.status in CLOSED:
            return ""
        link = await uow.visits.link_of(visit.id, one.patient_id)
        return self._invitations.url(link, patients[one.patient_id].language) if link else ""


async def _offered(uow: UnitOfWork, actor: Actor) -> set[str]:
    return {rule.service_id for rule in await uow.directory.hours(practitioner_id=actor.id)}


def _rows(
    service: HealthcareService,
    shown: Sequence[WalkIn],
    waiting: Sequence[WalkIn],
    patients: dict[str, Patient],
    urls: dict[str, str],
) -> list[QueueRow]:
    """Return a service's rows: who waits in turn, then the others by arrival."""
    own = {one.id: one for one in shown if one.service_id == service.id}
    places = standings([one for one in waiting if one.service_id == service.id], service.minutes)
    rows = [
        QueueRow(place.walk_in, patients[place.walk_in.patient_id], place)
        for place in places
        if place.walk_in.id in own
    ]
    gone = [one for one in own.values() if one.status is not WalkInStatus.WAITING]
    return rows + [QueueRow(one, patients[one.patient_id], None, urls[one.id]) for one in gone]
