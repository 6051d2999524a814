"""Who is free when, of everybody who offers a service: rules that are computed minus what is taken."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from heapq import merge
from itertools import groupby, islice
from zoneinfo import ZoneInfo

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.availability import Place, Timetable, is_free, offered, place_of
from telehealth.domain.groups import Session
from telehealth.domain.load import FARTHEST, load
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.resources import Hindrance
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
    hindrances: Sequence[Hindrance] = ()
    """When what a visit needs is taken."""

    async def earliest(self, window: Interval, count: int) -> list[Offer]:
        """Return at most `count`, the earliest first.

        Mostly it is enough to look at the first few times of all and at what is taken of those. Where it is
        not, all that is taken is asked for, and each specialist's calendar is gone through by leaps.
        """
        service = self.offering.service
        if service.capacity > 1 and self.hindrances:  # what a session has hinders nobody who joins it
            return list(islice(self._merged(window, await self._taken(window)), count))
        first = list(islice(self._merged(window, Taken()), count * LOOK_AHEAD))
        if not first:
            return []
        ends = max(place.end for _, place in first)
        taken = await self._taken(Interval(first[0][1].start, ends))
        sweeps = {who: Sweep(spans) for who, spans in taken.busy.items()}
        found = [
            each
            for each in first
            if is_free(each[1], service, sweeps[each[0]]) or taken.session(each[0], each[1].start)
        ]
        if len(found) >= count or len(first) < count * LOOK_AHEAD:
            return found[:count]
        return list(islice(self._merged(window, await self._taken(window)), count))

    async def each_once(self, window: Interval, count: int) -> list[Offer]:
        """Return at most `count` instants, the earliest first, each with who is free and has least booked."""
        found: list[Offer] = []
        start = window.start
        while start < window.end and len(found) < count:
            until = min(start + A_WEEK, window.end)
            taken = await self._taken(Interval(start - FARTHEST, until + FARTHEST))
            looked = Interval(start, min(until + self.offering.service.length, window.end))
            starts = groupby(self._merged(looked, taken), key=lambda each: each[1].start)
            least = self._by_load(taken)
            part = (min(group, key=least) for at, group in starts if at < until)
            found += islice(part, count - len(found))
            start = until
        return found

    async def at(self, starts: Sequence[datetime]) -> dict[datetime, list[Offer]]:
        """Return who is free at each of these starts; whoever has least booked comes first.

        Before all others comes a group session with seats left: groups are filled up before another begins.
        """
        if not starts:
            return {}
        taken = await self._taken(Interval(min(starts) - FARTHEST, max(starts) + FARTHEST))
        length, least = self.offering.service.length, self._by_load(taken)
        return {
            start: sorted((each for each in self._merged(Interval(start, start + length), taken)), key=least)
            for start in starts
        }

    async def grid(self, window: Interval) -> list[tuple[Place, bool]]:
        """Return every time that is offered, the earliest first, and whether it is free."""
        taken = await self._taken(window)
        free = {place for _, place in self._merged(window, taken)}
        return [(place, place in free) for _, place in self._merged(window, Taken())]

    def _by_load(self, taken: "Taken") -> Callable[[Offer], tuple[bool, timedelta, timedelta, str]]:
        """Return what puts offers in order: a session that is there, who has least booked, then by id."""
        zones = {each.id: ZoneInfo(each.zone) for each in self.offering.sites.values()}
        of = cache(lambda who, day, zone: load(taken.busy[who], day, zone))

        def least(offer: Offer) -> tuple[bool, timedelta, timedelta, str]:
            who, place = offer
            zone = zones[place.location_id]
            alone = taken.session(who, place.start) is None
            return (alone, *of(who, place.start.astimezone(zone).date(), zone), who)

        return least

    def _merged(self, window: Interval, taken: "Taken") -> Iterator[Offer]:
        """Everybody's times in order of start, then of the practitioner's id."""
        service = self.offering.service

        def offers(who: str, table: Timetable) -> Iterator[tuple[datetime, str, Place]]:
            alone = offered(table, service, window, taken.busy.get(who, ()))
            for place in merge(alone, taken.joined(who, table, service, window)):
                here = not self.sites or place.location_id in self.sites
                session = taken.session(who, place.start)
                shared = session.resources if session else ()
                if here and not any(each.keeps(place.start, shared) for each in self.hindrances):
                    yield place.start, who, place

        for _, who, place in merge(*(offers(who, table) for who, table in self.tables.items())):
            yield who, place

    async def _taken(self, window: Interval) -> "Taken":
        """Return what is taken of each specialist, from one query; where groups meet, two."""
        service, whose = self.offering.service, sorted(self.tables)
        span = Interval(window.start - service.before, window.end + service.after)
        rows = self.uow.appointments
        busy = await rows.taken(ResourceKind.PRACTITIONER, whose, span, self.now)
        if service.capacity == 1:
            return Taken(busy)
        sessions: dict[str, dict[datetime, Session]] = {}
        for each in await rows.sessions(service.id, whose, window, self.now):
            if each.left(service):
                sessions.setdefault(each.practitioner_id, {})[each.start] = each
        return Taken(busy, sessions)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken of each specialist, and the group sessions in it that still have seats."""

    busy: Busy = field(default_factory=dict)
    sessions: dict[str, dict[datetime, Session]] = field(default_factory=dict)

    def session(self, who: str, start: datetime) -> Session | None:
        """Return the one that a visit then joins."""
        return self.sessions.get(who, {}).get(start)

    def joined(
        self, who: str, table: Timetable, service: HealthcareService, window: Interval
    ) -> Iterator[Place]:
        """Yield the sessions of a specialist that lie within `window` and are still offered, in order."""
        for start in sorted(self.sessions.get(who, {})):
            place = Place(start, start + service.length, place_of(table, service, start))
            if window.start <= start and place.end <= window.end and place.location_id:
                yield place
