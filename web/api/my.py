"""The patient's own visit as JSON: looking at a link, opening it, and each step up to the call."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.clinic_message import ClinicMessage
from telehealth.domain.consultation import Device
from telehealth.domain.errors import NotFound, VisitClosed
from telehealth.domain.queue import Place
from telehealth.services.agreed import Agreed
from telehealth.services.joining import FirstScreen
from telehealth.services.link_states import SHUT
from telehealth.services.visit_view import VisitView
from web.api.present import answer, instant, nothing
from web.api.present import check as check_of
from web.api.visit_shapes import AgreedShape, ClinicMessageShape, FirstScreenShape, MyVisitShape, PlaceShape
from web.csrf import token_for
from web.keys import ACTOR, LANGUAGE, REQUEST_ID, SERVICES, SESSION_ID
from web.limits import JOIN_TOKEN, spend
from web.moments import city_meant, how_of, moment_of, sentence_of, todo_of
from web.readers import Choice, Flag, Text
from web.reading import json_body, query
from web.session import forget_visit, remember_visit, visit_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkToken:
    """The secret part of a visit link, from the address's fragment."""

    token: Annotated[str, Text(128, 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLink(LinkToken):
    """A link that somebody presses to open; whether the press is the consent to the video visit, too."""

    consent: Annotated[bool, Flag()] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReport:
    """What the check of camera and microphone has shown."""

    state: Annotated[Device, Choice(Device)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitWish:
    """What the check of camera and microphone has shown, where that has not been reported already."""

    device: Annotated[Device | None, Choice(Device)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneWish:
    """The number to be phoned on, with its area code; empty for the one that the clinic has on file."""

    number: Annotated[str, Text(40)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The `mark` of the answer that the asker has."""

    since: Annotated[str, Text(32)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWish:
    """Whether a message is wanted."""

    wanted: Annotated[bool, Flag()]


async def look(request: Request) -> Response:
    """Answer what the first screen shows. Nothing happens: link scanners may come as often as they like."""
    link = await json_body(request, LinkToken)
    spend(request, JOIN_TOKEN, link.token)
    screen = await request.app[SERVICES].joining.look(link.token)
    return answer(first_screen(request, screen))


async def open_link(request: Request) -> Response:
    """Exchange a link for the visit's cookie: this is the arrival. The answer says where the visit stands."""
    link = await json_body(request, OpenedLink)
    spend(request, JOIN_TOKEN, link.token)
    joining = request.app[SERVICES].joining
    opened = await joining.open(link.token, visit_tokens(request))
    visitor = await joining.visitor(opened.visit_id, opened.cookie)
    if visitor is None:
        raise NotFound
    request[ACTOR] = replace(visitor, request_id=request[REQUEST_ID])
    request[SESSION_ID] = visitor.session_id
    if link.consent:
        await request.app[SERVICES].attending.consent(request[ACTOR])
    response = await show(request)
    remember_visit(request, response, opened.visit_id, opened.cookie)
    return response


async def look_again(request: Request) -> Response:
    """Answer where the visit stands; nothing (204) when that is what the asker knows already."""
    shape = my_visit(await _open(request), token_for(request))
    return nothing() if query(request, Known).since == shape["mark"] else answer(shape)


async def show(request: Request) -> Response:
    """Answer where the visit stands."""
    return answer(my_visit(await _open(request), token_for(request)))


async def _open(request: Request) -> VisitView:
    """Return where the visit stands; raises VisitClosed while the clinic is closed, which its page says."""
    view = await request.app[SERVICES].attending.view(request[ACTOR])
    if view.closure is not None:
        raise VisitClosed(SHUT["closed"])
    return view


async def consent(request: Request) -> Response:
    """Keep that the patient agreed to the video visit."""
    await request.app[SERVICES].attending.consent(request[ACTOR])
    return await show(request)


async def device(request: Request) -> Response:
    """Keep what the check of camera and microphone has shown."""
    report = await json_body(request, DeviceReport)
    await request.app[SERVICES].attending.device(request[ACTOR], report.state)
    return await show(request)


async def wait(request: Request) -> Response:
    """Enter the waiting room, with what the check of camera and microphone has shown."""
    wish = await json_body(request, WaitWish)
    attending = request.app[SERVICES].attending
    if wish.device is not None:
        await attending.device(request[ACTOR], wish.device)
    await attending.wait(request[ACTOR])
    return await show(request)


async def ask_phone(request: Request) -> Response:
    """Take the visit by phone instead; the place in line is taken or kept."""
    wish = await json_body(request, PhoneWish)
    await request.app[SERVICES].attending.ask_phone(request[ACTOR], wish.number)
    return await show(request)


async def drop_phone(request: Request) -> Response:
    """Take back the wish to be phoned."""
    await request.app[SERVICES].attending.drop_phone(request[ACTOR])
    return await show(request)


async def text_me(request: Request) -> Response:
    """Keep whether a message shall go to the contact on file when it is nearly the patient's turn."""
    wish = await json_body(request, TextWish)
    await request.app[SERVICES].attending.text_me(request[ACTOR], wanted=wish.wanted)
    return await show(request)


async def not_mine(request: Request) -> Response:
    """Give a link back that is somebody else's: a session that this browser has by it ends."""
    link = await json_body(request, LinkToken)
    spend(request, JOIN_TOKEN, link.token)
    services = request.app[SERVICES]
    holder = await services.joining.holder(link.token, visit_tokens(request))
    response = nothing()
    if holder is not None:
        await services.misdirected.not_me(holder)
        forget_visit(request, response, holder.visit_id)
    return response


async def not_me(request: Request) -> Response:
    """End this browser's session: the person behind it is somebody else."""
    actor = request[ACTOR]
    await request.app[SERVICES].misdirected.not_me(actor)
    response = nothing()
    forget_visit(request, response, actor.visit_id)
    return response


async def step_out(request: Request) -> Response:
    """Leave the waiting room; the visit stays open."""
    await request.app[SERVICES].attending.step_out(request[ACTOR])
    return await show(request)


async def leave(request: Request) -> Response:
    """Note that the patient pressed Leave."""
    await request.app[SERVICES].attending.leave(request[ACTOR])
    return await show(request)


def first_screen(request: Request, screen: FirstScreen) -> FirstScreenShape:
    """Return a link's first screen as JSON; `place` is named where only the reader's own clock may differ."""
    return {
        "state": screen.state,
        "early": screen.early or bool(how_of(request, screen.entry)),
        "way": screen.entry.way.value,
        "moved": screen.moved,
        "changeable": screen.changeable,
        "when": moment_of(request, screen),
        "sentence": sentence_of(request, screen),
        "todo": todo_of(request, screen.entry),
        "place": city_meant(request, screen),
        "practitioner": screen.practitioner,
        "organization": screen.organization,
        "phone": screen.phone,
        "start": instant(screen.start),
        "end": instant(screen.end),
        "zone": screen.zone,
        "patient": screen.patient,
        "language": screen.language,
        "book": f"/s/{screen.open_service}?lang={request[LANGUAGE]}" if screen.open_service else "",
    }


def my_visit(view: VisitView, csrf: str) -> MyVisitShape:
    """Return the patient's visit as JSON; `csrf` is for the header of the next write."""
    shape: MyVisitShape = {
        "visit": view.visit.id,
        "status": view.visit.status,
        "device": view.visit.device,
        "practitioner": view.practitioner,
        "organization": view.organization,
        "phone": view.phone,
        "patient": view.patient,
        "start": instant(view.start),
        "end": instant(view.end),
        "zone": view.zone,
        "ahead": view.place.ahead,
        "place": place(view.place),
        "messages": [clinic_message(each) for each in view.messages],
        "text_me": view.text_me.value if view.text_me else "impossible",
        "csrf": csrf,
        "hold": view.hold.value,
        "mark": "",
        "consented": view.visit.consent_at is not None,
        "own_phone": view.own_phone,
        "call_on": view.call_on,
        "check": check_of(view.check, view.visit.bound_to),
        "summary": _agreed(view.agreed),
    }
    return {**shape, "mark": _mark(shape)}


def _agreed(found: Agreed) -> AgreedShape | None:
    return {"outcome": found.outcome, "when": found.when} if found.outcome else None


def place(told: Place) -> PlaceShape:
    """Return a place in line as JSON."""
    return {
        "ahead": told.ahead,
        "minutes": told.minutes,
        "late": told.late,
        "why": told.why.value,
        "paused": told.paused,
    }


def clinic_message(message: ClinicMessage) -> ClinicMessageShape:
    """Return what the clinic said as JSON."""
    return {
        "id": message.id,
        "sent": instant(message.sent_at),
        "prepared": message.prepared.value,
        "text": message.text,
        "language": message.language,
    }


def _mark(shape: MyVisitShape) -> str:
    """Return what stays the same as long as nothing but the token changes."""
    lasting = json.dumps({**shape, "csrf": ""}, sort_keys=True)
    return hashlib.sha256(lasting.encode()).hexdigest()[:32]
