"""A specialist takes the next of those who came without an appointment: the visit is made for now."""

from dataclasses import replace
from datetime import datetime, timedelta

from telehealth.domain.access import Actor, Permission
from telehealth.domain.appointment import Appointment, AppointmentStatus, ResourceKind, wall_time
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound, SlotTaken, StaleVersion, Unavailable, WrongState
from telehealth.domain.notices import QueueChanged, VisitChanged
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Patient
from telehealth.domain.queue import Priority
from telehealth.domain.scheduling import Interval
from telehealth.domain.sentences import N_
from telehealth.domain.walk_in import SOONEST, WalkIn, in_turn
from telehealth.services.once import keep, recall
from telehealth.services.parties import claims_of
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Once, Work, require
from telehealth.services.visit_making import Invitations, make_visit
from telehealth.services.walk_in_changes import A_QUEUE_LASTS, entered, news_of
from telehealth.services.walk_in_places import calling_at, closed_now

SHORTEST = timedelta(minutes=5)
"""Before the next visit, somebody is called for less time than the service takes, down to this."""
TRIES = 5
"""Who is next may be assessed or leave at the same moment; then somebody else may be next."""


class WalkInCalls:
    """Calls people from the queues, for a service one after the other: the second to press gets the next."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer, tzdata: str) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer
        self._tzdata = tzdata

    async def take_next(self, actor: Actor, service_id: str, once: Once | None = None) -> str:
        """Call whoever is next for a service that the actor offers; return the id of the visit made for now.

        Who is in another visit at the time, or in a clinic that is closed, is passed over. Raises NotFound,
        WrongState when nobody waits and while the actor is away or their site closed, and SlotTaken when the
        actor is in a visit, or has the next one too soon.
        """
        require(actor, Permission.WALK_IN_CALL)
        for _ in range(TRIES):
            try:
                visit_id, left = await self._call(actor, service_id, once)
            except StaleVersion:  # the clinic changed them meanwhile
                continue
            now = self._work.clock.now()
            news = VisitChanged(visit_id, actor.id, "booked", "unknown", "unknown", now, test=False)
            await self._announcer.announce(news)
            await self._announcer.announce(left)
            return visit_id
        raise Unavailable

    async def _call(self, actor: Actor, service_id: str, once: Once | None) -> tuple[str, QueueChanged]:
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            visit_id = earlier["visit"] if earlier else await self._called(uow, actor, service_id)
            one = await uow.walk_ins.get(visit_id)
            if one is None:
                raise NotFound
            if earlier is None:
                await keep(self._work, uow, once, {"visit": visit_id})
            return visit_id, await news_of(uow, one)

    async def _called(self, uow: UnitOfWork, actor: Actor, service_id: str) -> str:
        now = self._work.clock.now()
        service, site = await calling_at(uow, actor, service_id, now)
        await uow.walk_ins.hold(service.id)
        await uow.appointments.release_expired(now)
        await uow.appointments.give_back(actor.id, now)
        span = await _free(uow, actor, service, now)
        one = await _next(uow, service, span)
        patient = await uow.patients.get(one.patient_id)
        if patient is None:
            raise NotFound
        appointment = self._appointment(actor, patient, service, site, span)
        await uow.appointments.book(appointment, claims_of(appointment, service, pauses=False))
        made = (appointment, patient, service)
        visit_id, _ = await make_visit(
            self._work, uow, self._invitations, *made, silent=False, visit_id=one.id
        )
        await _hurry(uow, one, visit_id)
        await uow.walk_ins.save(one.called(visit_id, now))
        await entered(self._work, uow, actor, AuditAction.WALK_IN_CALLED, one)
        return visit_id

    def _appointment(
        self, actor: Actor, patient: Patient, service: HealthcareService, site: Location, span: Interval
    ) -> Appointment:
        identifier = self._work.identifier()
        return Appointment(
            id=identifier,
            uid=f"{identifier}@telehealth",
            organization_id=actor.organization_id,
            patient_organization_id=patient.organization_id,
            patient_id=patient.id,
            practitioner_id=actor.id,
            service_id=service.id,
            location_id=site.id,
            status=AppointmentStatus.BOOKED,
            start=span.start,
            end=span.end,
            zone=site.zone,
            local_start=wall_time(span.start, site.zone),
            tzdata=self._tzdata,
        )


async def _free(uow: UnitOfWork, actor: Actor, service: HealthcareService, now: datetime) -> Interval:
    """Return the visit's time from now on, shorter where the actor's next one is near; raises SlotTaken."""
    span = Interval(now, now + service.length)
    busy = (await uow.appointments.busy(ResourceKind.PRACTITIONER, [actor.id], span))[actor.id]
    end = min((each.start for each in busy), default=span.end)
    if end - now < SHORTEST:
        raise SlotTaken(N_("You have another visit before this one would end."))
    return Interval(now, end)


async def _next(uow: UnitOfWork, service: HealthcareService, span: Interval) -> WalkIn:
    """Return who is next, their row locked as it was read; raises StaleVersion and WrongState."""
    waiting = in_turn(await uow.walk_ins.waiting([service.id], span.start - A_QUEUE_LASTS))
    people = [one.patient_id for one in waiting]
    if not waiting:
        raise WrongState("Nobody is waiting.")
    elsewhere = await uow.appointments.busy(ResourceKind.PATIENT, people, span)
    closed = await closed_now(uow, {one.organization_id for one in waiting}, span.start)
    able = (one for one in waiting if one.organization_id not in closed and not elsewhere[one.patient_id])
    first = next(able, None)
    if first is None:
        raise WrongState("Nobody who waits can be called now.")
    if await uow.walk_ins.get(first.id) != first:
        raise StaleVersion
    return first


async def _hurry(uow: UnitOfWork, one: WalkIn, visit_id: str) -> None:
    """Put whoever cannot wait before those with an appointment."""
    visit = await uow.visits.get(visit_id) if one.triage in SOONEST else None
    if visit is not None:
        await uow.visits.save(replace(visit, priority=Priority.URGENT, version=visit.version + 1))
