"""Which public holidays the sites of an organization keep, and on which of them they work all the same."""

from dataclasses import dataclass, replace
from datetime import date, time

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, StaleVersion
from telehealth.domain.holidays import holidays_of, is_holiday, regions
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.organizations import Location
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday with its name, and whether the site works on it."""

    day: date
    name: str
    worked: bool


class SiteHolidays:
    """The sites of the actor's organization. Booked visits stay booked."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def sites(self, actor: Actor) -> list[Location]:
        """Return the organization's sites, by name."""
        own = actor.organization_id
        require(actor, Permission.ORGANIZATION_MANAGE, Subject(organizations=(own,)))
        async with self._work.units.reading() as uow:
            return [each for each in await uow.directory.locations() if each.organization_id == own]

    async def listed(self, actor: Actor, location_id: str, year: int, language: str) -> list[Holiday]:
        """Return the holidays of a year that the site's region keeps, named in a language or in English."""
        async with self._work.units.reading() as uow:
            site = await _managed(uow, actor, location_id)
            opened = await _opened(uow, site, date(year, 1, 1), date(year, 12, 31))
        kept = holidays_of(site.region, year, language)
        return [Holiday(day, name, any(each.covers(day) for each in opened)) for day, name in kept.items()]

    async def keep_region(
        self, actor: Actor, location_id: str, region: str, version: int, address: str | None = None
    ) -> Location:
        """Say whose holidays a site keeps, and where it is; an empty region keeps none.

        Without an `address` that stays as it is. Raises BadInput and StaleVersion.
        """
        async with self._work.units.writing() as uow:
            before = await _managed(uow, actor, location_id)
            if region and region not in regions():
                raise BadInput(FieldProblem("region", "unknown", "This region is not known."))
            if before.version != version:
                raise StaleVersion(current=before.version)
            where = before.address if address is None else address
            after = replace(before, region=region, address=where, version=version + 1)
            await uow.directory.save_location(after)
            await self._enter(uow, actor, AuditAction.SITE_REGION_CHANGED, after, region)
        return after

    async def work_on(self, actor: Actor, location_id: str, day: date, *, worked: bool) -> None:
        """Say whether a site works on a holiday; saying so again changes nothing. Raises BadInput."""
        async with self._work.units.writing() as uow:
            site = await _managed(uow, actor, location_id)
            if not is_holiday(site.region, day):
                raise BadInput(FieldProblem("day", "no-holiday", "This day is no holiday at the site."))
            opened = await _opened(uow, site, day, day)
            if bool(opened) is worked:
                return
            for each in opened:
                await uow.schedules.remove_exception(each.id, each.version)
            if worked:
                await uow.schedules.add_exception(self._opening(site, day))
            await self._enter(uow, actor, AuditAction.SITE_HOLIDAY_CHANGED, site, day.isoformat())

    def _opening(self, site: Location, day: date) -> HoursException:
        whole_day = (day, time(0), day, time(0))
        whose = (site.organization_id, "", site.id, "")
        return HoursException(self._work.identifier(), *whose, ExceptionKind.OPEN, *whole_day)

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, site: Location, reason: str
    ) -> None:
        await enter(self._work, uow, actor, action, entity="Location", entity_id=site.id, reason=reason)


async def _managed(uow: UnitOfWork, actor: Actor, location_id: str) -> Location:
    role_allows(actor, Permission.ORGANIZATION_MANAGE)
    site = await uow.directory.location(location_id)
    if site is None:
        raise NotFound
    require(actor, Permission.ORGANIZATION_MANAGE, Subject(organizations=(site.organization_id,)))
    return site


async def _opened(uow: UnitOfWork, site: Location, first: date, last: date) -> list[HoursException]:
    found = await uow.schedules.exceptions(site.organization_id, "", first, last)
    return [each for each in found if each.location_id == site.id]
