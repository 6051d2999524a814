"""A specialist's weekly hours, kept by the administrators of the organization: free times come from them."""

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.scheduling import WeeklyHours
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require

MIDNIGHT = time(0)
DAYS = range(1, 8)
LATEST = 24 * 60


@dataclass(frozen=True, slots=True)
class NewHours:
    """Hours of every week: ISO weekday, wall times at the site; an `end` of 00:00 is midnight."""

    practitioner_id: str
    location_id: str
    service_id: str
    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Hours with what they are called; `service` is None where they are for any."""

    rule: WeeklyHours
    practitioner: Practitioner
    location: Location
    service: HealthcareService | None


@dataclass(frozen=True, slots=True)
class Choices:
    """Whom, where and what for an administrator may set hours."""

    specialists: list[Practitioner]
    services: list[HealthcareService]


class Hours:
    """Weekly hours of an organization's specialists. Booked visits stay when hours go."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def choices(self, actor: Actor) -> Choices:
        """Return the specialists and services of the actor's organization."""
        own = actor.organization_id
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(own,)))
        async with self._work.units.reading() as uow:
            people = await uow.directory.practitioners(
                role=Role.SPECIALIST, organization_id=own, working=True
            )
            services = await uow.directory.services()
        return Choices(people, [each for each in services if each.organization_id == own])

    async def listed(self, actor: Actor, practitioner_id: str = "") -> list[HoursRow]:
        """Return the hours of one specialist, or of all of the actor's organization, by person and weekday.

        Raises NotFound for anybody else's.
        """
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(actor.organization_id,)))
        async with self._work.units.reading() as uow:
            if practitioner_id:
                people = [await self._managed(uow, actor, practitioner_id)]
            else:
                people = await uow.directory.practitioners(
                    role=Role.SPECIALIST, organization_id=actor.organization_id
                )
            rules = await uow.directory.hours(practitioner_id=practitioner_id)
            sites = {each.id: each for each in await uow.directory.locations()}
            services = {each.id: each for each in await uow.directory.services()}
        named = {each.id: each for each in people}
        rules.sort(key=lambda rule: (rule.weekday, rule.start, rule.id))
        return [
            HoursRow(rule, named[each], sites[rule.location_id], services.get(rule.service_id))
            for each in named
            for rule in rules
            if rule.practitioner_id == each
        ]

    async def add(self, actor: Actor, new: NewHours) -> HoursRow:
        """Add hours from today on; raises BadInput naming the field, `overlap` when they meet others."""
        async with self._work.units.writing() as uow:
            person = await self._managed(uow, actor, new.practitioner_id)
            site, service = await self._place(uow, person, new)
            rule = self._rule(new, site)
            for other in await uow.directory.hours(practitioner_id=person.id):
                if _collide(rule, other):
                    raise BadInput(FieldProblem("start", "overlap", "These hours meet others of this day."))
            await uow.directory.add_hours(rule)
            await self._enter(uow, actor, AuditAction.HOURS_ADDED, rule.id)
        return HoursRow(rule, person, site, service)

    async def remove(self, actor: Actor, practitioner_id: str, hours_id: str) -> None:
        """Remove hours; raises NotFound when they are not this specialist's."""
        async with self._work.units.writing() as uow:
            person = await self._managed(uow, actor, practitioner_id)
            rules = await uow.directory.hours(practitioner_id=person.id)
            if hours_id not in {each.id for each in rules}:
                raise NotFound
            await uow.directory.remove_hours(hours_id)
            await self._enter(uow, actor, AuditAction.HOURS_REMOVED, hours_id)

    async def _managed(self, uow: UnitOfWork, actor: Actor, practitioner_id: str) -> Practitioner:
        """Return a specialist of the administrator's organization; raise NotFound for anybody else."""
        require(actor, Permission.STAFF_MANAGE)
        person = await uow.directory.practitioner(practitioner_id)
        if person is None or person.role is not Role.SPECIALIST:
            raise NotFound
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(person.organization_id,)))
        return person

    async def _place(
        self, uow: UnitOfWork, person: Practitioner, new: NewHours
    ) -> tuple[Location, HealthcareService]:
        """Return site and service, both of the specialist's organization."""
        site = await uow.directory.location(new.location_id)
        service = await uow.directory.service(new.service_id)
        if site is None or site.organization_id != person.organization_id:
            raise BadInput(FieldProblem("site", "unknown", "Choose one of the organization's sites."))
        if service is None or service.organization_id != person.organization_id:
            raise BadInput(FieldProblem("service", "unknown", "Choose one of the organization's services."))
        if new.weekday not in DAYS:
            raise BadInput(FieldProblem("weekday", "unknown", "Choose a day of the week."))
        if _ends(new) - _minutes(new.start) < service.minutes:
            raise BadInput(FieldProblem("end", "too-short", "Not even one visit fits between start and end."))
        return site, service

    def _rule(self, new: NewHours, site: Location) -> WeeklyHours:
        return WeeklyHours(
            id=self._work.identifier(),
            practitioner_id=new.practitioner_id,
            location_id=new.location_id,
            service_id=new.service_id,
            weekday=new.weekday,
            start=new.start,
            end=new.end,
            valid_from=self._work.clock.now().astimezone(ZoneInfo(site.zone)).date(),
        )

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, hours_id: str) -> None:
        await enter(self._work, uow, actor, action, entity="WeeklyHours", entity_id=hours_id)


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _ends(hours: NewHours | WeeklyHours) -> int:
    return LATEST if hours.end == MIDNIGHT else _minutes(hours.end)


def _collide(rule: WeeklyHours, other: WeeklyHours) -> bool:
    """Whether two rules of one person meet on a day: at two sites at once, or the same service twice."""
    if rule.weekday != other.weekday or (other.until is not None and other.until < rule.valid_from):
        return False
    meet = _minutes(rule.start) < _ends(other) and _minutes(other.start) < _ends(rule)
    apart = rule.location_id == other.location_id and other.service_id not in {rule.service_id, None}
    return meet and not apart
