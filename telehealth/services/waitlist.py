"""Waiting lists as staff keep them: who is on one, what was offered to them, and how they come off it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.changing import may_cancel
from telehealth.domain.errors import BadInput, ChangeTooLate, FieldProblem, NotFound, StaleVersion
from telehealth.domain.people import Patient
from telehealth.domain.sentences import N_
from telehealth.domain.waitlist import (
    EVERY_DAY,
    EVERYBODY,
    OWN_NOTICE,
    Sought,
    Waiting,
    WaitStatus,
    can_be_earlier,
    check_wish,
)
from telehealth.domain.ways import way_anywhere
from telehealth.services.moving import by_patient
from telehealth.services.once import keep, recall
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Once, Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations
from telehealth.services.waitlist_lines import Line, lines
from telehealth.services.wishes import as_it_stands, later_visits, leave, nothing_more

NO_WAY = N_("We cannot write to this patient. Add a phone number or an e-mail first.")
TWICE = N_("The patient is on this waiting list already.")


@dataclass(frozen=True, slots=True)
class Wish:
    """For whom and for what a time is wished, and when; see `Waiting`."""

    patient_id: str
    service_id: str
    first: date
    last: date
    practitioner_id: str = ""
    weekdays: tuple[int, ...] = EVERY_DAY
    notice_hours: int = 24


class Waitlist:
    """The lists of the services of the actor's organization, and of its patients elsewhere."""

    def __init__(self, *, work: Work, invitations: Invitations) -> None:
        self._work = work
        self._invitations = invitations

    async def add(self, actor: Actor, wish: Wish, once: Once | None = None) -> Waiting:
        """Put a patient of the actor's organization on a service's list; raises BadInput, NotFound."""
        require(actor, Permission.WAITLIST_MANAGE)
        try:
            async with self._work.units.writing() as uow:
                earlier = await recall(uow, once)
                if earlier is not None:
                    return await _own(uow, actor, Permission.WAITLIST_MANAGE, earlier["waiting"])
                one = await self._made(uow, actor, wish)
                await uow.waitlist.add(one)
                await self._enter(uow, actor, AuditAction.WAITLIST_ADDED, one)
                await keep(self._work, uow, once, {"waiting": one.id})
        except StaleVersion:
            raise BadInput(FieldProblem("service_id", "twice", TWICE)) from None
        return one

    async def earlier(self, actor: Actor) -> None:
        """Put the patient on the list for an earlier time of their own visit; twice is as good as once.

        With the same specialist; another wish of theirs for this service gives way; they keep their place.
        Who did not answer so often that nothing more was offered is offered times again.
        Raises WrongState, OtherDevice, BadInput for whom no message reaches, ChangeTooLate where no earlier
        time could be offered any more.
        """
        require(actor, Permission.WAITLIST_JOIN, Subject(visit_id=actor.visit_id))
        try:
            await self._sooner(actor)
        except StaleVersion:
            # Somebody put them on the list at the same moment: what stands now is seen the second time.
            await self._sooner(actor)

    async def _sooner(self, actor: Actor) -> None:
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            row = await uow.visits.row(actor.visit_id)
            if row is None:
                raise NotFound
            by_patient(actor, row.visit)
            may_cancel(row.visit, row.appointment, now)
            if not can_be_earlier(row.appointment.start, now):
                raise ChangeTooLate
            self._reached(row.patient)
            one = _earlier_than(row, self._work.identifier(), now)
            stands = await uow.waitlist.standing(one.patient_id, one.service_id)
            mine = stands is not None and stands.visit_id == one.visit_id
            if stands is not None and mine and not await nothing_more(uow, stands):
                return
            if stands is not None:
                await leave(uow, stands, WaitStatus.LEFT)
                await self._enter(uow, actor, AuditAction.WAITLIST_LEFT, stands)
                one = replace(one, since=stands.since)
            await uow.waitlist.add(one)
            await self._enter(uow, actor, AuditAction.WAITLIST_ADDED, one)

    async def not_earlier(self, actor: Actor) -> None:
        """Take that wish of the patient's back; twice is as good as once. Raises OtherDevice."""
        require(actor, Permission.WAITLIST_JOIN, Subject(visit_id=actor.visit_id))
        async with self._work.units.writing() as uow:
            row = await uow.visits.row(actor.visit_id)
            if row is None:
                raise NotFound
            by_patient(actor, row.visit)
            stands = await uow.waitlist.standing(row.patient.id, row.service.id)
            if stands is None or stands.visit_id != row.visit.id:
                return
            await leave(uow, stands, WaitStatus.LEFT)
            await self._enter(uow, actor, AuditAction.WAITLIST_LEFT, stands)

    async def listed(self, actor: Actor, sought: Sought = EVERYBODY) -> list[Line]:
        """Return who waits, longest waiting first, with what was offered to them."""
        require(actor, Permission.WAITLIST_READ)
        async with self._work.units.writing() as uow:
            found = await lines(uow, await uow.waitlist.of(actor.organization_id, sought))
            ids = tuple(sorted({each.patient.id for each in found}))
            await enter(self._work, uow, actor, AuditAction.WAITLIST_READ, patient_ids=ids)
        return found

    async def search(self, actor: Actor, sought: Sought) -> tuple[list[Line], int]:
        """Return as `listed`, and how many of those sought wait in all; who is not shown is not entered."""
        found = await self.listed(actor, sought)
        async with self._work.units.reading() as uow:
            return found, await uow.waitlist.number(actor.organization_id, sought)

    async def look(self, actor: Actor, waiting_id: str) -> Line:
        """Return one who waits; raises NotFound for who does so no more."""
        role_allows(actor, Permission.WAITLIST_READ)
        async with self._work.units.writing() as uow:
            one = await _own(uow, actor, Permission.WAITLIST_READ, waiting_id)
            if one.status is not WaitStatus.WAITING:
                raise NotFound
            await self._enter(uow, actor, AuditAction.WAITLIST_READ, one)
            (found,) = await lines(uow, [one])
        return found

    async def known(self, actor: Actor, waiting_id: str) -> bool:
        """Whether such a one waits, for who may read lists; what it says is read by `look`."""
        require(actor, Permission.WAITLIST_READ)
        async with self._work.units.reading() as uow:
            one = await uow.waitlist.get(waiting_id)
        return one is not None and one.status is WaitStatus.WAITING

    async def take_off(self, actor: Actor, waiting_id: str) -> None:
        """End somebody's waiting; a time that is kept for them is free at once. Twice is as good as once."""
        role_allows(actor, Permission.WAITLIST_MANAGE)
        async with self._work.units.writing() as uow:
            one = await _own(uow, actor, Permission.WAITLIST_MANAGE, waiting_id)
            if one.status is not WaitStatus.WAITING:
                return
            await leave(uow, one, WaitStatus.LEFT)
            await self._enter(uow, actor, AuditAction.WAITLIST_LEFT, one)

    async def _made(self, uow: UnitOfWork, actor: Actor, wish: Wish) -> Waiting:
        patient = await uow.patients.get(wish.patient_id)
        service = await uow.directory.service(wish.service_id)
        if patient is None or service is None:
            raise NotFound
        require(actor, Permission.WAITLIST_MANAGE, Subject(organizations=(patient.organization_id,)))
        await _offered(uow, wish)
        self._reached(patient)
        now = self._work.clock.now()
        one = Waiting(
            id=self._work.identifier(),
            organization_id=service.organization_id,
            patient_organization_id=patient.organization_id,
            service_id=service.id,
            patient_id=patient.id,
            practitioner_id=wish.practitioner_id,
            first=wish.first,
            last=wish.last,
            weekdays=tuple(sorted(set(wish.weekdays))),
            notice_hours=wish.notice_hours,
            since=now,
        )
        check_wish(one, await _today(uow, wish, now))
        if not later_visits(await uow.visits.ahead([patient.id], now), one):
            way_anywhere(service.modalities, patient.phone)
        return one

    def _reached(self, patient: Patient) -> None:
        """Pass when an offer would reach the patient; raises BadInput."""
        if not self._invitations.ways(patient):
            raise BadInput(FieldProblem("patient_id", "no-way", NO_WAY))

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, one: Waiting) -> None:
        ids = (one.patient_id,)
        await enter(self._work, uow, actor, action, patient_ids=ids, entity="Waitlist", entity_id=one.id)


async def _own(uow: UnitOfWork, actor: Actor, permission: Permission, waiting_id: str) -> Waiting:
    """Return a wish of the actor's organization, or of its patient elsewhere; raises NotFound."""
    one = await uow.waitlist.get(waiting_id)
    if one is None:
        raise NotFound
    require(actor, permission, Subject(organizations=(one.organization_id, one.patient_organization_id)))
    return one


def _earlier_than(row: DayRow, identifier: str, now: datetime) -> Waiting:
    """Return the wish for the same visit on any day from now to its own, as far ahead as wishes go."""
    first = now.astimezone(ZoneInfo(row.location.zone)).date()
    one = Waiting(
        id=identifier,
        organization_id=row.service.organization_id,
        patient_organization_id=row.patient.organization_id,
        service_id=row.service.id,
        patient_id=row.patient.id,
        practitioner_id=row.visit.practitioner_id,
        first=first,
        last=first,
        weekdays=EVERY_DAY,
        notice_hours=OWN_NOTICE,
        since=now,
        visit_id=row.visit.id,
        by_patient=True,
    )
    one = as_it_stands(one, row)
    check_wish(one, first)
    return one


async def _today(uow: UnitOfWork, wish: Wish, now: datetime) -> date:
    """Return the date where the service is offered; at several sites, the earliest of theirs."""
    rules = await uow.directory.hours(practitioner_id=wish.practitioner_id, service_id=wish.service_id)
    sites = {rule.location_id for rule in rules}
    zones = {each.zone for each in await uow.directory.locations() if each.id in sites}
    days = (now.astimezone(ZoneInfo(each)).date() for each in zones)
    return min(days, default=now.date())


async def _offered(uow: UnitOfWork, wish: Wish) -> None:
    """Pass when the wished specialist sees patients for this service; raises NotFound."""
    if not wish.practitioner_id:
        return
    if not await uow.directory.hours(practitioner_id=wish.practitioner_id, service_id=wish.service_id):
        raise NotFound
