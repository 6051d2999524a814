"""Booking: holds, and the one transaction in which a visit comes to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from telehealth.domain.access import Actor, ActorKind, Permission
from telehealth.domain.appointment import Appointment, AppointmentStatus, ResourceKind, wall_time
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound, SlotTaken, WrongState
from telehealth.domain.modality import Modality
from telehealth.domain.notices import VisitChanged
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.outbox import Channel
from telehealth.domain.own_booking import anyone_of
from telehealth.domain.people import Patient, Practitioner, Role
from telehealth.domain.resources import NOTHING, Needs, Party
from telehealth.domain.scheduling import Interval
from telehealth.services.bookable import bookable
from telehealth.services.desk import NewPatient, to_be_seen
from telehealth.services.once import keep, recall
from telehealth.services.parties import chosen, claims_of, has, known_for, shared_at
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery, Wish, anybody
from telehealth.services.trail import Once, Work, enter, require
from telehealth.services.visit_making import Invitations, make_visit
from telehealth.services.ways import can_be_met, way_held, way_of

HOLD_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """Who is to see whom for what and when. `start` is aware; `hold_id` turns a hold into a booking.

    An empty `practitioner_id` is anybody who is free then, and speaks `language` if that is given: whoever
    has least booked. `needs` are resources of the patient's organization; what was held has them already,
    and its `modality`. Without one a visit is as the service's are first of all.
    With `new` instead of a `patient_id` the patient is registered with the visit or not at all.
    """

    patient_id: str
    service_id: str
    practitioner_id: str
    start: datetime
    hold_id: str = ""
    test: bool = False
    language: str = ""
    needs: Needs = NOTHING
    modality: Modality | None = None
    new: NewPatient | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """What a booking made. `join_url` is the patient's link, given to the booker; empty for a hold."""

    appointment: Appointment
    visit_id: str
    join_url: str
    parties: Sequence[Party] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    actor: Actor
    patient: Patient
    service: HealthcareService
    practitioner: Practitioner
    location: Location
    start: datetime
    end: datetime
    modality: Modality
    parties: Sequence[Party] = ()


@dataclass(slots=True)
class _Chosen:
    """Who was chosen in this try, where it might be another, and all those for whom a race was lost."""

    now: dict[ResourceKind, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def another(self, refused: SlotTaken) -> bool:
        """Whether to try again without those who are taken; no other choice helps where anybody else is."""
        gone = refused.missing or self.now.keys()
        again = bool(gone) and gone <= self.now.keys()
        self.lost |= {self.now[kind] for kind in gone} if again else set()
        self.now.clear()
        return again


class Booking:
    """Finds, holds and books. The database constraint decides who gets a time, never a check."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer, tzdata: str) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer
        self._tzdata = tzdata
        self._finder = SlotFinder(work=work)

    async def find(self, actor: Actor, query: SlotQuery) -> list[FreeSlot]:
        """Return free times, earliest first; see SlotFinder."""
        return await self._finder.find(actor, query)

    async def last(self, actor: Actor, patient_id: str, service_id: str) -> Practitioner | None:
        """Return whom the patient saw last for such a service; see SlotFinder."""
        return await self._finder.last(actor, patient_id, service_id)

    def ways(self, patient: Patient) -> tuple[Channel, ...]:
        """Return the channels by which the invitation would go to a patient."""
        return self._invitations.ways(patient)

    async def hold(self, actor: Actor, request: BookingRequest, once: Once | None = None) -> Booked:
        """Take a time for ten minutes without telling anyone; raises SlotTaken."""
        return await self._take(actor, request, once, held=True)

    async def book(self, actor: Actor, request: BookingRequest, once: Once | None = None) -> Booked:
        """Book a visit and put its invitation into the outbox in the same transaction; raises SlotTaken."""
        return await self._take(actor, request, once, held=False)

    async def _take(self, actor: Actor, request: BookingRequest, once: Once | None, *, held: bool) -> Booked:
        """Try once; whoever may be anybody is somebody else each time that a race was lost for one."""
        require(actor, Permission.APPOINTMENT_BOOK)
        choice = _Chosen()
        while True:
            try:
                return await self._try(actor, request, once, choice, held=held)
            except SlotTaken as refused:
                if not choice.another(refused):
                    raise

    async def _try(
        self, actor: Actor, request: BookingRequest, once: Once | None, choice: _Chosen, *, held: bool
    ) -> Booked:
        """Take the time in one transaction; whoever was chosen for it is told to `choice` before."""
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            if earlier is not None:
                return await self._again(uow, earlier["appointment"])
            if not request.hold_id:
                await uow.appointments.release_expired(now)
            plan = await self._plan(actor, uow, request, choice)
            if request.hold_id:
                booked = await self._from_hold(actor, uow, request, plan)
            else:
                appointment = self._appointment(plan, held=held, test=request.test)
                await uow.appointments.book(appointment, claims_of(appointment, plan.service, plan.parties))
                booked = await self._invite(actor, uow, appointment, plan, held=held)
            action = AuditAction.APPOINTMENT_HELD if held else AuditAction.APPOINTMENT_BOOKED
            await enter(
                self._work,
                uow,
                actor,
                action,
                patient_ids=(plan.patient.id,),
                entity="Appointment",
                entity_id=booked.appointment.id,
            )
            await keep(self._work, uow, once, {"appointment": booked.appointment.id})
        if not held:
            who = plan.practitioner.id
            news = VisitChanged(booked.visit_id, who, "booked", "unknown", "unknown", now, request.test)
            await self._announcer.announce(news)
        return booked

    async def _plan(self, actor: Actor, uow: UnitOfWork, request: BookingRequest, choice: _Chosen) -> _Plan:
        """Look everything up and check that the time lies on the practitioner's hours."""
        patient = await to_be_seen(self._work, uow, actor, request.patient_id, request.new)
        whom = request.practitioner_id or await self._anybody(uow, request, choice)
        wanted = await bookable(uow, request.service_id, whom, request.start)
        service, practitioner, start = wanted.service, wanted.practitioner, request.start
        if practitioner.role is not Role.SPECIALIST:
            raise NotFound
        if actor.kind is ActorKind.SYSTEM:
            location = wanted.site_at(start) or await _home(uow, practitioner)
        else:
            now = self._work.clock.now()
            # Notice counts from when a time was asked for: what is held stays bookable.
            location = wanted.site_for(start, now - HOLD_FOR if request.hold_id else now)
        held, room = request.hold_id, request.needs.room
        way = await way_held(uow, held, request.modality) if held else way_of(service, request.modality, room)
        can_be_met(way, patient, new=request.new is not None)
        plan = _Plan(actor, patient, service, practitioner, location, start, start + service.length, way)
        return replace(plan, parties=await self._parties(uow, request, plan, choice))

    async def _parties(
        self, uow: UnitOfWork, request: BookingRequest, plan: _Plan, choice: _Chosen
    ) -> Sequence[Party]:
        """Return the resources that are held, or the first ones that are free; raises SlotTaken, BadInput."""
        if request.hold_id:
            held = (await uow.resources.parties([request.hold_id]))[request.hold_id]
            if not has(held, request.needs):
                raise NotFound
            return held
        needs, visit = request.needs, Interval(plan.start, plan.end)
        known = await known_for(uow, plan.patient.organization_id, needs)
        shared = await shared_at(uow, plan.service, plan.practitioner.id, visit, needs)
        found = await chosen(uow, known, needs, visit, lost=choice.lost, shared=shared)
        choice.now |= {each.resource.kind: each.resource.id for each in found}
        return found

    async def _anybody(self, uow: UnitOfWork, request: BookingRequest, choice: _Chosen) -> str:
        """Return who holds the time, or who of those free has least booked; raises SlotTaken, BadInput."""
        if request.hold_id:
            held = await uow.appointments.get(request.hold_id)
            if held is None:
                raise NotFound
            return held.practitioner_id
        wish = Wish(request.service_id, request.patient_id, request.start, request.language)
        found = await anybody(uow, wish, self._work.clock.now(), choice.lost)
        choice.now[ResourceKind.PRACTITIONER] = found
        return found

    def _appointment(self, plan: _Plan, *, held: bool, test: bool) -> Appointment:
        now, identifier = self._work.clock.now(), self._work.identifier()
        return Appointment(
            id=identifier,
            uid=f"{identifier}@telehealth",
            organization_id=plan.practitioner.organization_id,
            patient_organization_id=plan.patient.organization_id,
            patient_id=plan.patient.id,
            practitioner_id=plan.practitioner.id,
            service_id=plan.service.id,
            location_id=plan.location.id,
            status=AppointmentStatus.PENDING if held else AppointmentStatus.BOOKED,
            start=plan.start,
            end=plan.end,
            zone=plan.location.zone,
            local_start=wall_time(plan.start, plan.location.zone),
            tzdata=self._tzdata,
            held_until=now + HOLD_FOR if held else None,
            test=test,
            by_patient=plan.actor.kind is ActorKind.BOOKER,
            by_practitioner=plan.actor.id == plan.practitioner.id,
            modality=plan.modality,
        )

    async def _invite(
        self, actor: Actor, uow: UnitOfWork, appointment: Appointment, plan: _Plan, *, held: bool
    ) -> Booked:
        if held:
            return Booked(appointment, "", "", plan.parties)
        silent = appointment.test or actor.kind is ActorKind.SYSTEM
        visit_id, url = await make_visit(
            self._work, uow, self._invitations, appointment, plan.patient, plan.service, silent=silent
        )
        return Booked(appointment, visit_id, url, plan.parties)

    async def _from_hold(self, actor: Actor, uow: UnitOfWork, request: BookingRequest, plan: _Plan) -> Booked:
        held = await uow.appointments.get(request.hold_id)
        if held is None or not _fits(held, request, plan):
            raise NotFound
        if held.status is not AppointmentStatus.PENDING or held.held_until is None:
            raise WrongState
        if held.held_until <= self._work.clock.now():
            raise SlotTaken("The held time has run out. Please choose again.")
        if held.patient_id != plan.patient.id:
            booked = await self._in_place_of(uow, held, plan)
        else:
            booked = held.confirmed()
            await uow.appointments.save(booked)
        return await self._invite(actor, uow, booked, plan, held=False)

    async def _in_place_of(self, uow: UnitOfWork, held: Appointment, plan: _Plan) -> Appointment:
        """Book for the patient what was held before anybody knew who it is; nobody else comes between."""
        await uow.appointments.save(held.given_up())
        booked = self._appointment(plan, held=False, test=held.test)
        await uow.appointments.book(booked, claims_of(booked, plan.service, plan.parties))
        return booked

    async def _again(self, uow: UnitOfWork, appointment_id: str) -> Booked:
        visit = await uow.visits.by_appointment(appointment_id)
        appointment = await uow.appointments.get(appointment_id)
        if appointment is None:
            raise NotFound
        patient = await uow.patients.get(appointment.patient_id)
        if visit is None or patient is None:
            return Booked(appointment, "", "")
        parties = (await uow.resources.parties([appointment_id]))[appointment_id]
        link = await uow.visits.link_of(visit.id, patient.id)
        url = self._invitations.url(link, patient.language) if link else ""
        return Booked(appointment, visit.id, url, parties)


def _fits(held: Appointment, request: BookingRequest, plan: _Plan) -> bool:
    """Whether a held time is the one that is to be booked, and for whom it was held."""
    whom = {request.patient_id, anyone_of(plan.patient.organization_id)}
    wanted = (plan.practitioner.id, request.service_id, plan.start)
    return held.patient_id in whom and (held.practitioner_id, held.service_id, held.start) == wanted


async def _home(uow: UnitOfWork, practitioner: Practitioner) -> Location:
    location = await uow.directory.location(practitioner.location_id)
    if location is None:
        raise NotFound
    return location
