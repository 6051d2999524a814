"""Visits as calendars know them; of a series its rule, what is left out and added, and what is apart."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from telehealth.calendars import CalendarEntry, SeriesEntry
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import NotFound
from telehealth.domain.series import Series, local_id, occurrences, resolved, rule_of, rule_text
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.ways import place_of


def series_entry(series: Series, visits: Sequence[Appointment]) -> SeriesEntry:
    """Return the whole series as it stands; cancelled where no visit of it is left."""
    zone = ZoneInfo(series.zone)
    living = {each.recurrence: each for each in visits if each.status is not AppointmentStatus.CANCELLED}
    first = resolved(datetime.fromisoformat(series.local_start), zone)
    rule = rule_of(series.rule)
    ruled = [each.id for each in occurrences(rule, first.start, zone)]
    counted = replace(rule, count=len(ruled), until=None)
    return SeriesEntry(
        uid=series.uid,
        sequence=_sequence(visits),
        start=_wall(local_id(first.local), zone),
        length=visits[0].end - visits[0].start,
        rule=rule_text(counted, first.local.date()),
        left_out=tuple(_wall(each, zone) for each in ruled if each not in living),
        added=tuple(_wall(each, zone) for each in sorted(set(living) - set(ruled))),
        apart=tuple(_apart(series, visits, living.values())),
        cancelled=not living,
    )


async def series_within(uow: UnitOfWork, series_id: str) -> tuple[list[DayRow], SeriesEntry]:
    """Return the visits of a series by start, and all of it as calendars know it; raises NotFound."""
    series = await uow.series.get(series_id)
    if series is None:
        raise NotFound
    ids = await uow.series.visits(series_id)
    rows = await uow.visits.rows(ids)
    visits = [rows[each] for each in ids]
    return visits, series_entry(series, [each.appointment for each in visits])


async def entry_of(uow: UnitOfWork, row: DayRow) -> CalendarEntry:
    """Return what a calendar needs to know about a visit, which may be one of a series."""
    at = row.appointment
    off = row.visit.status is VisitStatus.CANCELLED
    site = await place_of(uow, at)
    place = site.found_at if site else ""
    entry = CalendarEntry(at.uid, at.sequence, at.start, at.end, off, way=at.modality, place=place)
    series = await uow.series.get(at.series_id) if at.series_id else None
    if series is None:
        return entry
    return _recurring(entry, series, at, await uow.series.sequence(series.id))


def _apart(
    series: Series, visits: Sequence[Appointment], living: Iterable[Appointment]
) -> Iterable[CalendarEntry]:
    """Yield the visits that are not when the rule says, and those whose wall time clocks jump over."""
    for each in living:
        agreed = resolved(datetime.fromisoformat(each.recurrence), ZoneInfo(series.zone))
        if agreed.shifted or agreed.start != each.start:
            entry = CalendarEntry(each.uid, each.sequence, each.start, each.end, cancelled=False)
            yield _recurring(entry, series, each, _sequence(visits))


def _recurring(
    entry: CalendarEntry, series: Series, appointment: Appointment, sequence: int
) -> CalendarEntry:
    wall = _wall(appointment.recurrence, ZoneInfo(series.zone))
    return replace(entry, uid=series.uid, sequence=sequence, recurrence=wall)


def _sequence(visits: Sequence[Appointment]) -> int:
    """Return a number that rises with every change of any visit: calendars compare it over the series."""
    return sum(each.sequence for each in visits)


def _wall(local: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone)
