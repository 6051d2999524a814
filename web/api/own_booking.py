"""/api/v1/open-services: booking by whom nobody knows yet; the token of the first answer names the rest."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.errors import NotFound
from telehealth.domain.own_booking import Asked, plain_code
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.services.own_booking import Underway
from telehealth.services.own_ways import OwnWay
from telehealth.services.slots import FreeSlot
from web.api.own_shapes import OpenServiceShape, OpenSlotList, OpenSlotShape, OpenWayShape, OwnBookingShape
from web.api.present import answer, instant, nothing
from web.keys import SETTINGS
from web.limits import CONTACT, OWN_CODE, spend, spend_own_hold
from web.readers import OPTIONAL_IDENTIFIER, Day, Instant, Text, Whole
from web.reading import json_body, query
from web.request import KEY_HEADER, identifier, new_key, proper_key, services
from web.session import TOKEN_LIMIT

TOKEN = Text(TOKEN_LIMIT, 1)
PAGE, MOST = 20, 100


@dataclass(frozen=True, slots=True)
class From:
    """From where on times are looked for, now unless it says otherwise, and how many.

    `how` is the name of one of the service's ways, its first where it is left out.
    """

    after: Annotated[datetime | None, Instant()] = None
    count: Annotated[int, Whole(1, MOST)] = PAGE
    how: Annotated[str, OPTIONAL_IDENTIFIER] = ""


@dataclass(frozen=True, slots=True)
class StartBody:
    """The time, the name of the way, and the token of a booking whose time it takes the place of."""

    start: Annotated[datetime, Instant()]
    token: Annotated[str, Text(TOKEN_LIMIT)] = ""
    how: Annotated[str, OPTIONAL_IDENTIFIER] = ""


@dataclass(frozen=True, slots=True)
class TokenBody:
    """The booking."""

    token: Annotated[str, TOKEN]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBody:
    """Who the visit is for; `contact` is an e-mail address, or a phone number with + and the country."""

    token: Annotated[str, TOKEN]
    given: Annotated[str, Text(100)] = ""
    family: Annotated[str, Text(100)] = ""
    birth_date: Annotated[date, Day()]
    contact: Annotated[str, Text(254, 1)]
    language: Annotated[str, Text(LANGUAGE_LIMIT, 2)]


@dataclass(frozen=True, slots=True)
class CodeBody:
    """The booking and the code from the message."""

    token: Annotated[str, TOKEN]
    code: Annotated[str, Text(12, 1)]


async def show(request: Request) -> Response:
    """Show a service that is open to patients."""
    found = await services(request).appointments.alone.offered(identifier(request, "service"))
    shape: OpenServiceShape = {
        "id": found.service.id,
        "name": found.service.name,
        "minutes": found.service.minutes,
        "organization": found.organization.name,
        "phone": found.organization.phone,
        "ways": [_way(each) for each in found.ways],
    }
    return answer(shape)


async def slots(request: Request) -> Response:
    """List free times of an open service."""
    sent, service = query(request, From), identifier(request, "service")
    first = sent.after or request.app[SETTINGS].clock.now()
    alone = services(request).appointments.alone
    found, later = await alone.free(service, first, sent.count, sent.how)
    shape: OpenSlotList = {
        "slots": [_slot(each) for each in found],
        "next": instant(later) if later else None,
    }
    return answer(shape)


async def hold(request: Request) -> Response:
    """Keep a time for ten minutes; one for each booking, whose token is answered."""
    sent, service = await json_body(request, StartBody), identifier(request, "service")
    key = proper_key(request.headers.get(KEY_HEADER, "") or new_key(request))
    spend_own_hold(request, service, sent.start)
    alone = services(request).appointments.alone
    token = await alone.choose(service, sent.start, sent.token, key, sent.how)
    return await _answer(request, token, status=201)


async def tell(request: Request) -> Response:
    """Keep who the visit is for, and send a code to the contact."""
    sent, service = await json_body(request, PersonBody), identifier(request, "service")
    asked = Asked(sent.given, sent.family, sent.birth_date, sent.contact, sent.language)
    alone = services(request).appointments.alone
    await alone.tell(service, sent.token, asked)
    spend(request, CONTACT, asked.counted)
    await alone.send_code(service, sent.token, asked.contact)
    return nothing()


async def confirm(request: Request) -> Response:
    """Book for whom the code has shown; the link goes to the contact and is not answered."""
    sent, service = await json_body(request, CodeBody), identifier(request, "service")
    spend(request, OWN_CODE, sent.token)
    await services(request).appointments.alone.confirm(service, sent.token, plain_code(sent.code))
    return await _answer(request, sent.token)


async def state(request: Request) -> Response:
    """Show how far a booking has come."""
    sent = await json_body(request, TokenBody)
    return await _answer(request, sent.token)


async def _answer(request: Request, token: str, *, status: int = 200) -> Response:
    service = identifier(request, "service")
    found = await services(request).appointments.alone.underway(service, token)
    if found is None:
        raise NotFound
    shape: OwnBookingShape = {
        "token": token,
        "state": _state(found),
        "start": instant(found.held.start),
        "end": instant(found.held.end),
        "zone": found.location.zone,
        "practitioner": found.practitioner.display,
        "modality": found.held.modality.value,
        "place": found.place,
        "held_until": instant(found.held.held_until) if found.held.held_until else None,
    }
    return answer(shape, status=status)


def _way(way: OwnWay) -> OpenWayShape:
    place = way.site.found_at if way.site else ""
    return {"name": way.name, "modality": way.modality.value, "place": place}


def _state(found: Underway) -> str:
    if found.own.visit_id:
        return "booked"
    return "over" if found.over else "held"


def _slot(slot: FreeSlot) -> OpenSlotShape:
    return {
        "start": instant(slot.start),
        "end": instant(slot.end),
        "zone": slot.location.zone,
        "practitioner": slot.practitioner.display,
    }
