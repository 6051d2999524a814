"""/api/v1/staff/{practitioner}/hours and /exceptions: when a specialist works, and what differs."""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.scheduling import Break
from telehealth.services.hours import HoursRow, NewHours
from telehealth.services.hours_exceptions import Kept, NewException
from web.api.hours_shapes import ExceptionList, ExceptionShape, HoursList, HoursShape, KeptExceptionShape
from web.api.present import answer, nothing
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, VERSION, Choice, Day, Many, WallSpan, WallTime, Whole
from web.reading import json_body, query
from web.request import actor, identifier, services

MOST_BREAKS = 6


@dataclass(frozen=True, slots=True)
class HoursBody:
    """Hours of every week: ISO weekday, wall times at the site, what can be booked in them.

    They hold from today on and for good where no days are given. `breaks` are written as 12:00/12:45.
    """

    weekday: Annotated[int, Whole(1, 7)]
    start: Annotated[time, WallTime()]
    end: Annotated[time, WallTime()]
    service: Annotated[str, IDENTIFIER]
    site: Annotated[str, IDENTIFIER]
    breaks: Annotated[tuple[tuple[time, time], ...], Many(WallSpan(), MOST_BREAKS)] = ()
    valid_from: Annotated[date | None, Day()] = None
    until: Annotated[date | None, Day()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursChange(HoursBody):
    """Hours as they are to be, and their `version` as it was read."""

    version: Annotated[int, VERSION]


@dataclass(frozen=True, slots=True)
class ExceptionBody:
    """When somebody is away, or works more at a site for a service: wall times there.

    Of an absence the site says whose clocks are meant; it holds everywhere.
    """

    kind: Annotated[ExceptionKind, Choice(ExceptionKind)]
    site: Annotated[str, IDENTIFIER]
    first: Annotated[date, Day()]
    last: Annotated[date, Day()]
    start: Annotated[time, WallTime()] = time(0)
    end: Annotated[time, WallTime()] = time(0)
    service: Annotated[str, OPTIONAL_IDENTIFIER] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionChange(ExceptionBody):
    """An exception as it is to be, and its `version` as it was read."""

    version: Annotated[int, VERSION]


@dataclass(frozen=True, slots=True)
class Version:
    """The version that was read."""

    version: Annotated[int, VERSION]


@dataclass(frozen=True, slots=True)
class Days:
    """From which day to which, both included."""

    first: Annotated[date, Day()]
    last: Annotated[date, Day()]


def new_hours(practitioner_id: str, sent: HoursBody) -> NewHours:
    """Return the hours that the administrator sets."""
    return NewHours(
        practitioner_id=practitioner_id,
        location_id=sent.site,
        service_id=sent.service,
        weekday=sent.weekday,
        start=sent.start,
        end=sent.end,
        breaks=tuple(Break(start, end) for start, end in sent.breaks),
        valid_from=sent.valid_from,
        until=sent.until,
    )


def new_exception(practitioner_id: str, sent: ExceptionBody) -> NewException:
    """Return what differs."""
    return NewException(
        practitioner_id=practitioner_id,
        kind=sent.kind,
        location_id=sent.site,
        first=sent.first,
        start=sent.start,
        last=sent.last,
        end=sent.end,
        service_id=sent.service,
    )


async def listed(request: Request) -> Response:
    """List a specialist's weekly hours."""
    rows = await services(request).hours.listed(actor(request), identifier(request, "practitioner"))
    shape: HoursList = {"hours": [_hours(row) for row in rows]}
    return answer(shape)


async def add(request: Request) -> Response:
    """Add weekly hours."""
    sent = await json_body(request, HoursBody)
    new = new_hours(identifier(request, "practitioner"), sent)
    return answer(_hours(await services(request).hours.add(actor(request), new)), status=201)


async def change(request: Request) -> Response:
    """Change weekly hours; visits that are booked stay."""
    sent = await json_body(request, HoursChange)
    new = new_hours(identifier(request, "practitioner"), sent)
    hours_id = identifier(request, "hours")
    return answer(_hours(await services(request).hours.change(actor(request), hours_id, sent.version, new)))


async def remove(request: Request) -> Response:
    """Remove weekly hours as they were read; visits that are booked stay."""
    sent, person = query(request, Version), identifier(request, "practitioner")
    await services(request).hours.remove(actor(request), person, identifier(request, "hours"), sent.version)
    return nothing()


async def exceptions(request: Request) -> Response:
    """List what differs from a specialist's weekly hours on some days."""
    days, person = query(request, Days), identifier(request, "practitioner")
    found = await services(request).timing.exceptions.listed(actor(request), person, days.first, days.last)
    shape: ExceptionList = {"exceptions": [_exception(each) for each in found]}
    return answer(shape)


async def add_exception(request: Request) -> Response:
    """Keep that somebody is away or works more; visits that are booked then stay."""
    new = new_exception(identifier(request, "practitioner"), await json_body(request, ExceptionBody))
    return answer(_kept(await services(request).timing.exceptions.add(actor(request), new)), status=201)


async def change_exception(request: Request) -> Response:
    """Change an exception."""
    sent = await json_body(request, ExceptionChange)
    new = new_exception(identifier(request, "practitioner"), sent)
    keeper, exception_id = services(request).timing.exceptions, identifier(request, "exception")
    return answer(_kept(await keeper.change(actor(request), exception_id, sent.version, new)))


async def remove_exception(request: Request) -> Response:
    """Forget an exception: the weekly hours hold again."""
    sent, person = query(request, Version), identifier(request, "practitioner")
    keeper, exception_id = services(request).timing.exceptions, identifier(request, "exception")
    await keeper.remove(actor(request), person, exception_id, sent.version)
    return nothing()


def _hours(row: HoursRow) -> HoursShape:
    rule = row.rule
    return {
        "id": rule.id,
        "weekday": rule.weekday,
        "start": _wall(rule.start),
        "end": _wall(rule.end),
        "service": rule.service_id or "",
        "site": rule.location_id,
        "valid_from": rule.valid_from.isoformat(),
        "until": rule.until.isoformat() if rule.until else "",
        "breaks": [f"{_wall(each.start)}/{_wall(each.end)}" for each in rule.breaks],
        "version": rule.version,
    }


def _exception(exception: HoursException) -> ExceptionShape:
    return {
        "id": exception.id,
        "kind": exception.kind.value,
        "first": exception.first.isoformat(),
        "start": _wall(exception.start),
        "last": exception.last.isoformat(),
        "end": _wall(exception.end),
        "site": exception.location_id,
        "service": exception.service_id,
        "version": exception.version,
    }


def _kept(kept: Kept) -> KeptExceptionShape:
    return {"exception": _exception(kept.exception), "booked": kept.booked}


def _wall(wall: time) -> str:
    return wall.isoformat("minutes")
