"""A specialist's weekly hours, kept by the administrators of the organization: free times come from them."""

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, StaleVersion
from telehealth.domain.hours_checks import check_hours, hours_meet
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.scheduling import Break, WeeklyHours
from telehealth.domain.sentences import say
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require

MOST = 200
"""Weekly hours of one specialist."""


@dataclass(frozen=True, slots=True)
class NewHours:
    """Hours of every week: ISO weekday, wall times at the site; an `end` of 00:00 is midnight.

    Without `valid_from` they hold from today on, or as before; without `until`, for good.
    """

    practitioner_id: str
    location_id: str
    service_id: str
    weekday: int
    start: time
    end: time
    breaks: tuple[Break, ...] = ()
    valid_from: date | None = None
    until: date | None = None


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
        """Add hours; raises BadInput naming the field, `overlap` when they meet others."""
        async with self._work.units.writing() as uow:
            person = await self._managed(uow, actor, new.practitioner_id)
            row = await self._checked(uow, person, new, None)
            await uow.directory.add_hours(row.rule)
            await self._enter(uow, actor, AuditAction.HOURS_ADDED, row.rule.id)
        return row

    async def change(self, actor: Actor, hours_id: str, version: int, new: NewHours) -> HoursRow:
        """Change hours; raises as `add` does, and StaleVersion when they are not as they were read."""
        async with self._work.units.writing() as uow:
            person = await self._managed(uow, actor, new.practitioner_id)
            before = await _own(uow, person, hours_id, version)
            row = await self._checked(uow, person, new, before)
            await uow.directory.save_hours(row.rule)
            await self._enter(uow, actor, AuditAction.HOURS_CHANGED, hours_id)
        return row

    async def remove(self, actor: Actor, practitioner_id: str, hours_id: str, version: int) -> None:
        """Remove hours; raises NotFound when they are not this specialist's, and StaleVersion."""
        async with self._work.units.writing() as uow:
            person = await self._managed(uow, actor, practitioner_id)
            before = await _own(uow, person, hours_id, version)
            await uow.directory.remove_hours(before.id)
            await self._enter(uow, actor, AuditAction.HOURS_REMOVED, hours_id)

    async def _managed(self, uow: UnitOfWork, actor: Actor, practitioner_id: str) -> Practitioner:
        """Return a specialist of the administrator's organization; raise NotFound for anybody else.

        Whoever writes waits until nobody else changes when this specialist works: hours must not meet.
        """
        require(actor, Permission.STAFF_MANAGE)
        person = await uow.directory.practitioner(practitioner_id)
        if person is None or person.role is not Role.SPECIALIST:
            raise NotFound
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(person.organization_id,)))
        await uow.schedules.queue_for(person.id)
        return person

    async def _checked(
        self, uow: UnitOfWork, person: Practitioner, new: NewHours, before: WeeklyHours | None
    ) -> HoursRow:
        """Return the hours as they will be kept; raises BadInput."""
        site, service = await place_of_work(uow, person, new.location_id, new.service_id)
        today = self._work.clock.now().astimezone(ZoneInfo(site.zone)).date()
        rule = WeeklyHours(
            id=before.id if before else self._work.identifier(),
            practitioner_id=person.id,
            location_id=site.id,
            service_id=service.id,
            weekday=new.weekday,
            start=new.start,
            end=new.end,
            valid_from=new.valid_from or (before.valid_from if before else today),
            until=new.until,
            breaks=new.breaks,
            version=before.version + 1 if before else 0,
        )
        check_hours(rule, site, service, today)
        sites = {each.id: each for each in await uow.directory.locations()}
        others = [each for each in await uow.directory.hours(practitioner_id=person.id) if each.id != rule.id]
        if len(others) >= MOST:
            raise BadInput(detail=say("At most {count}, please.", count=MOST))
        if hours_meet((rule, site), [(each, sites[each.location_id]) for each in others]):
            raise BadInput(FieldProblem("start", "overlap", "These hours meet others of this day."))
        return HoursRow(rule, person, site, service)

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, hours_id: str) -> None:
        await enter(self._work, uow, actor, action, entity="WeeklyHours", entity_id=hours_id)


async def _own(uow: UnitOfWork, person: Practitioner, hours_id: str, version: int) -> WeeklyHours:
    """Return hours of this specialist in this version; raises NotFound and StaleVersion."""
    rules = await uow.directory.hours(practitioner_id=person.id)
    before = next((each for each in rules if each.id == hours_id), None)
    if before is None:
        raise NotFound
    if before.version != version:
        raise StaleVersion(current=before.version)
    return before


async def place_of_work(
    uow: UnitOfWork, person: Practitioner, location_id: str, service_id: str
) -> tuple[Location, HealthcareService]:
    """Return site and service, both of the specialist's organization; raises BadInput."""
    site = await uow.directory.location(location_id)
    service = await uow.directory.service(service_id)
    if site is None or site.organization_id != person.organization_id:
        raise BadInput(FieldProblem("site", "unknown", "Choose one of the organization's sites."))
    if service is None or service.organization_id != person.organization_id:
        raise BadInput(FieldProblem("service", "unknown", "Choose one of the organization's services."))
    return site, service
