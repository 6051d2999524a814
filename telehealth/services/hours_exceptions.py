"""When a specialist is away or works more than the weekly hours say.

Weekly hours are the administrators' alone, for rooms and staff hang on them. That somebody is away on a day
is said by whoever hears of it first: the specialist, a coordinator or an administrator of the organization.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.absences import Closed
from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.availability import Timetable
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, StaleVersion
from telehealth.domain.hours_checks import check_exception, check_extra, extra_meets
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.organizations import Location
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.scheduling import MIDNIGHT
from telehealth.domain.sentences import say
from telehealth.services.absences import CONCERNED
from telehealth.services.hours import place_of_work
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows

MOST = 200
"""Exceptions of one specialist that are not over."""
ANY_DAY = timedelta(days=10 * 366)
LONGEST_LIST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class NewException:
    """What differs, as clocks at the site show. Somebody is away from every site and every service."""

    practitioner_id: str
    kind: ExceptionKind
    location_id: str
    first: date
    start: time
    last: date
    end: time
    service_id: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An exception, and how many visits are booked in its time: those stay until somebody moves them."""

    exception: HoursException
    booked: int


class HoursExceptions:
    """Reads and changes what differs from weekly hours. Booked visits stay booked."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def listed(
        self, actor: Actor, practitioner_id: str, first: date, last: date
    ) -> list[HoursException]:
        """Return what touches these days, by first day; raises NotFound for anybody else's."""
        if not timedelta(0) <= last - first <= LONGEST_LIST:
            raise BadInput(FieldProblem("last", "too-far", "Ask for at most two years."))
        async with self._work.units.reading() as uow:
            person = await managed(uow, actor, practitioner_id)
            return await uow.schedules.exceptions(person.organization_id, person.id, first, last)

    async def add(self, actor: Actor, new: NewException) -> Kept:
        """Keep an exception; raises BadInput naming the field."""
        async with self._work.units.writing() as uow:
            person = await managed(uow, actor, new.practitioner_id)
            kept = await self._checked(uow, person, new, None)
            await uow.schedules.add_exception(kept.exception)
            await self._enter(uow, actor, AuditAction.HOURS_EXCEPTION_ADDED, kept.exception)
        return kept

    async def change(self, actor: Actor, exception_id: str, version: int, new: NewException) -> Kept:
        """Change an exception; raises as `add` does, and StaleVersion when it is not as it was read."""
        async with self._work.units.writing() as uow:
            person = await managed(uow, actor, new.practitioner_id)
            before = await _own(uow, person, exception_id, version)
            kept = await self._checked(uow, person, new, before)
            await uow.schedules.save_exception(kept.exception)
            await self._enter(uow, actor, AuditAction.HOURS_EXCEPTION_CHANGED, kept.exception)
        return kept

    async def close(self, actor: Actor, days: Closed) -> None:
        """Keep that a specialist is away on whole days of their own site; days kept before are kept once."""
        async with self._work.units.writing() as uow:
            person = await managed(uow, actor, days.practitioner_id)
            whole = NewException(
                person.id, ExceptionKind.AWAY, person.location_id, days.first, MIDNIGHT, days.last, MIDNIGHT
            )
            known = await uow.schedules.exceptions(person.organization_id, person.id, days.first, days.last)
            if any(_covers(each, whole) for each in known):
                return
            kept = await self._checked(uow, person, whole, None)
            await uow.schedules.add_exception(kept.exception)
            await self._enter(uow, actor, AuditAction.HOURS_EXCEPTION_ADDED, kept.exception)

    async def remove(self, actor: Actor, practitioner_id: str, exception_id: str, version: int) -> None:
        """Forget an exception: the weekly hours hold again; raises NotFound and StaleVersion."""
        async with self._work.units.writing() as uow:
            person = await managed(uow, actor, practitioner_id)
            before = await _own(uow, person, exception_id, version)
            await uow.schedules.remove_exception(before.id, version)
            await self._enter(uow, actor, AuditAction.HOURS_EXCEPTION_REMOVED, before)

    async def _checked(
        self, uow: UnitOfWork, person: Practitioner, new: NewException, before: HoursException | None
    ) -> Kept:
        """Return the exception as it will be kept; raises BadInput."""
        if new.kind is ExceptionKind.OPEN:
            raise BadInput(FieldProblem("kind", "not-a-choice", "Please choose one of those offered."))
        now, site = self._work.clock.now(), await uow.directory.location(new.location_id)
        if site is None or site.organization_id != person.organization_id:
            raise BadInput(FieldProblem("site", "unknown", "Choose one of the organization's sites."))
        exception = HoursException(
            id=before.id if before else self._work.identifier(),
            organization_id=person.organization_id,
            practitioner_id=person.id,
            location_id=site.id,
            service_id=new.service_id if new.kind is ExceptionKind.EXTRA else "",
            kind=new.kind,
            first=new.first,
            start=new.start,
            last=new.last,
            end=new.end,
            version=before.version + 1 if before else 0,
        )
        check_exception(exception, site, now)
        others = await uow.schedules.exceptions(
            person.organization_id, person.id, now.date() - timedelta(days=2), now.date() + ANY_DAY
        )
        if before is None and len(others) >= MOST:
            raise BadInput(detail=say("At most {count}, please.", count=MOST))
        if exception.kind is ExceptionKind.EXTRA:
            await _check_extra(uow, person, exception, site, others)
        return Kept(exception, await _booked(uow, exception, site))

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, exception: HoursException
    ) -> None:
        await enter(
            self._work,
            uow,
            actor,
            action,
            entity="HoursException",
            entity_id=exception.id,
            reason=exception.kind,
        )


def _covers(known: HoursException, new: NewException) -> bool:
    """Whether an absence of whole days at the same site has said already what another says."""
    whole = known.start == known.end == MIDNIGHT and known.location_id == new.location_id
    return known.kind is ExceptionKind.AWAY and whole and known.first <= new.first and new.last <= known.last


async def managed(uow: UnitOfWork, actor: Actor, practitioner_id: str) -> Practitioner:
    """Return the specialist whose exceptions the actor may keep; raises NotPermitted and NotFound.

    Whoever writes waits until nobody else changes when this specialist works.
    """
    role_allows(actor, Permission.HOURS_EXCEPT)
    person = await uow.directory.practitioner(practitioner_id)
    if person is None or person.role is not Role.SPECIALIST:
        raise NotFound
    whose = Subject(organizations=(person.organization_id,), practitioner_id=person.id)
    require(actor, Permission.HOURS_EXCEPT, whose)
    await uow.schedules.queue_for(person.id)
    return person


async def _own(uow: UnitOfWork, person: Practitioner, exception_id: str, version: int) -> HoursException:
    """Return an exception of this specialist in this version; raises NotFound and StaleVersion."""
    before = await uow.schedules.exception(exception_id)
    if before is None or before.practitioner_id != person.id:
        raise NotFound
    if before.version != version:
        raise StaleVersion(current=before.version)
    return before


async def _check_extra(
    uow: UnitOfWork,
    person: Practitioner,
    exception: HoursException,
    site: Location,
    others: list[HoursException],
) -> None:
    _, service = await place_of_work(uow, person, site.id, exception.service_id)
    check_extra(exception, site, service)
    sites = {each.id: each for each in await uow.directory.locations()}
    rules = await uow.directory.hours(practitioner_id=person.id)
    day = exception.first
    opened = await uow.schedules.exceptions(person.organization_id, "", day, day)
    table = Timetable(
        tuple((each, sites[each.location_id]) for each in rules),
        tuple((each, sites[each.location_id]) for each in (*others, *opened)),
    )
    if extra_meets((exception, site), table):
        raise BadInput(FieldProblem("start", "overlap", "These hours meet others of this day."))


async def _booked(uow: UnitOfWork, exception: HoursException, site: Location) -> int:
    """Return how many visits lie in the time of an absence and have yet to take place."""
    if exception.kind is not ExceptionKind.AWAY:
        return 0
    (span,) = exception.spans(ZoneInfo(site.zone))
    rows = await uow.visits.day(exception.practitioner_id, span)
    return sum(row.visit.status in CONCERNED and not row.visit.test for row in rows)
