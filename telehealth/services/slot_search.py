"""Who is free when, of everybody who offers a service: rules that are computed minus what is taken."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from heapq import merge
from itertools import groupby, islice
from zoneinfo import ZoneInfo

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.availability import Place, Timetable, is_free, offered
from telehealth.domain.load import FARTHEST, load
from telehealth.domain.resources import Blocked
from telehealth.domain.scheduling import A_WEEK, Interval, Sweep
from telehealth.services.repositories import UnitOfWork
from telehealth.services.schedule_repository import Offering

LOOK_AHEAD = 4
"""How many times of all are looked at first, for each one wanted: some of them are taken."""
Offer = tuple[str, Place]
"""A visit time of a practitioner, by id."""
Busy = dict[str, list[Interval]]


@dataclass(frozen=True, slots=True)
class Search:
    """The free times of everybody whose timetable is given."""

    uow: UnitOfWork
    offering: Offering
    tables: dict[str, Timetable]
    sites: frozenset[str] = frozenset()
    """Where; empty is anywhere."""
    now: datetime | None = None
    """Holds that ran out by then take no time; without it all of them do."""
    blocked: Blocked = field(default_factory=Blocked)
    """Starts at which something that a visit needs is taken."""

    async def earliest(self, window: Interval, count: int) -> list[Offer]:
        """Return at most `count`, the earliest first.

        Mostly it is enough to look at the first few times of all and at what is taken of those. Where it is
        not, all that is taken is asked for, and each specialist's calendar is gone through by leaps.
        """
        first = list(islice(self._merged(window, {}), count * LOOK_AHEAD))
        if not first:
            return []
        ends = max(place.end for _, place in first)
        taken = {who: Sweep(spans) for who, spans in (await self._busy(first[0][1].start, ends)).items()}
        found = [each for each in first if is_free(each[1], self.offering.service, taken[each[0]])]
        if len(found) >= count or len(first) < count * LOOK_AHEAD:
            return found[:count]
        return list(islice(self._merged(window, await self._busy(window.start, window.end)), count))

    async def each_once(self, window: Interval, count: int) -> list[Offer]:
        """Return at most `count` instants, the earliest first, each with who is free and has least booked."""
        found: list[Offer] = []
        start = window.start
        while start < window.end and len(found) < count:
            until = min(start + A_WEEK, window.end)
            busy = await self._busy(start - FARTHEST, until + FARTHEST)
            looked = Interval(start, min(until + self.offering.service.length, window.end))
            starts = groupby(self._merged(looked, busy), key=lambda each: each[1].start)
            least = self._by_load(busy)
            part = (min(group, key=least) for at, group in starts if at < until)
            found += islice(part, count - len(found))
            start = until
        return found

    async def at(self, starts: Sequence[datetime]) -> dict[datetime, list[Offer]]:
        """Return who is free at each of these starts; whoever has least booked comes first."""
        if not starts:
            return {}
        busy = await self._busy(min(starts) - FARTHEST, max(starts) + FARTHEST)
        length, least = self.offering.service.length, self._by_load(busy)
        return {
            start: sorted((each for each in self._merged(Interval(start, start + length), busy)), key=least)
            for start in starts
        }

    async def grid(self, window: Interval) -> list[tuple[Place, bool]]:
        """Return every time that is offered, the earliest first, and whether it is free."""
        busy = await self._busy(window.start, window.end)
        free = {place for _, place in self._merged(window, busy)}
        return [(place, place in free) for _, place in self._merged(window, {})]

    def _by_load(self, busy: Busy) -> Callable[[Offer], tuple[timedelta, timedelta, str]]:
        """Return what puts offers in order: whoever has least booked first, then by id."""
        zones = {each.id: ZoneInfo(each.zone) for each in self.offering.sites.values()}
        of = cache(lambda who, day, zone: load(busy[who], day, zone))

        def least(offer: Offer) -> tuple[timedelta, timedelta, str]:
            who, place = offer
            zone = zones[place.location_id]
            return (*of(who, place.start.astimezone(zone).date(), zone), who)

        return least

    def _merged(self, window: Interval, busy: Busy) -> Iterator[Offer]:
        """Everybody's times in order of start, then of the practitioner's id."""
        service = self.offering.service

        def offers(who: str, table: Timetable) -> Iterator[tuple[datetime, str, Place]]:
            for place in offered(table, service, window, busy.get(who, ())):
                here = not self.sites or place.location_id in self.sites
                if here and place.start not in self.blocked:
                    yield place.start, who, place

        for _, who, place in merge(*(offers(who, table) for who, table in self.tables.items())):
            yield who, place

    async def _busy(self, start: datetime, end: datetime) -> Busy:
        """Return what is taken of each specialist, from one query."""
        service = self.offering.service
        span = Interval(start - service.before, end + service.after)
        return await self.uow.appointments.taken(
            ResourceKind.PRACTITIONER, sorted(self.tables), span, self.now
        )
