"""Sums up how the lines of many visits were: by site, by time of day, and the worst. Nobody is named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from telehealth.domain.line_record import WEAK_MOS
from telehealth.domain.organizations import Location
from telehealth.services.line_record_repository import Measured

WORST_SHOWN = 10
MOSTLY = 500
"""Thousandths of a call: from so many on it went through the relay."""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit, as good as the line of whoever had the worst: nobody hears more than that one sends."""

    visit_id: str
    location: Location
    start: datetime
    mos: int
    worst: int
    rtt: int
    loss: int
    breaks: int
    relayed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What several visits have in common: `mos` is the median, `weak` how many were below WEAK_MOS."""

    visits: int
    mos: int
    weak: int
    relayed: int
    breaks: int

    def share(self, number: int) -> int:
        """Return a number of these visits in hundredths of all."""
        return round(100 * number / self.visits)


@dataclass(frozen=True, slots=True)
class LineReport:
    """The lines of the last `days`: all, by site's name and by hour of day at the site."""

    days: int
    lines: list[Measured]
    all: Group | None
    sites: list[tuple[Location, Group]]
    hours: list[tuple[int, Group]]
    worst: list[VisitLine]


def report_of(days: int, lines: Sequence[Measured], locations: Mapping[str, Location]) -> LineReport:
    """Return the report about these lines."""
    by_visit: dict[str, list[Measured]] = defaultdict(list)
    for each in lines:
        by_visit[each.summary.visit_id].append(each)
    visits = [_visit(each, locations) for each in by_visit.values()]
    sites, hours = defaultdict(list), defaultdict(list)
    for visit in visits:
        sites[visit.location.id].append(visit)
        hours[visit.start.astimezone(ZoneInfo(visit.location.zone)).hour].append(visit)
    named = sorted((locations[site] for site in sites), key=lambda each: (each.name, each.id))
    return LineReport(
        days,
        list(lines),
        _group(visits) if visits else None,
        [(site, _group(sites[site.id])) for site in named],
        [(hour, _group(hours[hour])) for hour in sorted(hours)],
        sorted(visits, key=lambda each: (each.mos, each.worst, each.visit_id))[:WORST_SHOWN],
    )


def _visit(lines: Sequence[Measured], locations: Mapping[str, Location]) -> VisitLine:
    told = [each.summary for each in lines]
    return VisitLine(
        told[0].visit_id,
        locations[lines[0].location_id],
        lines[0].start,
        mos=min(each.mos for each in told),
        worst=min(each.worst for each in told),
        rtt=max(each.rtt for each in told),
        loss=max(each.loss for each in told),
        breaks=max(each.breaks for each in told),
        relayed=any(each.relayed >= MOSTLY for each in told),
    )


def _group(visits: Iterable[VisitLine]) -> Group:
    all_of_them = list(visits)
    return Group(
        len(all_of_them),
        round(median(each.mos for each in all_of_them)),
        weak=sum(each.mos < WEAK_MOS for each in all_of_them),
        relayed=sum(each.relayed for each in all_of_them),
        breaks=sum(each.breaks for each in all_of_them),
    )
