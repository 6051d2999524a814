"""Booking by patients from a service's public page: a time is held, somebody tells who they are and shows it.

Until the code has shown that the contact is theirs, nobody learns whether the clinic knows the person.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from telehealth.calendars import CalendarEntry
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, SlotTaken, WrongState
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import Location, Organization
from telehealth.domain.own_booking import CODE_TRIES, Asked, OwnBooking, anyone_of
from telehealth.domain.people import Practitioner
from telehealth.domain.sentences import N_
from telehealth.services.bearer import digest_of, new_token
from telehealth.services.booking import Booking, BookingRequest
from telehealth.services.calendar_entries import entry_of
from telehealth.services.desk import check_person
from telehealth.services.held_times import give_up, still_held
from telehealth.services.joining import hosts
from telehealth.services.own_contact import (
    channel_of,
    check_room,
    code_message,
    known_or_new,
    new_code,
    person_of,
)
from telehealth.services.own_ways import Offered
from telehealth.services.own_ways import offered as offered_by
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery
from telehealth.services.trail import Once, Work, enter
from telehealth.services.visit_making import Invitations
from telehealth.services.ways import place_of

OVER = N_("We could not keep this time any longer. Please choose again.")


@dataclass(frozen=True, slots=True)
class Underway:
    """How far somebody has come: the time with whom and where, and what they told.

    It is `over` when the time is not held any more. `place` is where they come to, if they come to a site.
    """

    own: OwnBooking
    offered: Offered
    held: Appointment
    practitioner: Practitioner
    location: Location
    place: str
    over: bool


@dataclass(frozen=True, slots=True)
class BookedVisit:
    """The visit that came of it, with whom, and as calendars know it."""

    row: DayRow
    organization: Organization
    practitioner: Practitioner
    entry: CalendarEntry

    @property
    def phone(self) -> str:
        """The clinic's help line."""
        return self.organization.phone


class OwnBookings:
    """Anybody's way to a visit; a browser is known by its cookie only, and has one time held at most."""

    def __init__(self, *, work: Work, booking: Booking, invitations: Invitations) -> None:
        self._work = work
        self._booking = booking
        self._invitations = invitations
        self._finder = SlotFinder(work=work)

    async def offered(self, service_id: str) -> Offered:
        """Return a service's public page; raises NotFound for what is not open to patients."""
        async with self._work.units.reading() as uow:
            return await offered_by(uow, service_id)

    async def free(
        self, service_id: str, first: datetime, count: int, how: str = ""
    ) -> tuple[list[FreeSlot], datetime | None]:
        """Return free times from `first` on, each once, and where to look on; None where that is all.

        `how` names one of the service's ways, see `Offered`.
        """
        offered, now = await self.offered(service_id), self._work.clock.now()
        last, way = offered.service.latest(now) + offered.service.length, offered.way(how)
        query = SlotQuery(
            service_id,
            max(first, now),
            last,
            count=count,
            each_once=True,
            needs=way.needs,
            whose=offered.organization.id,
        )
        return await self._finder.onward(query)

    async def choose(self, service_id: str, start: datetime, cookie: str, key: str, how: str = "") -> str:
        """Hold a time, in a way, for this browser instead of the one before; return the browser's cookie.

        `key` makes a second press harmless. Raises SlotTaken, NotFound and BadInput.
        """
        offered = await self.offered(service_id)
        way = offered.way(how)
        own = await self._let_go(service_id, cookie)
        booker = booker_of(offered, own.id if own else "")
        whom, kind = anyone_of(offered.organization.id), way.modality
        request = BookingRequest(whom, service_id, "", start, needs=way.needs, modality=kind)
        once = _once(f"own-{service_id}", f"{key}.{start.isoformat()}.{way.name}")
        held = (await self._booking.hold(booker, request, once)).appointment
        if held.status is not AppointmentStatus.PENDING:
            held = (await self._booking.hold(booker, request)).appointment
        return await self._keep(offered, own, held.id, cookie)

    async def underway(self, service_id: str, cookie: str) -> Underway | None:
        """Return how far this browser has come with a service; None where it has not begun."""
        async with self._work.units.reading() as uow:
            return await self._look(uow, service_id, cookie)

    async def booked(self, service_id: str, cookie: str) -> BookedVisit:
        """Return the visit that this browser booked; raises NotFound."""
        async with self._work.units.reading() as uow:
            found = await self._look(uow, service_id, cookie)
            row = await uow.visits.row(found.own.visit_id) if found else None
            if row is None:
                raise NotFound
            organization, practitioner = await hosts(uow, row.visit)
            entry = await entry_of(uow, row)
        return BookedVisit(row, organization, practitioner, entry)

    async def tell(self, service_id: str, cookie: str, asked: Asked) -> None:
        """Keep who somebody says they are; raises BadInput naming every field that cannot be used."""
        async with self._work.units.writing() as uow:
            found = await self._open(uow, service_id, cookie)
            self._check(asked, found)
            await uow.own_bookings.save(found.own.tell(asked))

    async def send_code(self, service_id: str, cookie: str, contact: str) -> None:
        """Send a new code to `contact`; whoever is known gets the same as everybody.

        Raises WrongState where another contact has been told meanwhile: its codes were not counted.
        """
        async with self._work.units.writing() as uow:
            found = await self._open(uow, service_id, cookie)
            asked = found.own.asked
            if asked is None or asked.contact != contact:
                raise WrongState
            own = found.own.send(new_code(self._work.chance))
            await uow.own_bookings.save(own)
            await uow.outbox.put(code_message(self._work, own.organization_id, asked, own.code))
            await self._enter(uow, found, AuditAction.OWN_BOOKING_CODE)

    async def confirm(self, service_id: str, cookie: str, code: str) -> str:
        """Book the held time for whom the code has shown; return the visit's id, the same for two presses.

        Raises BadInput for a wrong code; after five of them the time is free for others again. Raises
        EnoughBooked where the contact has many visits ahead.
        """
        found = await self._proven(service_id, cookie, code)
        own, held = found.own, found.held
        if own.visit_id:
            return own.visit_id
        request = BookingRequest(own.patient_id, service_id, held.practitioner_id, held.start, held.id)
        once = _once(f"own-{own.id}", held.id)
        booked = await self._booking.book(booker_of(found.offered, own.id), request, once)
        async with self._work.units.writing() as uow:
            fresh = await uow.own_bookings.by_cookie(own.digest)
            if fresh is not None and not fresh.visit_id:
                await uow.own_bookings.save(fresh.book(booked.visit_id))
        return booked.visit_id

    async def _proven(self, service_id: str, cookie: str, code: str) -> Underway:
        """Return the booking with its patient; a wrong code is counted, so the refusal comes afterwards."""
        async with self._work.units.writing() as uow:
            found = await self._look(uow, service_id, cookie)
            if found is not None and found.own.patient_id:
                return found
            found = _held(found)
            own, asked = found.own, found.own.asked
            if asked is None or not own.code:
                raise WrongState
            if hmac.compare_digest(own.code.encode(), code.encode()):
                await check_room(uow, asked, found.offered.service, self._work.clock.now())
                booker, zone = booker_of(found.offered, own.id), found.location.zone
                patient = await known_or_new(self._work, uow, booker, asked, zone)
                own = own.belong(patient.id)
                await uow.own_bookings.save(own)
                return replace(found, own=own)
            await self._mistyped(uow, found)
        raise BadInput(FieldProblem("code", "wrong-code", "This code is not right."))

    async def _mistyped(self, uow: UnitOfWork, found: Underway) -> None:
        own = found.own.mistype()
        await uow.own_bookings.save(own)
        if own.tries >= CODE_TRIES:
            await give_up(uow, found.held.id)
        await self._enter(uow, found, AuditAction.OWN_BOOKING_REFUSED, AuditOutcome.REFUSED)

    def _check(self, asked: Asked, found: Underway) -> None:
        check_person(person_of(asked, found.location.zone), self._work.clock.now().date())
        if found.held.modality is Modality.PHONE and not asked.phone:
            raise BadInput(FieldProblem("contact", "no-number", N_("Write the phone number that we ring.")))
        if not self._invitations.sends(channel_of(asked)):
            told = N_("We cannot write there. Please give a phone number or an e-mail instead.")
            raise BadInput(FieldProblem("contact", "no-way", told))

    async def _let_go(self, service_id: str, cookie: str) -> OwnBooking | None:
        """Free the time that this browser has held so far; return its unfinished booking of this service."""
        async with self._work.units.writing() as uow:
            own = await _of_browser(uow, cookie)
            if own is not None:
                await give_up(uow, own.hold_id)
        return own if own and own.service_id == service_id and not own.patient_id else None

    async def _keep(self, offered: Offered, own: OwnBooking | None, hold_id: str, cookie: str) -> str:
        async with self._work.units.writing() as uow:
            if own is not None:
                await uow.own_bookings.save(own.keep(hold_id))
                return cookie
            token, digest = new_token(self._work.chance)
            identifier, now = self._work.identifier(), self._work.clock.now()
            await uow.own_bookings.add(
                OwnBooking(identifier, offered.organization.id, offered.service.id, hold_id, digest, now)
            )
        return token

    async def _open(self, uow: UnitOfWork, service_id: str, cookie: str) -> Underway:
        """Return what can still be changed: who was shown by the code is nobody else afterwards."""
        found = _held(await self._look(uow, service_id, cookie))
        if found.own.patient_id:
            raise WrongState
        return found

    async def _look(self, uow: UnitOfWork, service_id: str, cookie: str) -> Underway | None:
        offered = await offered_by(uow, service_id)
        own = await _of_browser(uow, cookie)
        held = await uow.appointments.get(own.hold_id) if own else None
        if own is None or held is None or own.service_id != service_id:
            return None
        practitioner = await uow.directory.practitioner(held.practitioner_id)
        location = await uow.directory.location(held.location_id)
        if practitioner is None or location is None:
            raise NotFound
        over = not still_held(held, self._work.clock.now())
        site = await place_of(uow, held)
        return Underway(own, offered, held, practitioner, location, site.found_at if site else "", over)

    async def _enter(
        self,
        uow: UnitOfWork,
        found: Underway,
        action: AuditAction,
        outcome: AuditOutcome = AuditOutcome.SUCCESS,
    ) -> None:
        actor, entity_id = booker_of(found.offered, found.own.id), found.held.id
        await enter(
            self._work, uow, actor, action, outcome=outcome, entity="Appointment", entity_id=entity_id
        )


async def _of_browser(uow: UnitOfWork, cookie: str) -> OwnBooking | None:
    digest = digest_of(cookie)
    return await uow.own_bookings.by_cookie(digest) if digest else None


def _held(found: Underway | None) -> Underway:
    """Pass while the time is held; raises SlotTaken."""
    if found is None or found.over:
        raise SlotTaken(OVER)
    return found


def booker_of(offered: Offered, own_id: str) -> Actor:
    """Return whoever books by themselves, within the organization of the service."""
    return Actor(ActorKind.BOOKER, own_id, None, offered.organization.id, "", "")


def _once(client: str, key: str) -> Once:
    return Once(client, key, sha256(f"{client}\n{key}".encode()).digest())
