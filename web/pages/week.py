"""The week of a specialist: what is worked, what differs, and the form that says so, without scripts too."""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.absences import MOST_DAYS
from telehealth.domain.access import GRANTS, Permission
from telehealth.domain.hours_exceptions import ExceptionKind
from telehealth.domain.scheduling import A_DAY, A_WEEK, MIDNIGHT
from telehealth.services.hours_exceptions import NewException
from web.gates import see
from web.keys import FILLED, LANGUAGE
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, VERSION, Choice, Day, WallTime
from web.reading import form, query
from web.render import page
from web.request import actor, identifier, services, today


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose week, and any day of it."""

    person: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    week: Annotated[date | None, Day()] = None


@dataclass(frozen=True, slots=True)
class Said:
    """From which to which day somebody was just said to be away."""

    week: Annotated[date | None, Day()] = None
    away: Annotated[date | None, Day()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs, as typed: without a last day it is one day, without times the whole of it."""

    kind: Annotated[ExceptionKind, Choice(ExceptionKind)]
    first: Annotated[date, Day()]
    site: Annotated[str, IDENTIFIER]
    week: Annotated[date, Day()]
    start: Annotated[time, WallTime()] = MIDNIGHT
    last: Annotated[date | None, Day()] = None
    end: Annotated[time, WallTime()] = MIDNIGHT
    service: Annotated[str, OPTIONAL_IDENTIFIER] = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """Which version of an exception was seen, and the week to come back to."""

    version: Annotated[int, VERSION]
    week: Annotated[date, Day()]


async def show(request: Request) -> Response:
    """Show a week of one's own or, to coordinators and administrators, of any specialist of theirs."""
    wanted = query(request, Wanted, strict=False)
    return await _week(request, wanted.person, wanted.week or today(request))


async def add(request: Request) -> Response:
    """Keep that somebody is away or works more."""
    sent, person = await form(request, Difference), identifier(request, "person")
    new = NewException(
        practitioner_id=person,
        kind=sent.kind,
        location_id=sent.site,
        first=sent.first,
        start=sent.start,
        last=sent.last or sent.first,
        end=sent.end,
        service_id=sent.service,
    )
    kept = await services(request).timing.exceptions.add(actor(request), new)
    away = f"&away={new.last}" if sent.kind is ExceptionKind.AWAY else ""
    return see(f"/hours?person={person}&week={sent.first}&done=kept&booked={kept.booked}{away}")


async def again(request: Request) -> Response:
    """Show the week once more, with what was wrong about the form."""
    try:
        week = date.fromisoformat(request[FILLED].get("week", ""))
    except ValueError:
        week = today(request)
    return await _week(request, identifier(request, "person"), week)


async def remove(request: Request) -> Response:
    """Forget what differed: the weekly hours hold again."""
    sent, person = await form(request, Gone), identifier(request, "person")
    keeper, exception_id = services(request).timing.exceptions, identifier(request, "exception")
    await keeper.remove(actor(request), person, exception_id, sent.version)
    return see(f"/hours?person={person}&week={sent.week}&done=kept")


async def _week(request: Request, person: str, day: date) -> Response:
    week = await services(request).timing.weeks.read(actor(request), person, day, request[LANGUAGE])
    first, role = week.days[0].date, actor(request).role
    grants = GRANTS[role] if role is not None else frozenset()
    return page(
        request,
        "staff/week.html",
        week=week,
        first=first,
        before=first - A_WEEK,
        after=first + A_WEEK,
        sets_hours=Permission.STAFF_MANAGE in grants,
        arranges=Permission.ABSENCE_ARRANGE in grants,
        away=_arranging(request, week.person.id),
        done=request.query.get("done", ""),
        booked=request.query.get("booked", "0"),
    )


def _arranging(request: Request, person: str) -> str:
    """Return where the visits of days just said to be away can be arranged, as many at once as may be."""
    said = query(request, Said, strict=False)
    if said.week is None or said.away is None:
        return ""
    last = min(said.away, said.week + (MOST_DAYS - 1) * A_DAY)
    return f"/absence?practitioner={person}&first={said.week}&last={last}"
