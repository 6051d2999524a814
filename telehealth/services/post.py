"""How messages to patients stand: of one visit, and all that reached nobody."""

from dataclasses import dataclass
from datetime import timedelta

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.choice import Choice
from telehealth.domain.consultation import AWAITED
from telehealth.domain.errors import NotFound
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.outbox import INVITING, LATENESS, REMINDING, SUPERSEDED, OutboxMessage
from telehealth.domain.people import Patient, Practitioner
from telehealth.domain.waitlist import Offer
from telehealth.services.repositories import DayRow
from telehealth.services.trail import Work, enter, require, role_allows

STAYS = timedelta(hours=24)
"""What reached nobody is listed until so long after the visit was to end."""
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class VisitPost:
    """A visit with the messages about it, oldest first."""

    row: DayRow
    practitioner: Practitioner | None
    messages: list[OutboxMessage]


@dataclass(frozen=True, slots=True)
class OfferPost:
    """A free time that was offered to somebody who waits for one, with the messages about it."""

    offer: Offer
    patient: Patient
    practitioner: Practitioner | None
    messages: list[OutboxMessage]


@dataclass(frozen=True, slots=True)
class ChoicePost:
    """An invitation to choose a time, with what was sent of it; `practitioner` is None for anybody."""

    choice: Choice
    patient: Patient
    service: HealthcareService
    practitioner: Practitioner | None
    messages: list[OutboxMessage]


class Post:
    """Reads the outbox for those who phone where a message did not arrive."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def of_visit(self, actor: Actor, visit_id: str) -> VisitPost:
        """Return the messages about one visit of the actor's organization."""
        role_allows(actor, Permission.MESSAGE_READ)
        async with self._work.units.writing() as uow:
            row = await uow.visits.row(visit_id)
            if row is None:
                raise NotFound
            ours = (row.appointment.organization_id, row.appointment.patient_organization_id)
            require(actor, Permission.MESSAGE_READ, Subject(organizations=ours, visit_id=visit_id))
            person = await uow.directory.practitioner(row.visit.practitioner_id)
            messages = await uow.outbox.of_visit(visit_id)
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.MESSAGES_READ,
                patient_ids=(row.patient.id,),
                entity="Encounter",
                entity_id=visit_id,
            )
        return VisitPost(row, person, messages)

    async def unreached(self, actor: Actor) -> list[VisitPost]:
        """Return the organization's visits about which a message reached nobody, earliest first."""
        require(actor, Permission.MESSAGE_READ)
        since = self._work.clock.now() - STAYS
        async with self._work.units.writing() as uow:
            found = await uow.outbox.unreached(actor.organization_id, since, MOST_LISTED)
            lost = [each for each in found if each.last_error != SUPERSEDED]
            rows = await uow.visits.rows(sorted({each.visit_id for each in lost}))
            rows = {key: row for key, row in rows.items() if any(matters(each, row) for each in lost)}
            people = {each.id: each for each in await uow.directory.practitioners()} if rows else {}
            patients = sorted({row.patient.id for row in rows.values()})
            await enter(self._work, uow, actor, AuditAction.MESSAGES_READ, patient_ids=patients)
        ordered = sorted(rows.values(), key=lambda row: (row.appointment.start, row.visit.id))
        return [
            VisitPost(
                row,
                people.get(row.visit.practitioner_id),
                [each for each in lost if each.visit_id == row.visit.id],
            )
            for row in ordered
        ]

    async def unreached_offers(self, actor: Actor) -> list[OfferPost]:
        """Return to whom on the organization's waiting lists the newest offer did not get, earliest first.

        They are listed while they wait, until a newer offer is on its way.
        """
        require(actor, Permission.MESSAGE_READ)
        async with self._work.units.writing() as uow:
            ids = [one.id for one in await uow.waitlist.of(actor.organization_id)]
            newest = {each.waiting_id: each for each in reversed(await uow.waitlist.offers_of(ids))}
            lost = await uow.waitlist.unreached(ids)
            found = sorted((each for each in newest.values() if each.id in lost), key=lambda it: it.start)
            found = found[:MOST_LISTED]
            patients = await uow.patients.many(sorted({each.patient_id for each in found}))
            people = {each.id: each for each in await uow.directory.practitioners()} if found else {}
            messages = await uow.outbox.of_offers([each.id for each in found])
            await enter(self._work, uow, actor, AuditAction.MESSAGES_READ, patient_ids=sorted(patients))
        return [
            OfferPost(
                each,
                patients[each.patient_id],
                people.get(each.practitioner_id),
                [message for message in messages if message.offer_id == each.id],
            )
            for each in found
        ]

    async def unreached_choices(self, actor: Actor) -> list[ChoicePost]:
        """Return which open invitations to choose a time reached nobody, those that end first."""
        require(actor, Permission.MESSAGE_READ)
        async with self._work.units.writing() as uow:
            found = await uow.choices.lost(actor.organization_id, self._work.clock.now(), MOST_LISTED)
            patients = await uow.patients.many(sorted({each.patient_id for each in found}))
            people = {each.id: each for each in await uow.directory.practitioners()} if found else {}
            services = {each.id: each for each in await uow.directory.services()} if found else {}
            messages = await uow.outbox.of_choices([each.id for each in found])
            await enter(self._work, uow, actor, AuditAction.MESSAGES_READ, patient_ids=sorted(patients))
        return [
            ChoicePost(
                each,
                patients[each.patient_id],
                services[each.service_id],
                people.get(each.practitioner_id),
                [one for one in messages if one.choice_id == each.id and not one.planned],
            )
            for each in found
        ]


def matters(message: OutboxMessage, row: DayRow) -> bool:
    """Whether somebody has to phone about a lost message: who came needs none of those before it."""
    about = message.visit_id == row.visit.id and message.last_error != SUPERSEDED
    return about and (message.template not in INVITING | REMINDING | LATENESS or row.visit.status in AWAITED)
