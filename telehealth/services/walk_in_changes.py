"""What becomes of those who wait without an appointment: assessed anew, sent on, gone, back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, WrongState
from telehealth.domain.notices import QueueChanged
from telehealth.domain.organizations import Organization, OrganizationKind
from telehealth.domain.people import Role
from telehealth.domain.sentences import N_
from telehealth.domain.walk_in import Triage, WalkIn, WalkInEvent
from telehealth.services.bookable import NOBODY, REASONS
from telehealth.services.once import keep, recall
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Once, Work, enter, require, role_allows
from telehealth.services.walk_in_places import closed_now

A_QUEUE_LASTS = timedelta(days=1)
"""Who came earlier and was never called waits no more."""
TWICE = N_("This patient is in the queue already.")
SEEING = frozenset({OrganizationKind.HOSPITAL, OrganizationKind.CLINIC})
"""Kinds of organizations in which patients are seen."""


@dataclass(frozen=True, slots=True)
class Onward:
    """To which clinic somebody is sent on, for which service, and why."""

    organization_id: str
    service_id: str
    because: str


@dataclass(frozen=True, slots=True)
class _Step:
    """What becomes of somebody, who may say so, how it is entered, and the key to do it once."""

    permission: Permission
    action: AuditAction
    change: Callable[[UnitOfWork, WalkIn], Awaitable[WalkIn]]
    once: Once | None = None


class WalkInChanges:
    """Changes one place in a queue; the places of the others follow. Nobody gets into two queues."""

    def __init__(self, *, work: Work, announcer: Announcer) -> None:
        self._work = work
        self._announcer = announcer

    async def assess(self, actor: Actor, walk_in_id: str, triage: Triage, why: str) -> WalkIn:
        """Keep how soon somebody has to be seen now, and why: their clinic says, or who may call them.

        Raises NotFound, WrongState unless they wait.
        """

        async def assessed(_: UnitOfWork, one: WalkIn) -> WalkIn:
            return one.assessed(triage, why)

        step = _Step(Permission.WALK_IN_ASSESS, AuditAction.WALK_IN_ASSESSED, assessed)
        return await self._take(actor, walk_in_id, step)

    async def send(self, actor: Actor, walk_in_id: str, onward: Onward, once: Once | None = None) -> WalkIn:
        """Send somebody who waits on to another clinic or for another service; triage and arrival stay.

        Raises NotFound, WrongState unless they wait, BadInput for a clinic that is closed or sees nobody, and
        for a service that nobody offers.
        """

        async def sent(uow: UnitOfWork, one: WalkIn) -> WalkIn:
            after = one.sent(onward.organization_id, onward.service_id, onward.because)
            await _receives(uow, onward, self._work.clock.now())
            return after

        step = _Step(Permission.WALK_IN_HOST, AuditAction.WALK_IN_SENT, sent, once)
        return await self._take(actor, walk_in_id, step)

    async def leave(self, actor: Actor, walk_in_id: str) -> WalkIn:
        """Keep that somebody went away before they were called; raises NotFound, WrongState."""

        async def left(_: UnitOfWork, one: WalkIn) -> WalkIn:
            return one.step(WalkInEvent.LEAVE, self._work.clock.now())

        step = _Step(_keeping(actor), AuditAction.WALK_IN_LEFT, left)
        return await self._take(actor, walk_in_id, step)

    async def back(self, actor: Actor, walk_in_id: str) -> WalkIn:
        """Let somebody who went away wait again, by their first arrival; raises NotFound, WrongState."""

        async def returned(uow: UnitOfWork, one: WalkIn) -> WalkIn:
            after = one.step(WalkInEvent.RETURN, self._work.clock.now())
            if after is not one:
                await waits_no_more(self._work, uow, one.patient_id)
            return after

        step = _Step(_keeping(actor), AuditAction.WALK_IN_RETURNED, returned)
        return await self._take(actor, walk_in_id, step)

    async def _take(self, actor: Actor, walk_in_id: str, step: _Step) -> WalkIn:
        role_allows(actor, step.permission)
        async with self._work.units.writing() as uow:
            earlier = await recalled(uow, step.once)
            if earlier is not None:
                return earlier
            before = await uow.walk_ins.get(walk_in_id)
            if before is None or before.arrived_at < self._work.clock.now() - A_QUEUE_LASTS:
                raise NotFound
            await self._concerned(uow, actor, step.permission, before)
            after = await step.change(uow, before)
            if after is before:
                return after
            await uow.walk_ins.save(after)
            await entered(self._work, uow, actor, step.action, after)
            await keep(self._work, uow, step.once, {"walk_in": after.id})
            news = await news_of(uow, before, after)
        await self._announcer.announce(news)
        return after

    async def _concerned(self, uow: UnitOfWork, actor: Actor, permission: Permission, one: WalkIn) -> None:
        """Pass for staff of the clinic where they wait, and specialists of the service; raises NotFound."""
        if actor.role is not Role.SPECIALIST:
            require(actor, permission, Subject(organizations=(one.organization_id,), visit_id=one.id))
            return
        require(actor, permission)
        if not await uow.directory.hours(practitioner_id=actor.id, service_id=one.service_id):
            raise NotFound


def _keeping(actor: Actor) -> Permission:
    """Return what leaving and returning ask for: patients do so for themselves, by their link."""
    return Permission.WALK_IN_ATTEND if actor.kind is ActorKind.VISITOR else Permission.WALK_IN_HOST


async def news_of(uow: UnitOfWork, *moments: WalkIn) -> QueueChanged:
    """Return the notice to all who see somebody's place, before a change and after it."""
    clinics = {each.organization_id for each in moments} | {each.from_organization_id for each in moments}
    services = {each.service_id for each in moments}
    hours = [rule for each in sorted(services) for rule in await uow.directory.hours(service_id=each)]
    return QueueChanged(
        tuple(sorted(clinics - {""})), tuple(sorted({rule.practitioner_id for rule in hours}))
    )


async def recalled(uow: UnitOfWork, once: Once | None) -> WalkIn | None:
    """Return whom `once` put into a queue or sent on before, as they stand now."""
    earlier = await recall(uow, once)
    return await uow.walk_ins.get(earlier["walk_in"]) if earlier else None


async def receiving(uow: UnitOfWork) -> list[Organization]:
    """Return the clinics to which somebody can be sent on."""
    return [each for each in await uow.directory.organizations() if each.kind in SEEING]


async def _receives(uow: UnitOfWork, onward: Onward, now: datetime) -> None:
    """Pass when the clinic sees patients, is open, and somebody offers the service; raises BadInput."""
    if onward.organization_id not in {each.id for each in await receiving(uow)}:
        raise BadInput(FieldProblem("organization_id", "unknown", "Choose one of the clinics."))
    if await closed_now(uow, [onward.organization_id], now):
        raise BadInput(FieldProblem("organization_id", "closed", REASONS["closed"]))
    if not await uow.directory.hours(service_id=onward.service_id):
        raise BadInput(FieldProblem("service_id", "not-offered", NOBODY))


async def waits_no_more(work: Work, uow: UnitOfWork, patient_id: str) -> None:
    """Let go whoever was left over from an earlier day; raises WrongState for who waits today."""
    found = await uow.walk_ins.of_patient(patient_id)
    if found is None:
        return
    now = work.clock.now()
    if found.arrived_at >= now - A_QUEUE_LASTS:
        raise WrongState(TWICE)
    await uow.walk_ins.save(found.step(WalkInEvent.LEAVE, now))


async def entered(work: Work, uow: UnitOfWork, actor: Actor, action: AuditAction, one: WalkIn) -> None:
    """Leave the audit entry of a change: with the clinic somebody was sent on to, else with the triage."""
    await enter(
        work,
        uow,
        actor,
        action,
        patient_ids=(one.patient_id,),
        entity="Encounter" if action is AuditAction.WALK_IN_CALLED else "Appointment",
        entity_id=one.id,
        reason=one.organization_id if action is AuditAction.WALK_IN_SENT else one.triage,
    )
