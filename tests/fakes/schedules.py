"""The fake repository of exceptions to weekly hours, and of timetables."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from telehealth.domain.availability import Timetable
from telehealth.domain.errors import StaleVersion
from telehealth.domain.hours_exceptions import HoursException
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import Interval
from telehealth.services.schedule_repository import Offering
from tests.fakes.rows import insert, swap

FARTHEST = timedelta(days=2)


class FakeSchedules:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def queue_for(self, practitioner_id: str) -> None:
        """Units of the fake come one after the other anyway."""

    async def add_exception(self, exception: HoursException) -> None:
        insert(self._t.exceptions, exception.id, exception)

    async def save_exception(self, exception: HoursException) -> None:
        swap(self._t.exceptions, exception)

    async def remove_exception(self, exception_id: str, version: int) -> None:
        found = self._t.exceptions.get(exception_id)
        if found is None or found.version != version:
            raise StaleVersion
        del self._t.exceptions[exception_id]

    async def exception(self, exception_id: str) -> HoursException | None:
        return self._t.exceptions.get(exception_id)

    async def exceptions(
        self, organization_id: str, practitioner_id: str, first: date, last: date
    ) -> list[HoursException]:
        ours = [e for e in self._t.exceptions.values() if e.organization_id == organization_id]
        found = [e for e in ours if e.practitioner_id == practitioner_id]
        touching = [e for e in found if e.first <= last and e.last >= first]
        return sorted(touching, key=lambda e: (e.first, e.start, e.id))

    async def offering(self, service_id: str, window: Interval, practitioner_id: str = "") -> Offering | None:
        service, person = self._t.services.get(service_id), self._t.practitioners.get(practitioner_id)
        if service is None or (practitioner_id and person is None):
            return None
        ours = [c for c in self._t.closures.values() if c.organization_id == service.organization_id]
        touching = [c for c in ours if c.end > window.start and c.start < window.end]
        closed = tuple((c.location_id, Interval(c.start, c.end)) for c in touching)
        places = self._t.locations.values()
        sites = {each.id: each for each in places if each.organization_id == service.organization_id}
        return Offering(service, sites, closed, person)

    async def timetables(
        self, offering: Offering, window: Interval, practitioner_id: str = ""
    ) -> dict[str, Timetable]:
        first, last = window.start.date() - FARTHEST, window.end.date() + FARTHEST
        rules = [r for r in self._t.hours.values() if self._concerns(r, offering, practitioner_id)]
        rules = [r for r in rules if r.valid_from <= last and (r.until is None or r.until >= first)]
        others = [e for e in self._t.exceptions.values() if self._concerns(e, offering, practitioner_id)]
        others = [e for e in others if e.first <= last and e.last >= first]
        whose = sorted({each.practitioner_id for each in (*rules, *others)} - {""})
        site = self._t.locations
        return {
            each: Timetable(
                tuple((r, site[r.location_id]) for r in rules if r.practitioner_id == each),
                tuple((e, site[e.location_id]) for e in others if e.practitioner_id in {each, ""}),
                offering.closed,
            )
            for each in whose
        }

    async def specialists(self, practitioner_ids: Collection[str]) -> dict[str, Practitioner]:
        return {each: self._t.practitioners[each] for each in practitioner_ids}

    def _concerns(self, said: Any, offering: Offering, practitioner_id: str) -> bool:
        service, whose = offering.service, said.practitioner_id
        accounts = self._t.accounts.values()
        return (
            self._t.locations[said.location_id].organization_id == service.organization_id
            and said.service_id in {"", service.id}
            and (not practitioner_id or whose in {practitioner_id, ""})
            and not any(a.practitioner_id == whose and a.disabled_at for a in accounts)
        )
