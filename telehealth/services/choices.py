"""Invitations to choose a time as staff make them: to whom, until when, and how they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.choice import Choice, ChoiceState, ends, reminded_at
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, StaleVersion, WrongState
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.outbox import CHOOSE_TIME, WAITING, OutboxMessage
from telehealth.domain.people import Patient, Practitioner
from telehealth.domain.resources import NOTHING, Needs
from telehealth.domain.sentences import N_
from telehealth.domain.ways import way_anywhere
from telehealth.services.held_times import give_up
from telehealth.services.once import keep, recall
from telehealth.services.parties import check_served
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.resending import check_rounds
from telehealth.services.trail import Once, Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations

LISTED = timedelta(days=30)
"""What has ended is listed so long after its last day."""
NO_WAY = N_("We cannot write to this patient. Add a phone number or an e-mail first.")
TWICE = N_("The patient can choose a time for this service already.")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is to choose a time for what, until the end of which day where they are; see `Choice`."""

    patient_id: str
    service_id: str
    last: date
    practitioner_id: str = ""
    interpreter: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How one invitation stands: with whom, the booked visit if there is one, whether nobody was reached.

    `practitioner` is None for anybody.
    """

    choice: Choice
    state: ChoiceState
    service: HealthcareService
    practitioner: Practitioner | None
    booked: DayRow | None
    lost: bool


class ChoiceDesk:
    """The invitations of the patients of the actor's organization."""

    def __init__(self, *, work: Work, invitations: Invitations) -> None:
        self._work = work
        self._invitations = invitations

    async def invite(self, actor: Actor, asking: Asking, once: Once | None = None) -> Choice:
        """Ask a patient to choose a time; raises BadInput, NotFound, and TooMany for the same asked often."""
        require(actor, Permission.APPOINTMENT_BOOK)
        try:
            async with self._work.units.writing() as uow:
                earlier = await recall(uow, once)
                made = await uow.choices.get(earlier["choice"]) if earlier else None
                if made is not None:
                    return made
                patient = await self._patient(uow, actor, Permission.APPOINTMENT_BOOK, asking.patient_id)
                if not self._invitations.ways(patient):
                    raise BadInput(FieldProblem("patient_id", "no-way", NO_WAY))
                choice = await self._made(uow, patient, asking)
                await _check_often(uow, choice)
                await self._end_expired(uow, choice)
                await uow.choices.add(choice)
                await uow.outbox.put(*self._messages(choice, patient))
                await self._enter(uow, actor, AuditAction.CHOICE_MADE, choice)
                await keep(self._work, uow, once, {"choice": choice.id})
        except StaleVersion:
            raise BadInput(FieldProblem("service_id", "twice", TWICE)) from None
        return choice

    async def listed(self, actor: Actor, patient_id: str) -> list[Standing]:
        """Return how a patient's invitations stand, the newest first; raises NotFound."""
        require(actor, Permission.APPOINTMENT_READ)
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            await self._patient(uow, actor, Permission.APPOINTMENT_READ, patient_id)
            found = await uow.choices.of_patient(patient_id, now - LISTED)
            if not found:
                return []
            services = {each.id: each for each in await uow.directory.services()}
            people = {each.id: each for each in await uow.directory.practitioners()}
            booked = await uow.visits.rows([each.visit_id for each in found if each.visit_id])
            lost = await uow.choices.unreached([each.id for each in found])
            await enter(self._work, uow, actor, AuditAction.CHOICES_READ, patient_ids=(patient_id,))
        return [
            Standing(
                choice=each,
                state=each.standing(now),
                service=services[each.service_id],
                practitioner=people.get(each.practitioner_id),
                booked=booked.get(each.visit_id),
                lost=each.id in lost,
            )
            for each in found
        ]

    async def again(self, actor: Actor, choice_id: str) -> Choice:
        """Send the link once more; what is on its way already is not sent twice.

        Raises WrongState once no time can be chosen any more, and TooMany.
        """
        role_allows(actor, Permission.MESSAGE_SEND)
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            choice, patient = await self._one(uow, actor, Permission.MESSAGE_SEND, choice_id)
            if choice.standing(now) is not ChoiceState.OPEN:
                raise WrongState
            sent = [each for each in await uow.outbox.of_choices([choice_id]) if not each.planned]
            if not any(each.state in WAITING for each in sent):
                check_rounds([each.made_at for each in sent], now)
                await uow.outbox.put(*self._written(choice, patient, now))
                await self._enter(uow, actor, AuditAction.CHOICE_SENT_AGAIN, choice)
        return choice

    async def take_back(self, actor: Actor, choice_id: str) -> Choice:
        """End an invitation; a time that is kept is free at once. Twice is as good as once.

        Raises WrongState where the visit is booked.
        """
        role_allows(actor, Permission.APPOINTMENT_BOOK)
        async with self._work.units.writing() as uow:
            choice, _ = await self._one(uow, actor, Permission.APPOINTMENT_BOOK, choice_id)
            if choice.state is ChoiceState.BOOKED:
                raise WrongState
            if choice.state is ChoiceState.OPEN:
                choice = choice.close(ChoiceState.WITHDRAWN)
                await uow.choices.save(choice)
                await give_up(uow, choice.hold_id)
                await self._enter(uow, actor, AuditAction.CHOICE_ENDED, choice)
        return choice

    async def _made(self, uow: UnitOfWork, patient: Patient, asking: Asking) -> Choice:
        service = await uow.directory.service(asking.service_id)
        if service is None or not await _offers(uow, asking):
            raise NotFound
        way_anywhere(service.modalities, patient.phone)
        now, identifier = self._work.clock.now(), self._work.identifier()
        digest, code_digest = self._invitations.choices.digests(identifier, patient.id)
        choice = Choice(
            id=identifier,
            organization_id=service.organization_id,
            patient_organization_id=patient.organization_id,
            service_id=service.id,
            patient_id=patient.id,
            practitioner_id=asking.practitioner_id,
            interpreter=asking.interpreter,
            made_at=now,
            expires_at=ends(asking.last, patient.zone, now),
            digest=digest,
            code_digest=code_digest,
        )
        await check_served(uow, patient.organization_id, needs_for(choice, patient))
        return choice

    async def _end_expired(self, uow: UnitOfWork, new: Choice) -> None:
        """Note that the one before has expired, so that it does not stand in the way."""
        before = await uow.choices.standing(new.patient_id, new.service_id)
        if before is not None and before.standing(new.made_at) is ChoiceState.EXPIRED:
            await uow.choices.save(before.close(ChoiceState.EXPIRED))

    def _messages(self, choice: Choice, patient: Patient) -> list[OutboxMessage]:
        """Return what is sent now, and the reminder where there is time for one."""
        reminder = reminded_at(choice.expires_at, patient.zone, choice.made_at)
        dues = [choice.made_at, *([reminder] if reminder else [])]
        return [message for due in dues for message in self._written(choice, patient, due)]

    def _written(self, choice: Choice, patient: Patient, due: datetime) -> list[OutboxMessage]:
        now = self._work.clock.now()
        return [
            OutboxMessage(
                id=self._work.identifier(),
                channel=way,
                template=CHOOSE_TIME,
                person_id=patient.id,
                language=patient.language,
                values={"choice": choice.id},
                due_at=due,
                organization_id=choice.organization_id,
                made_at=now,
                changed_at=now,
                choice_id=choice.id,
            )
            for way in self._invitations.ways(patient)
        ]

    async def _one(
        self, uow: UnitOfWork, actor: Actor, permission: Permission, choice_id: str
    ) -> tuple[Choice, Patient]:
        choice = await uow.choices.get(choice_id)
        if choice is None:
            raise NotFound
        return choice, await self._patient(uow, actor, permission, choice.patient_id)

    async def _patient(
        self, uow: UnitOfWork, actor: Actor, permission: Permission, patient_id: str
    ) -> Patient:
        patient = await uow.patients.get(patient_id)
        if patient is None:
            raise NotFound
        require(actor, permission, Subject(organizations=(patient.organization_id,)))
        return patient

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, choice: Choice) -> None:
        ids = (choice.patient_id,)
        await enter(self._work, uow, actor, action, patient_ids=ids, entity="Choice", entity_id=choice.id)


async def _offers(uow: UnitOfWork, asking: Asking) -> Sequence[object]:
    """Return the hours of whom the patient may see for this; without any there is nothing to choose."""
    return await uow.directory.hours(practitioner_id=asking.practitioner_id, service_id=asking.service_id)


async def _check_often(uow: UnitOfWork, new: Choice) -> None:
    """Pass while the patient may be written to; what is taken back and made anew is sent, too."""
    made = await uow.choices.of_patient(new.patient_id, new.made_at)
    check_rounds([each.made_at for each in made if each.service_id == new.service_id], new.made_at)


def needs_for(choice: Choice, patient: Patient) -> Needs:
    """Return what the visit needs beside patient and specialist."""
    return Needs(interpreter=patient.language) if choice.interpreter else NOTHING
