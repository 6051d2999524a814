"""The way of somebody on a waiting list to the time that is kept for them: by a link, to take it or not.

Whoever holds the link sees that time alone: neither a name nor anything of others.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.choice import Choice, ChoiceState
from telehealth.domain.errors import NotFound, SlotTaken
from telehealth.domain.notices import VisitChanged
from telehealth.domain.organizations import HealthcareService, Location, Organization
from telehealth.domain.people import Patient, Practitioner
from telehealth.domain.sentences import N_
from telehealth.domain.visiting import CODE_TRIES
from telehealth.domain.waitlist import Offer, OfferState, Waiting, WaitStatus
from telehealth.services.bookable import bookable
from telehealth.services.choice_door import booker_of
from telehealth.services.held_times import book_held, give_up
from telehealth.services.moving import Moved, Moving
from telehealth.services.ports import Announcer
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work, enter, require
from telehealth.services.visit_making import Invitations
from telehealth.services.wishes import close, later_visits, nothing_more

GONE = N_("We could not keep this time any longer.")


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """What the page shows: the time, with whom and where, until when it is kept, and how it stands.

    `state` is an OfferState; one that ran out is expired even before that is noted. `moves` is the start of
    the later visit that taking it would move. `no_more` says that the patient is written to no more.
    """

    token: str
    offer: Offer
    state: OfferState
    patient: Patient
    practitioner: Practitioner
    service: HealthcareService
    location: Location
    organization: Organization
    moves: datetime | None
    no_more: bool


@dataclass(frozen=True, slots=True)
class _Found:
    one: Waiting
    offer: Offer
    held: Appointment
    patient: Patient


class OfferDoor:
    """Knows people by an offer's link; exactly one of taking, declining and running out comes to pass."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer, moving: Moving) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer
        self._moving = moving

    async def look(self, token: str) -> OwnOffer:
        """Return what a link offers; nothing happens by it. Raises NotFound."""
        async with self._work.units.reading() as uow:
            offer = await self._by_token(uow, token)
            found = await _whole(uow, offer)
            practitioner = await uow.directory.practitioner(found.held.practitioner_id)
            location = await uow.directory.location(found.held.location_id)
            service = await uow.directory.service(found.held.service_id)
            organization = await uow.directory.organization(found.held.organization_id)
            visit = await self._later(uow, found)
            no_more = found.one.status is not WaitStatus.WAITING or await nothing_more(uow, found.one)
        if practitioner is None or location is None or service is None or organization is None:
            raise NotFound
        over = offer.state is OfferState.OPEN and not self._kept(found)
        return OwnOffer(
            token=token,
            offer=offer,
            state=OfferState.EXPIRED if over else offer.state,
            patient=found.patient,
            practitioner=practitioner,
            service=service,
            location=location,
            organization=organization,
            moves=visit.appointment.start if visit else None,
            no_more=no_more,
        )

    async def by_code(self, code: str, birth_date: date) -> OwnOffer:
        """Do as `look` by the code and the birth date; five wrong dates end the code. Raises NotFound."""
        async with self._work.units.writing() as uow:
            offer = await uow.waitlist.by_code(self._invitations.offers.digest(code))
            patient = await uow.patients.get(offer.patient_id) if offer else None
            if offer is None or patient is None or offer.tries >= CODE_TRIES:
                raise NotFound
            right = patient.birth_date == birth_date
            if not right:
                await uow.waitlist.save_offer(
                    replace(offer, tries=offer.tries + 1, version=offer.version + 1)
                )
                actor = _visitor(offer, patient)
                outcome = AuditOutcome.REFUSED
                await self._enter(uow, actor, AuditAction.LINK_REFUSED, offer, outcome=outcome)
        if not right:
            raise NotFound
        return await self.look(self._invitations.offers.token(offer.id, patient.id))

    async def decline(self, token: str) -> None:
        """Let the time go on to the next; whoever declines stays on the list. Raises NotFound, SlotTaken."""
        known = await self._known(token)
        async with self._work.units.writing() as uow:
            found = await _whole(uow, known)
            actor = self._asked(found)
            if found.offer.state is OfferState.DECLINED:
                return
            self._still(found)
            await close(uow, found.offer, OfferState.DECLINED)
            await self._enter(uow, actor, AuditAction.OFFER_DECLINED, found.offer)

    async def take(self, token: str) -> None:
        """Book the time, or move the patient's later visit of the service to it. Twice is as good as once.

        Raises NotFound, and SlotTaken for what is not to be had any more: the offer ends, and whoever wanted
        to take it stays on the list.
        """
        known = await self._known(token)
        try:
            news = await self._take(known)
        except SlotTaken:
            await self._withdraw(known)
            raise
        if isinstance(news, Moved):
            await self._moving.announce(news)
        elif news:
            await self._announcer.announce(news)

    async def _take(self, known: Offer) -> Moved | VisitChanged | None:
        """Return what is to be told; None where it was taken before."""
        async with self._work.units.reading() as uow:
            wished = await uow.waitlist.get(known.waiting_id)
        if wished is None:
            raise NotFound
        async with self._work.units.writing() as uow:
            # The invitation first: whoever changes it and a wish locks them in this order.
            choice = await uow.choices.standing(wished.patient_id, wished.service_id)
            found = await _whole(uow, known)
            actor = self._asked(found)
            if found.offer.state is OfferState.TAKEN:
                return None
            self._still(found)
            wanted = await bookable(uow, found.held.service_id, found.held.practitioner_id, found.held.start)
            if wanted.site_at(found.held.start) is None:
                raise SlotTaken(GONE)
            later = await self._later(uow, found)
            if found.one.visit_id and later is None:
                raise SlotTaken(GONE)
            await uow.waitlist.save_offer(found.offer.close(OfferState.TAKEN))
            await uow.waitlist.save(found.one.end(WaitStatus.BOOKED))
            await self._enter(uow, actor, AuditAction.OFFER_TAKEN, found.offer)
            if later is not None:
                return await self._move(uow, actor, found, later, wanted.service)
            news = await self._book(uow, actor, found, wanted.service)
            await self._settle(uow, choice, news.visit_id)
            return news

    async def _withdraw(self, known: Offer) -> None:
        """End an offer that could not be taken; what ran out is the worker's."""
        async with self._work.units.writing() as uow:
            found = await _whole(uow, known)
            actor = self._asked(found)
            if found.offer.state is not OfferState.OPEN or not self._kept(found):
                return
            await close(uow, found.offer, OfferState.WITHDRAWN)
            outcome = AuditOutcome.FAILED
            await self._enter(uow, actor, AuditAction.OFFER_TAKEN, found.offer, outcome=outcome)

    async def _book(
        self, uow: UnitOfWork, actor: Actor, found: _Found, service: HealthcareService
    ) -> VisitChanged:
        news = await book_held(self._work, uow, self._invitations, found.held, found.patient, service)
        await self._enter(uow, actor, AuditAction.APPOINTMENT_BOOKED, found.offer)
        return news

    async def _settle(self, uow: UnitOfWork, choice: Choice | None, visit_id: str) -> None:
        """End the invitation to choose a time that the booked visit has answered."""
        if choice is None or choice.standing(self._work.clock.now()) is not ChoiceState.OPEN:
            return
        await uow.choices.save(choice.book(visit_id))
        await give_up(uow, choice.hold_id)
        ids, ended, booker = (choice.patient_id,), AuditAction.CHOICE_ENDED, booker_of(choice)
        await enter(self._work, uow, booker, ended, patient_ids=ids, entity="Choice", entity_id=choice.id)

    async def _move(
        self, uow: UnitOfWork, actor: Actor, found: _Found, later: DayRow, service: HealthcareService
    ) -> Moved:
        """Give the hold up and put the later visit in its place, all in one transaction."""
        visit = await uow.visits.by_appointment(later.appointment.id)
        before = await uow.appointments.get(later.appointment.id)
        if visit is None or before is None or before.status is not AppointmentStatus.BOOKED:
            raise SlotTaken(GONE)
        held = found.held
        await uow.appointments.save(held.given_up())
        after = replace(
            before,
            practitioner_id=held.practitioner_id,
            organization_id=held.organization_id,
            location_id=held.location_id,
            start=held.start,
            end=held.end,
            zone=held.zone,
            local_start=held.local_start,
            tzdata=held.tzdata,
            sequence=before.sequence + 1,
            version=before.version + 1,
            by_patient=True,
            by_practitioner=False,
            apart=bool(before.series_id),
        )
        mover = replace(actor, visit_id=visit.id)
        (change,) = await self._moving.rewrite(uow, mover, [(visit, after)], service)
        return change

    async def _later(self, uow: UnitOfWork, found: _Found) -> DayRow | None:
        """Return the visit that taking the offer moves, where it is after the offered time."""
        now = self._work.clock.now()
        rows = later_visits(await uow.visits.ahead([found.patient.id], now), found.one)
        ours = [row for row in rows if row.appointment.organization_id == found.held.organization_id]
        return ours[0] if ours and ours[0].appointment.start > found.offer.start else None

    async def _known(self, token: str) -> Offer:
        async with self._work.units.reading() as uow:
            return await self._by_token(uow, token)

    async def _by_token(self, uow: UnitOfWork, token: str) -> Offer:
        offer = await uow.waitlist.by_link(self._invitations.offers.digest(token))
        if offer is None:
            raise NotFound
        return offer

    def _asked(self, found: _Found) -> Actor:
        actor = _visitor(found.offer, found.patient)
        require(actor, Permission.OFFER_ANSWER, Subject(visit_id=found.offer.id))
        return actor

    def _kept(self, found: _Found) -> bool:
        waits = found.one.status is WaitStatus.WAITING
        pending = found.held.status is AppointmentStatus.PENDING
        return waits and pending and self._work.clock.now() < found.offer.expires_at

    def _still(self, found: _Found) -> None:
        """Pass while the time is kept; raises SlotTaken."""
        if found.offer.state is not OfferState.OPEN or not self._kept(found):
            raise SlotTaken(GONE)

    async def _enter(
        self,
        uow: UnitOfWork,
        actor: Actor,
        action: AuditAction,
        offer: Offer,
        *,
        outcome: AuditOutcome = AuditOutcome.SUCCESS,
    ) -> None:
        await enter(
            self._work,
            uow,
            actor,
            action,
            outcome=outcome,
            patient_ids=(offer.patient_id,),
            entity="Appointment",
            entity_id=offer.hold_id,
        )


async def _whole(uow: UnitOfWork, known: Offer) -> _Found:
    """Return all of it as it is now: the wish first, whoever changes both locks them in this order."""
    one, offer = await uow.waitlist.get(known.waiting_id), await uow.waitlist.offer(known.id)
    held = await uow.appointments.get(offer.hold_id) if offer else None
    patient = await uow.patients.get(offer.patient_id) if offer else None
    if one is None or offer is None or held is None or patient is None:
        raise NotFound
    return _Found(one, offer, held, patient)


def _visitor(offer: Offer, patient: Patient) -> Actor:
    """Return the patient as they answer an offer: it exists for them alone."""
    name = patient.name.guarded
    return Actor(ActorKind.VISITOR, patient.id, None, patient.organization_id, "", name, visit_id=offer.id)
