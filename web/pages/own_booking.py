"""Booking by patients: time, details, check, code, done. Each step is a page; all without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from math import ceil
from typing import Annotated, Any

from aiohttp.web import Request, Response

from telehealth.domain.own_booking import Asked, plain_code
from telehealth.services.own_ways import Offered
from telehealth.services.slots import FreeSlot
from web.gates import see
from web.keys import LANGUAGE, SETTINGS
from web.limits import CONTACT, OWN_CODE, spend, spend_own_hold
from web.pages.calendar import file_of
from web.pages.patient import DIGITS, birth_date_of
from web.pages.times import by_day
from web.readers import OPTIONAL_IDENTIFIER, Day, Instant, Text
from web.reading import form, query
from web.render import page
from web.request import identifier, new_key, services
from web.session import own_token, remember_own
from web.zones import zone_of

SHOWN = 20
"""Free times on one page."""
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Step:
    """From where on times are looked for, by day or to the minute, and how the visit shall be."""

    day: Annotated[date | None, Day()] = None
    after: Annotated[datetime | None, Instant()] = None
    how: Annotated[str, OPTIONAL_IDENTIFIER] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The time and the way, and the page's key against a second press."""

    start: Annotated[datetime, Instant()]
    once: Annotated[str, Text(64, 8, pattern=r"[0-9a-f]+")]
    how: Annotated[str, OPTIONAL_IDENTIFIER] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Who somebody is, as typed; a person may have one name only."""

    given: Annotated[str, Text(100)] = ""
    family: Annotated[str, Text(100)] = ""
    day: Annotated[str, Text(2, 1, pattern=DIGITS)]
    month: Annotated[str, Text(2, 1, pattern=DIGITS)]
    year: Annotated[str, Text(4, 1, pattern=DIGITS)]
    contact: Annotated[str, Text(254, 1)]

    def asked(self, language: str) -> Asked:
        """Return them as what somebody told; raises BadInput when the calendar has no such day."""
        born = birth_date_of(self.day, self.month, self.year)
        return Asked(self.given, self.family, born, self.contact, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The code from the message; digits of any script, spaces do not matter."""

    code: Annotated[str, Text(12, 1)]


async def show(request: Request) -> Response:
    """Show the free times of a service that is open to patients."""
    return await _times(request)


async def choose(request: Request) -> Response:
    """Hold a time for this browser and ask who it is for."""
    sent, service = await form(request, Chosen), identifier(request, "service")
    spend_own_hold(request, service, sent.start)
    own = services(request).appointments.alone
    token = await own.choose(service, sent.start, own_token(request), sent.once, sent.how)
    response = see(_address(request, "/details"))
    remember_own(request, response, token)
    return response


async def show_details(request: Request) -> Response:
    """Ask who the visit is for."""
    return await _step(request, "patient/own_details.html")


async def tell(request: Request) -> Response:
    """Keep who the visit is for."""
    sent, service = await form(request, Details), identifier(request, "service")
    asked = sent.asked(request[LANGUAGE])
    await services(request).appointments.alone.tell(service, own_token(request), asked)
    return see(_address(request, "/check"))


async def show_check(request: Request) -> Response:
    """Show all answers, each with the way to change it."""
    return await _step(request, "patient/own_check.html")


async def send(request: Request) -> Response:
    """Send the code; a contact gets few of them, whoever asks."""
    service, own = identifier(request, "service"), services(request).appointments.alone
    found = await own.underway(service, own_token(request))
    asked = found.own.asked if found is not None else None
    if asked is not None:
        spend(request, CONTACT, asked.counted)
    await own.send_code(service, own_token(request), asked.contact if asked else "")
    return see(_address(request, "/code"))


async def show_code(request: Request) -> Response:
    """Ask for the code from the message."""
    return await _step(request, "patient/own_code.html")


async def confirm(request: Request) -> Response:
    """Book for whom the code has shown; a second press changes nothing."""
    sent, service = await form(request, Code), identifier(request, "service")
    spend(request, OWN_CODE, own_token(request))
    await services(request).appointments.alone.confirm(service, own_token(request), plain_code(sent.code))
    return see(_address(request, "/done"))


async def done(request: Request) -> Response:
    """Say that the visit is booked, and what to do on the day."""
    service = identifier(request, "service")
    found = await services(request).appointments.alone.booked(service, own_token(request))
    return page(
        request,
        "patient/own_done.html",
        found=found,
        row=found.row,
        calendar=f"/s/{service}/calendar",
        organization=found.organization.name,
        phone=found.phone,
    )


async def calendar(request: Request) -> Response:
    """Send the calendar file of the visit that this browser booked."""
    service = identifier(request, "service")
    found = await services(request).appointments.alone.booked(service, own_token(request))
    return file_of(request, found)


async def _times(request: Request, *, over: bool = False) -> Response:
    service, step = identifier(request, "service"), query(request, Step, strict=False)
    own, now = services(request).appointments.alone, request.app[SETTINGS].clock.now()
    offered = await own.offered(service)
    local = zone_of(offered.zone)
    day = datetime.combine(step.day, time(0), tzinfo=local).astimezone(UTC) if step.day else None
    first = step.after or day or now
    way = offered.way(step.how)
    slots, later = await own.free(service, first, SHOWN, way.name)
    return page(
        request,
        "patient/own_times.html",
        days=by_day(slots),
        zones=_zones(slots),
        later=later,
        over=over,
        ways=offered.ways,
        way=way,
        first=first.astimezone(local).date(),
        last=offered.service.latest(now).astimezone(local).date(),
        once=new_key(request),
        **_facts(offered),
    )


async def _step(request: Request, template: str) -> Response:
    """Show a step while the time is held; else the times, saying so."""
    own, service = services(request).appointments.alone, identifier(request, "service")
    found = await own.underway(service, own_token(request))
    if found is not None and found.own.visit_id:
        return await done(request)
    if found is None or found.over:
        return await _times(request, over=True)
    left = minutes_left(found.held.held_until, request.app[SETTINGS].clock.now())
    facts = _facts(found.offered)
    return page(request, template, found=found, asked=found.own.asked, left=left, **facts)


def minutes_left(until: datetime | None, now: datetime) -> int:
    """Return how long a time is kept yet."""
    return ceil(((until or now) - now).total_seconds() / MINUTE)


def _facts(offered: Offered) -> dict[str, Any]:
    organization, service = offered.organization, offered.service
    return {"organization": organization.name, "phone": organization.phone, "service": service}


def _zones(slots: Sequence[FreeSlot]) -> list[str]:
    return sorted({each.location.zone for each in slots})


def _address(request: Request, step: str) -> str:
    return f"/s/{identifier(request, 'service')}{step}?lang={request[LANGUAGE]}"
