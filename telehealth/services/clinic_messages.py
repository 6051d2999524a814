"""One-way messages from the clinic: to one patient who is here, or to everybody who waits."""

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.clinic_message import TEXT_LIMIT, ClinicMessage, Words
from telehealth.domain.consultation import HERE, Consultation
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, WrongState
from telehealth.domain.notices import MessageLeft
from telehealth.domain.sentences import say
from telehealth.services.lines import line_of
from telehealth.services.once import keep, recall
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Once, Work, enter, require, role_allows


class ClinicMessages:
    """Leaves messages in visits; the patient's page shows them at once, and again after a reload."""

    def __init__(self, *, work: Work, announcer: Announcer) -> None:
        self._work = work
        self._announcer = announcer

    async def send(self, actor: Actor, visit_id: str, words: Words, once: Once | None = None) -> int:
        """Leave a message for one patient who is here; returns 1, for a repeated key without another one."""
        _check(words)
        role_allows(actor, Permission.VISIT_MESSAGE)
        async with self._work.units.writing() as uow:
            visit = await uow.visits.get(visit_id)
            if visit is None:
                raise NotFound
            subject = Subject(practitioner_id=visit.practitioner_id, visit_id=visit.id)
            require(actor, Permission.VISIT_MESSAGE, subject)
            if await recall(uow, once) is not None:
                return 1
            if visit.status not in HERE:
                raise WrongState("A message reaches who is here. Phone, or book a new time.")
            await self._leave(uow, actor, [visit], words)
            await keep(self._work, uow, once, {"sent": "1"})
        await self._announcer.announce(MessageLeft(visit_id))
        return 1

    async def send_all(self, actor: Actor, words: Words, once: Once | None = None) -> int:
        """Leave a message for everybody who waits for the actor; returns how many that are."""
        _check(words)
        require(actor, Permission.VISIT_MESSAGE, Subject(practitioner_id=actor.id))
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            if earlier is not None:
                return int(earlier["sent"])
            line = await line_of(self._work, uow, actor.id)
            found = [await uow.visits.get(one.visit_id) for one in line.waiting]
            visits = [visit for visit in found if visit is not None]
            await self._leave(uow, actor, visits, words)
            await keep(self._work, uow, once, {"sent": str(len(visits))})
        for visit in visits:
            await self._announcer.announce(MessageLeft(visit.id))
        return len(visits)

    async def _leave(self, uow: UnitOfWork, actor: Actor, visits: list[Consultation], words: Words) -> None:
        """Write one message a visit, each sealed under its own patient's key, and one entry about all."""
        for visit in visits:
            await uow.lines.add_message(
                ClinicMessage(
                    id=self._work.identifier(),
                    visit_id=visit.id,
                    patient_id=visit.patient_id,
                    organization_id=visit.organization_id,
                    author_id=actor.id,
                    sent_at=self._work.clock.now(),
                    prepared=words.prepared,
                    text="" if words.prepared else words.text.strip(),
                    language="" if words.prepared else words.language,
                )
            )
        await enter(
            self._work,
            uow,
            actor,
            AuditAction.CLINIC_MESSAGE_LEFT,
            patient_ids=sorted({visit.patient_id for visit in visits}),
            entity="Encounter",
            entity_id=visits[0].id if len(visits) == 1 else "",
            reason=words.prepared,
        )


def _check(words: Words) -> None:
    """Raise BadInput when there is nothing to say, or too much."""
    if words.prepared:
        return
    if not words.text.strip():
        raise BadInput(FieldProblem("text", "required", "Choose a message or write one."))
    if len(words.text.strip()) > TEXT_LIMIT:
        raise BadInput(
            FieldProblem("text", "too-long", say("At most {count} characters, please.", count=TEXT_LIMIT))
        )
