"""A guest's own way in: a look at the link, opening it by a press, waiting to be let in, leaving."""

from dataclasses import dataclass
from datetime import datetime

from telehealth.crypto.tokens import TOKEN_LENGTH
from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.closures import Closure
from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.errors import NotFound, Uninvited, VisitClosed
from telehealth.domain.guests import Guest, GuestEvent, GuestState
from telehealth.domain.seating import Seat
from telehealth.services.bearer import new_token
from telehealth.services.browsers import Held, nothing_held, session_digest
from telehealth.services.closures import closure_of, rung
from telehealth.services.guests import changed
from telehealth.services.joining import hosts
from telehealth.services.link_states import SHUT, link_state
from telehealth.services.ports import Announcer, LinkKeys
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work, enter_visit, require


@dataclass(frozen=True, slots=True)
class GuestView:
    """All that a guest is shown of a visit: `state` of the link is one of `link_state`.

    `patient` is the given name and an initial; nothing clinical, no birth date, no number of the patient.
    `zone` is where the patient is, `home` the clinic's.
    """

    state: str
    guest: Guest
    practitioner: str
    organization: str
    phone: str
    patient: str
    start: datetime
    zone: str
    home: str
    running: bool
    closure: Closure | None


@dataclass(frozen=True, slots=True)
class OpenedGuest:
    """A guest's link that was opened: the cookie's value (kept nowhere else) and whose it is."""

    cookie: str
    guest_id: str


class GuestDoor:
    """Links become sessions here, one browser each; a look spends nothing, as with patients' links."""

    def __init__(self, *, work: Work, keys: LinkKeys, announcer: Announcer) -> None:
        self._work = work
        self._keys = keys
        self._announcer = announcer

    async def look(self, token: str) -> GuestView:
        """Return the first screen of a link: no cookie. Raises NotFound for what is unknown, or Uninvited."""
        async with self._work.units.reading() as uow:
            guest = await self._linked(uow, token)
            return await self._view(uow, guest)

    async def open(self, token: str, held: Held = nothing_held) -> OpenedGuest:
        """Exchange a link for a session, once: only that browser goes on.

        Raises NotFound, Uninvited, OtherDevice or VisitClosed.
        """
        async with self._work.units.writing() as uow:
            before = await self._linked(uow, token)
            row = await _row(uow, before)
            self._in_time(row)
            now = self._work.clock.now()
            cookie = held(before.id)
            if not cookie or session_digest(cookie) != before.session_digest:
                cookie = new_token(self._work.chance)[0]
            guest = before.open(session_digest(cookie), now)
            if guest is not before:
                await uow.guests.save(guest)
            actor = _actor(guest)
            await enter_visit(self._work, uow, actor, AuditAction.GUEST_OPENED, row.visit, guest.id)
        await self._tell(row.visit, before, guest)
        return OpenedGuest(cookie, guest.id)

    async def who(self, guest_id: str, cookie: str) -> Actor | None:
        """Return who holds this guest's cookie, or None when it is unknown or the visit over.

        Raises Uninvited for whom the invitation was taken back, perhaps while they had no line.
        """
        async with self._work.units.reading() as uow:
            guest = await uow.guests.get(guest_id)
            if guest is None or guest.session_digest != session_digest(cookie):
                return None
            if guest.state is GuestState.REMOVED:
                raise Uninvited
            row = await uow.visits.row(guest.visit_id)
        if row is None or link_state(row, self._work.clock.now()) not in {"open", "closed"}:
            return None  # whom the clinic is closed for is told so
        return _actor(guest)

    async def view(self, actor: Actor) -> GuestView:
        """Return where the guest stands."""
        require(actor, Permission.GUEST_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.reading() as uow:
            return await self._view(uow, await _own(uow, actor))

    async def wait(self, actor: Actor) -> Guest:
        """Agree to what the page asks, and wait to be let in; who was let in stays so.

        Raises VisitClosed, also while the clinic is closed.
        """
        async with self._work.units.reading() as uow:
            self._in_time(await _row(uow, await _own(uow, actor)))
        return await self._step(actor, GuestEvent.WAIT, AuditAction.GUEST_WAITING)

    async def leave(self, actor: Actor) -> Guest:
        """Leave on purpose; whoever comes back waits to be let in again."""
        return await self._step(actor, GuestEvent.LEAVE, AuditAction.GUEST_LEFT)

    async def seat(self, uow: UnitOfWork, actor: Actor, visit: Consultation) -> Seat | None:
        """Return the guest's seat in the call; None while the clinic has not let them in."""
        require(actor, Permission.VISIT_JOIN, Subject(visit_id=visit.id))
        guest = await _own(uow, actor)
        if guest.state is not GuestState.ADMITTED or visit.status is not VisitStatus.IN_PROGRESS:
            return None
        return Seat(
            visit.id,
            guest.participant,
            "guest",
            guest.name,
            polite=True,
            relay_only=visit.relay_only,
            part=guest.kind,
            hears_after=guest.hears_after,
        )

    def _in_time(self, row: DayRow) -> None:
        """Pass within the hours of the visit, as patients do; raises VisitClosed."""
        state = link_state(row, self._work.clock.now())
        if state != "open":
            raise VisitClosed(SHUT.get(state, ""))

    async def _step(self, actor: Actor, event: GuestEvent, action: AuditAction) -> Guest:
        require(actor, Permission.GUEST_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.writing() as uow:
            visit = await uow.visits.get(actor.visit_id)
            if visit is None:
                raise NotFound
            before = await _own(uow, actor)
            guest = before.step(event, self._work.clock.now())
            if guest is not before:
                await uow.guests.save(guest)
                await enter_visit(self._work, uow, actor, action, visit, guest.id)
        await self._tell(visit, before, guest)
        return guest

    async def _tell(self, visit: Consultation, before: Guest, after: Guest) -> None:
        if after is not before:
            await self._announcer.announce(changed(visit, after))

    async def _linked(self, uow: UnitOfWork, token: str) -> Guest:
        guest = await uow.guests.by_token(self._keys.digest(token if len(token) == TOKEN_LENGTH else "-"))
        if guest is None:
            raise NotFound
        if guest.state is GuestState.REMOVED:
            raise Uninvited
        return guest

    async def _view(self, uow: UnitOfWork, guest: Guest) -> GuestView:
        row = await _row(uow, guest)
        organization, practitioner = await hosts(uow, row.visit)
        closure = await closure_of(uow, row)
        return GuestView(
            state=link_state(row, self._work.clock.now()),
            guest=guest,
            practitioner=practitioner.display,
            organization=organization.name,
            phone=rung(closure, organization),
            patient=row.patient.name.guarded,
            start=row.appointment.start,
            zone=row.patient.zone,
            home=row.location.zone,
            running=row.visit.status is VisitStatus.IN_PROGRESS,
            closure=closure,
        )


async def _row(uow: UnitOfWork, guest: Guest) -> DayRow:
    row = await uow.visits.row(guest.visit_id)
    if row is None:
        raise NotFound
    return row


async def _own(uow: UnitOfWork, actor: Actor) -> Guest:
    guest = await uow.guests.get(actor.id)
    if guest is None or guest.visit_id != actor.visit_id or guest.state is GuestState.REMOVED:
        raise NotFound
    return guest


def _actor(guest: Guest) -> Actor:
    """Return the guest as the one browser that opened the link acts for them."""
    return Actor(
        kind=ActorKind.GUEST,
        id=guest.id,
        role=None,
        organization_id=guest.organization_id,
        session_id=guest.id,
        name=guest.name,
        visit_id=guest.visit_id,
    )
