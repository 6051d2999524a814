"""What signaling asks before it lets anyone in: who is behind a cookie and which seat is theirs."""

from dataclasses import replace

from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.beginnings import beginning
from telehealth.domain.consultation import (
    Connection,
    Consultation,
    Device,
    VisitStatus,
)
from telehealth.domain.conversation import Heard, Speech, Utterance
from telehealth.domain.errors import NotFound, NotPermitted, OtherDevice, Refused, VisitClosed, WrongState
from telehealth.domain.line_record import Look, Marks
from telehealth.domain.queue import in_order
from telehealth.domain.seating import NextInLine, Seat
from telehealth.domain.sentences import N_
from telehealth.services.attending import Attending
from telehealth.services.conversation import Conversation
from telehealth.services.denied import DeniedTries
from telehealth.services.guest_door import GuestDoor
from telehealth.services.joining import Joining
from telehealth.services.line_records import LineRecorder
from telehealth.services.lines import line_of
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.sessions import Sessions
from telehealth.services.trail import Work, enter, require, role_allows

READY = frozenset({Device.READY, Device.SOUND_ONLY})
GONE = frozenset({Connection.AWAY, Connection.RECONNECTING})
"""Words for a page that is not there just now."""


class NotAdmitted(WrongState):
    """Nothing of a call is given before the specialist admits."""

    code = "not-admitted"
    sentence = N_("The clinic has not let you in yet.")


class Doorkeeper:
    """Decides at the socket's door; the rooms themselves know no one."""

    def __init__(
        self,
        *,
        work: Work,
        sessions: Sessions,
        joining: Joining,
        attending: Attending,
        conversation: Conversation,
        guests: GuestDoor,
        denied: DeniedTries,
        recorder: LineRecorder,
    ) -> None:
        self._work = work
        self._sessions = sessions
        self._joining = joining
        self._attending = attending
        self._conversation = conversation
        self._guests = guests
        self._denied = denied
        self._recorder = recorder

    async def staff(self, token: str) -> Actor | None:
        """Return the signed-in member of staff behind a cookie, or None."""
        standing = await self._sessions.standing(token)
        return standing.actor if standing else None

    async def visitor(self, visit_id: str, token: str) -> Actor | None:
        """Return the patient behind a visit's cookie, or None."""
        return await self._joining.visitor(visit_id, token)

    async def guest(self, guest_id: str, token: str) -> Actor | None:
        """Return the guest behind a guest's cookie, or None."""
        return await self._guests.who(guest_id, token)

    async def seat(self, actor: Actor, visit_id: str) -> Seat:
        """Return the actor's seat in an admitted visit.

        Raises NotFound, NotPermitted, NotAdmitted, OtherDevice or VisitClosed; each leaves its own entry.
        """
        return await self._asked(actor, visit_id, AuditAction.VISIT_JOINED)

    async def prepared_seat(self, actor: Actor, visit_id: str) -> Seat:
        """Return the seat that is made ready while the patient is the next in line; raises as `seat` does.

        Nothing but the connection is made ready: admission makes the seat an ordinary one (call.md, 3).
        """
        return await self._asked(actor, visit_id, AuditAction.VISIT_PREPARED)

    async def next_in_line(self, practitioner_id: str) -> NextInLine | None:
        """Return the visit whose call may be prepared for this specialist now, None for nobody."""
        async with self._work.units.reading() as uow:
            return await self._next(uow, practitioner_id)

    async def _asked(self, actor: Actor, visit_id: str, action: AuditAction) -> Seat:
        try:
            return await self._seat(actor, visit_id, action)
        except (NotFound, NotPermitted, WrongState) as refused:
            await self._denied.enter(actor, entity="Encounter", entity_id=visit_id, reason=refused.code)
            raise

    async def _seat(self, actor: Actor, visit_id: str, action: AuditAction) -> Seat:
        role_allows(actor, Permission.VISIT_JOIN)
        async with self._work.units.writing() as uow:
            row = await uow.visits.row(visit_id)
            if row is None:
                raise NotFound
            subject = Subject(practitioner_id=row.visit.practitioner_id, visit_id=visit_id)
            require(actor, Permission.VISIT_JOIN, subject)
            if action is AuditAction.VISIT_JOINED:
                _open(row.visit)
            elif not await self._may_prepare(uow, actor, row.visit):
                raise NotAdmitted
            seat = self._beginning(await self._place(uow, actor, row), row)
            await enter(
                self._work,
                uow,
                actor,
                action,
                patient_ids=(row.patient.id,),
                entity="Encounter",
                entity_id=visit_id,
            )
        return seat

    async def _place(self, uow: UnitOfWork, actor: Actor, row: DayRow) -> Seat:
        """Return the seat that is this person's; raises OtherDevice, or NotAdmitted for a guest outside."""
        visit = row.visit
        if actor.kind is ActorKind.STAFF:
            return Seat(visit.id, "s", "specialist", actor.name, polite=False, relay_only=visit.relay_only)
        if actor.kind is ActorKind.GUEST:
            seat = await self._guests.seat(uow, actor, visit)
            if seat is None:
                raise NotAdmitted
            return seat
        await _bound(uow, actor, visit)
        name, only = row.patient.name, visit.relay_only
        return Seat(visit.id, "p", "patient", name.full, polite=True, relay_only=only, guarded=name.guarded)

    def _beginning(self, seat: Seat, row: DayRow) -> Seat:
        """Return the seat with how this person begins to send, by the last check of the patient's line."""
        begins = beginning(row.check, seat.participant, self._work.clock.now(), row.visit.admitted_at)
        return replace(seat, begins=begins)

    async def _may_prepare(self, uow: UnitOfWork, actor: Actor, visit: Consultation) -> bool:
        """Whether the own side may be made ready: the specialist's at the press on Admit, or the next's."""
        if actor.kind is ActorKind.STAFF:
            return visit.status in {VisitStatus.WAITING, VisitStatus.IN_PROGRESS}
        if actor.kind is ActorKind.GUEST:
            return False
        following = await self._next(uow, visit.practitioner_id)
        return following is not None and following.visit_id == visit.id

    async def _next(self, uow: UnitOfWork, practitioner_id: str) -> NextInLine | None:
        """Return the first who waits at an open page, if they have agreed and their devices are open.

        Nobody where the organization wants nothing made ready.
        """
        line = await line_of(self._work, uow, practitioner_id)
        for each in in_order(line.waiting):
            visit = await uow.visits.get(each.visit_id)
            if visit is not None and visit.connection not in GONE:
                house = await uow.directory.organization(visit.organization_id)
                return _ready(visit) if house is not None and house.prepares else None
        return None

    async def say(self, actor: Actor, visit_id: str, speech: Speech, seat: Seat) -> Utterance:
        """Keep what a member of the call says; on disk when this returns."""
        return await self._conversation.say(actor, visit_id, speech, seat)

    async def hear(self, actor: Actor, visit_id: str, since: int) -> Heard:
        """Return what was said after number `since`."""
        return await self._conversation.hear(actor, visit_id, since)

    def measured(self, visit_id: str, member: str, look: Look, marks: Marks | None) -> bool:
        """Keep what a member of the call has measured, at first in memory; False when it comes too soon."""
        return self._recorder.take(visit_id, member, look, marks)

    async def connection(self, actor: Actor, visit_id: str, word: str) -> None:
        """Keep the patient's connection word for the clinic; what is late or closed is dropped."""
        if actor.kind is not ActorKind.VISITOR or actor.visit_id != visit_id:
            return
        try:
            await self._attending.connection(actor, Connection(word))
        except Refused:
            return

    async def presence(self, actor: Actor, visit_id: str, here: bool) -> None:  # noqa: FBT001 (signaling's shape)
        """Show the clinic that a waiting patient's page is open or closed; tell the page where it stands."""
        if not here:
            return await self.connection(actor, visit_id, Connection.AWAY)
        if actor.kind is ActorKind.VISITOR and actor.visit_id == visit_id:
            await self._attending.here(actor)
        return None


async def _bound(uow: UnitOfWork, actor: Actor, visit: Consultation) -> None:
    """Pass when this browser is the patient's device; raises OtherDevice.

    Who was waiting before there were bound devices is bound now.
    """
    came = visit.come(actor.session_id)
    if not came.serves(actor.session_id):
        raise OtherDevice
    if came is not visit:
        await uow.visits.save(came)


def _ready(visit: Consultation) -> NextInLine | None:
    """Return whom to prepare, None while they have not agreed or no device of theirs is open."""
    if visit.bound_to is None or visit.consent_at is None or visit.device not in READY:
        return None
    return NextInLine(visit.id, visit.bound_to)


def _open(visit: Consultation) -> None:
    if visit.status in {VisitStatus.BOOKED, VisitStatus.ARRIVED, VisitStatus.WAITING}:
        raise NotAdmitted
    if visit.status is not VisitStatus.IN_PROGRESS:
        raise VisitClosed
