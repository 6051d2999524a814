"""What is said in writing during a call: kept sealed with the visit, numbered, each utterance once."""

from dataclasses import replace

from telehealth.domain.access import Actor, ActorKind, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.conversation import GUESTS_LIMIT, UTTERANCE_LIMIT, Heard, Speech, Utterance
from telehealth.domain.errors import NotFound, OtherDevice, VisitClosed, WrongState
from telehealth.domain.guests import Guest, GuestState
from telehealth.domain.seating import Seat
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter_visit, own_visit

PAGE = 20
"""How many utterances are told at once: of the longest texts, 120 kB."""


class Conversation:
    """Says and tells. Who may is decided each time: a seat that was lost a moment ago gives nothing."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def say(self, actor: Actor, visit_id: str, speech: Speech, seat: Seat) -> Utterance:
        """Keep what a member of the running call says; on disk when this returns, and once for each key.

        `seat` is the speaker's in the call. Raises NotFound, NotPermitted, OtherDevice, VisitClosed, or
        WrongState when no more can be said in this visit.
        """
        async with self._work.units.writing() as uow:
            visit = await _running(uow, actor, visit_id)
            guest = await _let_in(uow, actor)
            earlier = await uow.conversations.by_key(visit_id, actor.id, speech.key)
            if earlier is not None:
                return earlier
            seq = await uow.conversations.last(visit_id) + 1
            guests_over = guest and await uow.conversations.by_guests(visit_id) >= GUESTS_LIMIT
            if seq > UTTERANCE_LIMIT or guests_over:
                raise WrongState("No more can be written in this visit. Please speak, or phone.")
            utterance = Utterance(
                id=self._work.identifier(),
                visit_id=visit.id,
                patient_id=visit.patient_id,
                organization_id=visit.organization_id,
                author_id=actor.id,
                key=speech.key,
                sender=seat.participant,
                seq=seq,
                kind=speech.kind,
                phrase=speech.phrase,
                said_at=self._work.clock.now(),
                name=seat.name,
                text=speech.text,
                part=seat.part,
            )
            await uow.conversations.add(utterance)
            await enter_visit(self._work, uow, actor, AuditAction.VISIT_SAID, visit, reason=speech.kind)
        return utterance

    async def hear(self, actor: Actor, visit_id: str, since: int) -> Heard:
        """Return what was said after number `since`, for a member of the running call; raises as `say`.

        A guest hears what was said since they were let in, under the names that guests read.
        """
        async with self._work.units.reading() as uow:
            visit = await _running(uow, actor, visit_id)
            guest = await _let_in(uow, actor)
            since = max(since, guest.hears_after) if guest else since
            found = await uow.conversations.since(visit_id, since, PAGE + 1)
            said = tuple(await _guarded(uow, visit, found[:PAGE]) if guest else found[:PAGE])
        return Heard(said, said[-1].seq if said else since, more=len(found) > PAGE)

    async def of_visit(self, actor: Actor, visit_id: str) -> list[Utterance]:
        """Return all that was said in a visit of the actor's own, in order; also when it is long over."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.VISIT_READ, visit_id)
            await enter_visit(self._work, uow, actor, AuditAction.CONVERSATION_READ, visit)
            return await uow.conversations.since(visit_id, 0, UTTERANCE_LIMIT)


async def _running(uow: UnitOfWork, actor: Actor, visit_id: str) -> Consultation:
    """Return the visit whose running call the actor sits in."""
    visit = await own_visit(uow, actor, Permission.VISIT_SAY, visit_id)
    if visit.status is not VisitStatus.IN_PROGRESS:
        raise VisitClosed
    if actor.kind is ActorKind.VISITOR and not visit.serves(actor.session_id):
        raise OtherDevice
    return visit


async def _let_in(uow: UnitOfWork, actor: Actor) -> Guest | None:
    """Return the guest who sits in the call, None for patient and specialist; raises NotFound."""
    if actor.kind is not ActorKind.GUEST:
        return None
    guest = await uow.guests.get(actor.id)
    if guest is None or guest.visit_id != actor.visit_id or guest.state is not GuestState.ADMITTED:
        raise NotFound
    return guest


async def _guarded(uow: UnitOfWork, visit: Consultation, said: list[Utterance]) -> list[Utterance]:
    """Return what was said with no more of the patient's name than guests read."""
    patient = await uow.patients.get(visit.patient_id)
    if patient is None:
        raise NotFound
    name = patient.name.guarded
    return [replace(each, name=name) if each.author_id == patient.id else each for each in said]
