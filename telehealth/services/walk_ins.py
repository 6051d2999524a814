"""Those who come to a clinic without an appointment: added to its queue, and the queues as staff see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import CLOSED
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.organizations import HealthcareService, Organization
from telehealth.domain.people import Patient, Role
from telehealth.domain.walk_in import Standing, Triage, WalkIn, WalkInStatus, standings
from telehealth.services.bookable import NOBODY
from telehealth.services.once import keep
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Once, Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations
from telehealth.services.walk_in_changes import (
    A_QUEUE_LASTS,
    entered,
    news_of,
    recalled,
    receiving,
    waits_no_more,
)
from telehealth.services.walk_in_places import Shut, closed_now


@dataclass(frozen=True, slots=True)
class NewWalkIn:
    """Who is there, for what, how soon they have to be seen, and what they come with."""

    patient_id: str
    service_id: str
    triage: Triage
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One person in a queue, at `clinic`, who may have been sent on by another one.

    `standing` while they can be called; who waits in a clinic that is `shut` cannot. `url` is their link,
    for the clinic's own screen; `kept` where the reader keeps the place.
    """

    walk_in: WalkIn
    patient: Patient
    standing: Standing | None
    clinic: str
    came_from: str
    shut: Shut | None
    kept: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class ServiceQueue:
    """Who came for one service: those who can be called in turn, then the others by arrival."""

    service: HealthcareService
    rows: list[QueueRow]


@dataclass(frozen=True, slots=True)
class WaitsHere:
    """Somebody who waits, the clinics that they can be sent on to, and the services that somebody offers."""

    walk_in: WalkIn
    patient: Patient
    clinics: list[Organization]
    services: list[HealthcareService]


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows say besides places: people, clinics by name, closed ones, links, the reader's own."""

    patients: dict[str, Patient]
    clinics: dict[str, str]
    closed: dict[str, Shut]
    urls: dict[str, str]
    own: str

    def row(self, one: WalkIn, standing: Standing | None = None) -> QueueRow:
        return QueueRow(
            one,
            self.patients[one.patient_id],
            standing,
            self.clinics[one.organization_id],
            self.clinics.get(one.from_organization_id, ""),
            self.closed.get(one.organization_id),
            kept=one.organization_id == self.own,
            url=self.urls[one.id],
        )


class WalkIns:
    """The queues as staff see them: a clinic its own people, specialists who waits for what they offer."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer

    async def queues(self, actor: Actor) -> list[ServiceQueue]:
        """Return the queues that concern the actor.

        People of other clinics count in everybody's place; their names are for those who may call them.
        """
        require(actor, Permission.WALK_IN_READ)
        since, now = self._since(), self._work.clock.now()
        async with self._work.units.writing() as uow:
            if actor.role is Role.SPECIALIST:
                offered = await _offered(uow, actor)
                shown = await uow.walk_ins.waiting(offered, since)
            else:
                shown = await uow.walk_ins.of_clinic(actor.organization_id, since)
                offered = {each.service_id for each in shown}
            waiting = await uow.walk_ins.waiting(offered, since)
            patients = await uow.patients.many(sorted({each.patient_id for each in shown}))
            services = [each for each in await uow.directory.services() if each.id in offered]
            known = _Known(
                patients,
                {each.id: each.name for each in await uow.directory.organizations()},
                await closed_now(uow, {each.organization_id for each in waiting}, now),
                {each.id: await self._url(uow, actor, each, patients) for each in shown},
                "" if actor.role is Role.SPECIALIST else actor.organization_id,
            )
            await enter(self._work, uow, actor, AuditAction.WALK_INS_READ, patient_ids=sorted(patients))
        return [ServiceQueue(service, _rows(service, shown, waiting, known)) for service in services]

    async def waiting(self, actor: Actor) -> int:
        """Return how many wait whom the actor may call, or in the actor's clinic; nobody is named."""
        require(actor, Permission.WALK_IN_READ)
        async with self._work.units.reading() as uow:
            if actor.role is Role.SPECIALIST:
                return len(await uow.walk_ins.waiting(await _offered(uow, actor), self._since()))
            found = await uow.walk_ins.of_clinic(actor.organization_id, self._since())
        ours = [each for each in found if each.organization_id == actor.organization_id]
        return sum(each.status is WalkInStatus.WAITING for each in ours)

    async def onward(self, actor: Actor, walk_in_id: str) -> WaitsHere:
        """Return somebody who waits in the actor's clinic and where they can be sent; raises NotFound."""
        role_allows(actor, Permission.WALK_IN_HOST)
        async with self._work.units.writing() as uow:
            one = await uow.walk_ins.get(walk_in_id)
            if one is None or one.status is not WalkInStatus.WAITING or one.arrived_at < self._since():
                raise NotFound
            require(actor, Permission.WALK_IN_HOST, Subject(organizations=(one.organization_id,)))
            patient = (await uow.patients.many([one.patient_id]))[one.patient_id]
            offered = {rule.service_id for rule in await uow.directory.hours()}
            services = [each for each in await uow.directory.services() if each.id in offered]
            await entered(self._work, uow, actor, AuditAction.WALK_INS_READ, one)
            return WaitsHere(one, patient, await receiving(uow), services)

    async def add(self, actor: Actor, new: NewWalkIn, once: Once | None = None) -> WalkIn:
        """Put a patient of the actor's clinic into its queue.

        Raises NotFound, BadInput for a service that nobody offers, WrongState for who waits already.
        """
        role_allows(actor, Permission.WALK_IN_HOST)
        async with self._work.units.writing() as uow:
            earlier = await recalled(uow, once)
            if earlier is not None:
                return earlier
            patient = await uow.patients.get(new.patient_id)
            if patient is None or await uow.directory.service(new.service_id) is None:
                raise NotFound
            require(actor, Permission.WALK_IN_HOST, Subject(organizations=(patient.organization_id,)))
            if not await uow.directory.hours(service_id=new.service_id):
                raise BadInput(FieldProblem("service_id", "not-offered", NOBODY))
            await waits_no_more(self._work, uow, new.patient_id)
            made = self._made(actor, new)
            await uow.walk_ins.add(made)
            await entered(self._work, uow, actor, AuditAction.WALK_IN_ADDED, made)
            await keep(self._work, uow, once, {"walk_in": made.id})
            news = await news_of(uow, made)
        await self._announcer.announce(news)
        return made

    def _since(self) -> datetime:
        return self._work.clock.now() - A_QUEUE_LASTS

    def _made(self, actor: Actor, new: NewWalkIn) -> WalkIn:
        now, identifier = self._work.clock.now(), self._work.identifier()
        return WalkIn(
            id=identifier,
            organization_id=actor.organization_id,
            service_id=new.service_id,
            patient_id=new.patient_id,
            triage=new.triage,
            arrived_at=now,
            status=WalkInStatus.WAITING,
            since=now,
            reason=new.reason,
            link_digest=self._invitations.place_digest(identifier, new.patient_id),
        )

    async def _url(self, uow: UnitOfWork, actor: Actor, one: WalkIn, patients: dict[str, Patient]) -> str:
        """Return the link to somebody's place, later visit, for the own screen of their clinic."""
        if actor.role is Role.SPECIALIST or one.organization_id != actor.organization_id:
            return ""
        if one.status is WalkInStatus.WAITING and one.link_digest is not None:
            return self._invitations.place_url(one, patients[one.patient_id].language)
        visit = await uow.visits.get(one.visit_id) if one.visit_id else None
        if visit is None or visit.status in CLOSED:
            return ""
        link = await uow.visits.link_of(visit.id, one.patient_id)
        return self._invitations.url(link, patients[one.patient_id].language) if link else ""


async def _offered(uow: UnitOfWork, actor: Actor) -> set[str]:
    return {rule.service_id for rule in await uow.directory.hours(practitioner_id=actor.id)}


def _rows(
    service: HealthcareService, shown: Sequence[WalkIn], waiting: Sequence[WalkIn], known: _Known
) -> list[QueueRow]:
    """Return a service's rows: who waits in turn, then the others by arrival."""
    own = {one.id: one for one in shown if one.service_id == service.id}
    callable_now = [
        one for one in waiting if one.service_id == service.id and one.organization_id not in known.closed
    ]
    places = {each.walk_in.id: each for each in standings(callable_now, service.minutes)}
    rows = [known.row(each.walk_in, each) for each in places.values() if each.walk_in.id in own]
    return rows + [known.row(one) for one in own.values() if one.id not in places]
