"""What a change of weekly hours means, before it is kept: which booked visits would lie outside of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from telehealth.domain.access import Actor
from telehealth.domain.availability import Place, Ruled, Timetable, weekly, worked
from telehealth.domain.errors import NotFound
from telehealth.domain.hours_checks import LOOKED_AT
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import Interval, Sweep, WeeklyHours, merged
from telehealth.services.absences import CONCERNED
from telehealth.services.hours import Hours, NewHours
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work


@dataclass(frozen=True, slots=True)
class HoursForm:
    """Whose hours are changed, and among what is chosen; `rule` is what stands, none for new hours."""

    person: Practitioner
    rule: WeeklyHours | None
    sites: list[Location]
    services: list[HealthcareService]


class HoursPlans:
    """Shows administrators what a change of weekly hours means; it changes nothing."""

    def __init__(self, *, work: Work, hours: Hours) -> None:
        self._work = work
        self._hours = hours

    async def form(self, actor: Actor, practitioner_id: str, hours_id: str = "") -> HoursForm:
        """Return what the form needs; raises NotFound for anybody else's hours."""
        choices = await self._hours.choices(actor)
        rules = {row.rule.id: row.rule for row in await self._hours.listed(actor, practitioner_id)}
        if hours_id and hours_id not in rules:
            raise NotFound
        async with self._work.units.reading() as uow:
            person = await uow.directory.practitioner(practitioner_id)
            sites = await uow.directory.locations()
        if person is None:
            raise NotFound
        own = [each for each in sites if each.organization_id == person.organization_id]
        return HoursForm(person, rules.get(hours_id), own, choices.services)

    async def outside(
        self, actor: Actor, practitioner_id: str, hours_id: str, new: NewHours | None
    ) -> list[tuple[datetime, Location]]:
        """Return the starts of booked visits, with their sites, that lie in hours now and would no longer.

        None for `new` takes the hours away. Visits stay booked: somebody has to move them.
        """
        rows = await self._hours.listed(actor, practitioner_id)
        before = next((row for row in rows if row.rule.id == hours_id), None)
        if before is None:
            raise NotFound
        others = [(row.rule, row.location) for row in rows if row.rule.id != hours_id]
        async with self._work.units.reading() as uow:
            if new is not None:
                site = await uow.directory.location(new.location_id) or before.location
                others.append((_changed(before.rule, new), site))
            return await self._lost(uow, before.practitioner, (before.rule, before.location), others)

    async def _lost(
        self, uow: UnitOfWork, person: Practitioner, before: Ruled, after: Iterable[Ruled]
    ) -> list[tuple[datetime, Location]]:
        now = self._work.clock.now()
        window = Interval(now, now + LOOKED_AT)
        own, days = person.organization_id, (now.date(), window.end.date())
        said = await uow.schedules.exceptions(own, person.id, *days)
        sites = {each.id: each for each in await uow.directory.locations()}
        bare = Timetable(
            tuple(after), tuple((each, sites[each.location_id]) for each in said), keeps_holidays=False
        )
        old = Sweep(_spans(weekly(bare, before, window)))
        kept = merged(_spans(worked(bare, window)))
        coming = [row for row in await uow.visits.day(person.id, window) if _coming(row)]
        found = [(row.appointment, row.location) for row in coming]
        return [
            (visit.start, site)
            for visit, site in found
            if old.meets(visit.start, visit.end)
            and not any(each.start <= visit.start and visit.end <= each.end for each in kept)
        ]


def _coming(row: DayRow) -> bool:
    return row.visit.status in CONCERNED and not row.visit.test


def _changed(before: WeeklyHours, new: NewHours) -> WeeklyHours:
    """Return the hours as they would be; whether they can be kept is not asked here."""
    return replace(
        before,
        location_id=new.location_id,
        weekday=new.weekday,
        start=new.start,
        end=new.end,
        breaks=new.breaks,
        valid_from=new.valid_from or before.valid_from,
        until=new.until,
    )


def _spans(places: Iterable[Place]) -> list[Interval]:
    return [Interval(each.start, each.end) for each in places]
