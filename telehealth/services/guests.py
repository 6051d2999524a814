"""Guests of a visit as the patient and the specialist have to do with them: invite, let in, remove."""

from collections.abc import Sequence
from dataclasses import dataclass

from telehealth.domain.access import Actor, ActorKind, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import CLOSED, HERE, Consultation, VisitStatus
from telehealth.domain.errors import (
    BadInput,
    EnoughGuests,
    FieldProblem,
    NotFound,
    OtherDevice,
    VisitClosed,
    WrongState,
)
from telehealth.domain.guests import (
    ALL_INVITATIONS,
    NAME_LIMIT,
    OPEN_INVITATIONS,
    Guest,
    GuestEvent,
    GuestKind,
    GuestState,
)
from telehealth.domain.notices import GuestChanged, SessionsEnded
from telehealth.domain.seating import CALL
from telehealth.domain.sentences import say
from telehealth.domain.words import is_a_line
from telehealth.services.carrying import Carrier
from telehealth.services.once import keep, recall
from telehealth.services.ports import Announcer, LinkKeys
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Once, Work, enter_visit, own_visit


@dataclass(frozen=True, slots=True)
class Invited:
    """A guest and the link by which they come; the link's token is kept nowhere."""

    guest: Guest
    url: str


DECISIONS = {
    GuestEvent.ADMIT: (Permission.GUEST_DECIDE, AuditAction.GUEST_ADMITTED),
    GuestEvent.REMOVE: (Permission.GUEST_REMOVE, AuditAction.GUEST_REMOVED),
}
"""What others decide about a guest: who may, and how it is entered."""


MET = frozenset({GuestState.WAITING, GuestState.ADMITTED, GuestState.REMOVED})
"""Whoever asks to come in, or is in: the patient may refuse them, and twice by a press too many."""


class Guests:
    """Invitations to one visit. A guest is never the patient: nothing but the call is open to them.

    The specialist sees and removes everybody, the patient those whom they invited themselves, and whoever is
    at the door or in the call: nobody sits in their visit against their will.
    """

    def __init__(
        self, *, work: Work, keys: LinkKeys, public_url: str, announcer: Announcer, carrier: Carrier
    ) -> None:
        self._work = work
        self._carrier = carrier
        self._keys = keys
        self._public_url = public_url
        self._announcer = announcer

    async def invite(
        self, actor: Actor, visit_id: str, name: str, kind: GuestKind, once: Once | None = None
    ) -> Invited:
        """Make a link for somebody; the patient's own device or the specialist may.

        Raises BadInput, OtherDevice, VisitClosed, WrongState, or EnoughGuests.
        """
        called = _called(name)
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.GUEST_INVITE, visit_id)
            _may_invite(actor, visit)
            earlier = await recall(uow, once)
            guest = await uow.guests.get(earlier["guest"]) if earlier is not None else None
            made = guest is None
            if guest is None:
                guest = self._guest(actor, visit, called, kind, await uow.guests.of_visit(visit_id))
                await uow.guests.add(guest)
                await enter_visit(self._work, uow, actor, AuditAction.GUEST_INVITED, visit, guest.id)
                await keep(self._work, uow, once, {"guest": guest.id})
            url = await self._url(uow, guest)
        if made:
            await self._announcer.announce(changed(visit, guest))
        return Invited(guest, url)

    async def listed(self, actor: Actor, visit_id: str) -> list[Guest]:
        """Return who is invited to an own visit, without those who were removed. Raises OtherDevice."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.GUEST_INVITE, visit_id)
            _from_own_device(actor, visit)
            guests = await uow.guests.of_visit(visit_id)
            await enter_visit(self._work, uow, actor, AuditAction.GUESTS_READ, visit)
        return [each for each in guests if each.state is not GuestState.REMOVED and _is_theirs(actor, each)]

    async def let_in(self, actor: Actor, visit_id: str, guest_id: str) -> Guest:
        """Let a waiting guest into the running call.

        Raises WrongState before the patient is in it, and EnoughGuests while it carries no more.
        """
        return await self._decide(actor, visit_id, guest_id, GuestEvent.ADMIT)

    async def remove(self, actor: Actor, visit_id: str, guest_id: str) -> Guest:
        """Take the invitation back: the link is dead, and whoever is in the call by it is out at once.

        Raises NotFound for a guest who is not the patient's to remove, and OtherDevice.
        """
        guest = await self._decide(actor, visit_id, guest_id, GuestEvent.REMOVE)
        await self._announcer.announce(SessionsEnded((guest.id,)))
        return guest

    async def _decide(self, actor: Actor, visit_id: str, guest_id: str, event: GuestEvent) -> Guest:
        permission, action = DECISIONS[event]
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, permission, visit_id)
            _from_own_device(actor, visit)
            before = await uow.guests.get(guest_id)
            if before is None or before.visit_id != visit_id or not _is_theirs(actor, before):
                raise NotFound
            if event is GuestEvent.ADMIT and visit.status is not VisitStatus.IN_PROGRESS:
                raise WrongState("Admit the patient first: guests come into a running call.")
            guest = await self._stepped(uow, before, event)
            if guest is not before:
                self._fits(guest, await uow.guests.of_visit(visit_id))
                await uow.guests.save(guest)
                await enter_visit(self._work, uow, actor, action, visit, guest.id)
        if guest is not before:
            await self._announcer.announce(changed(visit, guest))
        return guest

    async def _stepped(self, uow: UnitOfWork, guest: Guest, event: GuestEvent) -> Guest:
        """Return the guest after a decision; the visit is locked, so nothing is being written meanwhile."""
        now = self._work.clock.now()
        if event is not GuestEvent.ADMIT:
            return guest.step(event, now)
        return guest.let_in(await uow.conversations.last(guest.visit_id), now)

    def _guest(
        self, actor: Actor, visit: Consultation, name: str, kind: GuestKind, known: Sequence[Guest]
    ) -> Guest:
        standing = [each for each in known if each.state is not GuestState.REMOVED]
        if len(standing) >= OPEN_INVITATIONS or len(known) >= ALL_INVITATIONS:
            raise EnoughGuests
        guest_id, now = self._work.identifier(), self._work.clock.now()
        return Guest(
            id=guest_id,
            visit_id=visit.id,
            patient_id=visit.patient_id,
            organization_id=visit.organization_id,
            number=len(known) + 1,
            kind=kind,
            name=name,
            invited_by=actor.id,
            digest=self._keys.digest(self._keys.guest(visit.id, guest_id)),
            made_at=now,
            state=GuestState.INVITED,
            since=now,
        )

    def _fits(self, guest: Guest, known: Sequence[Guest]) -> None:
        """Pass unless the guest comes into a call in which there are as many as it carries."""
        there = [each for each in known if each.state is GuestState.ADMITTED and each.id != guest.id]
        room = self._carrier.carries(guest.visit_id) - len(CALL)
        if guest.state is GuestState.ADMITTED and len(there) >= room:
            raise EnoughGuests(say("The call carries no more people. Remove somebody first."))

    async def _url(self, uow: UnitOfWork, guest: Guest) -> str:
        """Return the link's address in the patient's language: those who come speak it, or are told how."""
        patient = await uow.patients.get(guest.patient_id)
        if patient is None:
            raise NotFound
        token = self._keys.guest(guest.visit_id, guest.id)
        return f"{self._public_url}/g?lang={patient.language}#{token}"


def changed(visit: Consultation, guest: Guest) -> GuestChanged:
    """Return the notice that a guest of a visit has moved on."""
    return GuestChanged(visit.id, visit.practitioner_id, guest.id, guest.state)


def _may_invite(actor: Actor, visit: Consultation) -> None:
    """Pass while the visit lies ahead or runs; of the patient's browsers only their own device may."""
    if visit.status in CLOSED:
        raise VisitClosed
    _from_own_device(actor, visit)
    if actor.kind is ActorKind.VISITOR and visit.status not in HERE:
        raise WrongState("Open your visit first.")


def _from_own_device(actor: Actor, visit: Consultation) -> None:
    """Pass unless this is another browser of the patient's than the one that has the place."""
    if actor.kind is ActorKind.VISITOR and not visit.serves(actor.session_id):
        raise OtherDevice


def _is_theirs(actor: Actor, guest: Guest) -> bool:
    """Whether a guest is this actor's to see and to remove: of the patient's, whom they meet or invited."""
    return actor.kind is not ActorKind.VISITOR or guest.invited_by == actor.id or guest.state in MET


def _called(name: str) -> str:
    """Return how a guest is called; raises BadInput."""
    called = " ".join(name.split())
    if not called:
        raise BadInput(FieldProblem("name", "required", "Write the name of the person."))
    if len(called) > NAME_LIMIT or not is_a_line(called):
        raise BadInput(FieldProblem("name", "unreadable", "Write a shorter or plainer name."))
    return called
