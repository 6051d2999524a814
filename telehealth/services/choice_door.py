"""The way of an invited patient to a visit: by a link, to choose a time, check it and book it.

Whoever holds the link sees free times and what was chosen: neither a name nor anything of others.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.choice import Choice, ChoiceState
from telehealth.domain.consultation import CLOSED
from telehealth.domain.errors import BadInput, NotFound, SlotTaken, WrongState
from telehealth.domain.notices import VisitChanged
from telehealth.domain.organizations import HealthcareService, Location, Organization
from telehealth.domain.people import Patient, Practitioner
from telehealth.domain.visiting import CODE_TRIES
from telehealth.domain.waitlist import OfferState, Waiting, WaitStatus
from telehealth.domain.ways import way_anywhere
from telehealth.services.bookable import bookable
from telehealth.services.booking import Booking, BookingRequest
from telehealth.services.calendar_entries import entry_of
from telehealth.services.choices import needs_for
from telehealth.services.held_times import book_held, give_up, still_held
from telehealth.services.joining import hosts
from telehealth.services.own_booking import OVER, BookedVisit
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery
from telehealth.services.trail import Once, Work, enter, require
from telehealth.services.visit_making import Invitations
from telehealth.services.wishes import close, leave


@dataclass(frozen=True, slots=True)
class Kept:
    """A time that is kept for the patient while they check it."""

    held: Appointment
    practitioner: Practitioner
    location: Location


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """An invitation as its patient sees it: `kept` is the time that they check, `booked` what came of it."""

    choice: Choice
    state: ChoiceState
    patient: Patient
    service: HealthcareService
    organization: Organization
    kept: Kept | None
    booked: BookedVisit | None


class ChoiceDoor:
    """Knows people by an invitation's link; each method takes its token and raises NotFound for any other."""

    def __init__(
        self, *, work: Work, booking: Booking, invitations: Invitations, announcer: Announcer
    ) -> None:
        self._work = work
        self._booking = booking
        self._invitations = invitations
        self._announcer = announcer
        self._finder = SlotFinder(work=work)

    async def open(self, token: str) -> str:
        """Let in whoever has pressed the link, each time noted; return the invitation's id."""
        async with self._work.units.writing() as uow:
            choice = await self._by_token(uow, token)
            if choice.opened_at is None and choice.standing(self._work.clock.now()) is ChoiceState.OPEN:
                await uow.choices.save(choice.opened(self._work.clock.now()))
            await self._enter(uow, AuditAction.CHOICE_OPENED, choice)
        return choice.id

    async def by_code(self, code: str, birth_date: date) -> str:
        """Return the link's token to who knows code and birth date; five wrong dates end the code."""
        async with self._work.units.writing() as uow:
            choice = await uow.choices.by_code(self._invitations.choices.digest(code))
            patient = await uow.patients.get(choice.patient_id) if choice else None
            if choice is None or patient is None or choice.tries >= CODE_TRIES:
                raise NotFound
            right = patient.birth_date == birth_date
            if not right:
                await uow.choices.save(choice.mistyped())
                await self._enter(uow, AuditAction.LINK_REFUSED, choice, AuditOutcome.REFUSED)
        if not right:
            raise NotFound
        return self._invitations.choices.token(choice.id, patient.id)

    async def look(self, token: str) -> OwnChoice:
        """Return how the invitation stands; nothing happens by it."""
        async with self._work.units.reading() as uow:
            choice = await self._by_token(uow, token)
            patient = await uow.patients.get(choice.patient_id)
            service = await uow.directory.service(choice.service_id)
            organization = await uow.directory.organization(choice.organization_id)
            if patient is None or service is None or organization is None:
                raise NotFound
            state = choice.standing(self._work.clock.now())
            kept = await self._kept(uow, choice) if state is ChoiceState.OPEN else None
            return OwnChoice(choice, state, patient, service, organization, kept, await _booked(uow, choice))

    async def free(self, token: str, first: datetime, count: int) -> tuple[list[FreeSlot], datetime | None]:
        """Return free times from `first` on, each once, and where to look on; None where that is all."""
        found, now = await self.look(token), self._work.clock.now()
        choice = found.choice
        query = SlotQuery(
            choice.service_id,
            max(first, now),
            min(found.service.latest(now), choice.last) + found.service.length,
            choice.practitioner_id,
            count,
            patient_id=choice.patient_id,
            each_once=not choice.practitioner_id,
            needs=needs_for(choice, found.patient),
            whose=choice.patient_organization_id,
        )
        try:
            return await self._finder.onward(query)
        except BadInput:  # nobody interprets this language any more
            return [], None

    async def choose(self, token: str, start: datetime, key: str) -> None:
        """Keep a time for the patient instead of the one before; `key` makes a second press harmless.

        Raises WrongState once no time can be chosen any more, SlotTaken, and BadInput.
        """
        async with self._work.units.writing() as uow:
            choice = self._still(await self._by_token(uow, token), start)
            await give_up(uow, choice.hold_id)
            patient = await uow.patients.get(choice.patient_id)
            service = await uow.directory.service(choice.service_id)
        if patient is None or service is None:
            raise NotFound
        booker, what = booker_of(choice), (patient.id, service.id, choice.practitioner_id, start)
        way, needs = way_anywhere(service.modalities, patient.phone), needs_for(choice, patient)
        request = BookingRequest(*what, needs=needs, modality=way)
        held = (await self._booking.hold(booker, request, _once(choice, key, start))).appointment
        if held.status is not AppointmentStatus.PENDING:
            held = (await self._booking.hold(booker, request)).appointment
        await self._keep(token, held)

    async def confirm(self, token: str, hold_id: str) -> None:
        """Book the kept time, which the patient has read; twice is as good as once.

        Raises SlotTaken once it is not kept any more, WrongState where another one is kept or booked by now.
        """
        async with self._work.units.writing() as uow:
            choice = await self._by_token(uow, token)
            require(booker_of(choice), Permission.APPOINTMENT_BOOK, ours(choice))
            if choice.visit_id:
                await _same(uow, choice, hold_id)
                return
            kept = await self._kept(uow, self._still(choice))
            patient = await uow.patients.get(choice.patient_id)
            if kept is None or patient is None:
                raise SlotTaken(OVER)
            if kept.held.id != hold_id:
                raise WrongState
            news = await self._book(uow, choice, kept.held, patient)
        await self._announcer.announce(news)

    async def _book(
        self, uow: UnitOfWork, choice: Choice, held: Appointment, patient: Patient
    ) -> VisitChanged:
        wanted = await bookable(uow, held.service_id, held.practitioner_id, held.start)
        if wanted.site_at(held.start) is None:
            raise SlotTaken(OVER)
        news = await book_held(self._work, uow, self._invitations, held, patient, wanted.service)
        await uow.choices.save(choice.book(news.visit_id))
        wish = await uow.waitlist.standing(choice.patient_id, choice.service_id)
        if wish is not None and not wish.visit_id:
            await self._settle(uow, choice, wish, held.start)
        await self._enter(uow, AuditAction.APPOINTMENT_BOOKED, choice, appointment_id=held.id)
        return news

    async def _settle(self, uow: UnitOfWork, choice: Choice, wish: Waiting, start: datetime) -> None:
        """End what the patient wished, which the visit has answered; of staff's wish, what is offered later.

        An earlier time moves the visit to it; a later one would be a second visit.
        """
        if not wish.by_patient:
            for offer in await uow.waitlist.offers_of([wish.id]):
                if offer.state is OfferState.OPEN and offer.start > start:
                    await close(uow, offer, OfferState.WITHDRAWN)
            return
        await leave(uow, wish, WaitStatus.BOOKED)
        ids, left, booker = (choice.patient_id,), AuditAction.WAITLIST_LEFT, booker_of(choice)
        await enter(self._work, uow, booker, left, patient_ids=ids, entity="Waitlist", entity_id=wish.id)

    async def _keep(self, token: str, held: Appointment) -> None:
        """Note which time is kept; of two that were chosen at once the later one stays."""
        async with self._work.units.writing() as uow:
            choice = await self._by_token(uow, token)
            if choice.hold_id == held.id:
                return
            if choice.standing(self._work.clock.now()) is not ChoiceState.OPEN:
                await uow.appointments.save(held.given_up())
                return
            await give_up(uow, choice.hold_id)
            await uow.choices.save(choice.keep(held.id))

    async def _kept(self, uow: UnitOfWork, choice: Choice) -> Kept | None:
        held = await uow.appointments.get(choice.hold_id) if choice.hold_id else None
        if held is None or not still_held(held, self._work.clock.now()):
            return None
        practitioner = await uow.directory.practitioner(held.practitioner_id)
        location = await uow.directory.location(held.location_id)
        return Kept(held, practitioner, location) if practitioner and location else None

    def _still(self, choice: Choice, start: datetime | None = None) -> Choice:
        """Pass while a time, before the last one perhaps, can be chosen; raises WrongState."""
        late = start is not None and start >= choice.expires_at
        if late or choice.standing(self._work.clock.now()) is not ChoiceState.OPEN:
            raise WrongState
        return choice

    async def _by_token(self, uow: UnitOfWork, token: str) -> Choice:
        return await choice_of(uow, self._invitations, token)

    async def _enter(
        self,
        uow: UnitOfWork,
        action: AuditAction,
        choice: Choice,
        outcome: AuditOutcome = AuditOutcome.SUCCESS,
        *,
        appointment_id: str = "",
    ) -> None:
        await enter(
            self._work,
            uow,
            booker_of(choice),
            action,
            outcome=outcome,
            patient_ids=(choice.patient_id,),
            entity="Appointment" if appointment_id else "Choice",
            entity_id=appointment_id or choice.id,
        )


async def choice_of(uow: UnitOfWork, invitations: Invitations, token: str) -> Choice:
    """Return the invitation that a link's token opens; raises NotFound for any other."""
    choice = await uow.choices.by_link(invitations.choices.digest(token))
    if choice is None:
        raise NotFound
    return choice


async def _same(uow: UnitOfWork, choice: Choice, hold_id: str) -> None:
    """Pass where what was kept is the visit; raises WrongState where another time, or an offer, was."""
    visit = await uow.visits.by_appointment(hold_id)
    if visit is None or visit.id != choice.visit_id:
        raise WrongState


async def _booked(uow: UnitOfWork, choice: Choice) -> BookedVisit | None:
    """Return the visit as long as it is to take place; its time is read by its own link afterwards."""
    row = await uow.visits.row(choice.visit_id) if choice.visit_id else None
    if row is None or row.visit.status in CLOSED:
        return None
    organization, practitioner = await hosts(uow, row.visit)
    return BookedVisit(row, organization, practitioner, await entry_of(uow, row))


def ours(choice: Choice) -> Subject:
    """Return what `require` asks about: whose patient it is."""
    return Subject(organizations=(choice.patient_organization_id,))


def booker_of(choice: Choice) -> Actor:
    """Return the patient as they choose, in the name of the house whose patient they are."""
    return Actor(ActorKind.BOOKER, choice.id, None, choice.patient_organization_id, "", "")


def _once(choice: Choice, key: str, start: datetime) -> Once:
    text = f"{key}.{start.isoformat()}"
    return Once(f"choice-{choice.id}", text, sha256(text.encode()).digest())
