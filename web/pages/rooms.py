"""Rooms, devices and interpreters: what there is, one more, another name. Complete without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.appointment import ResourceKind
from telehealth.services.resources import NAME_LIMIT, Description
from web.api.rooms import PAUSE, Retirement
from web.gates import see
from web.readers import IDENTIFIER, VERSION, Choice, Text
from web.reading import form
from web.render import page
from web.request import actor, identifier, services

MOST_TYPED = 200


@dataclass(frozen=True, slots=True)
class Adding:
    """One more, as typed; languages with blanks or commas between."""

    site: Annotated[str, IDENTIFIER]
    kind: Annotated[ResourceKind, Choice(ResourceKind)]
    name: Annotated[str, Text(NAME_LIMIT)]
    before_minutes: Annotated[int, PAUSE] = 0
    after_minutes: Annotated[int, PAUSE] = 0
    languages: Annotated[str, Text(MOST_TYPED)] = ""


@dataclass(frozen=True, slots=True)
class Changing:
    """What is said of one, as typed."""

    name: Annotated[str, Text(NAME_LIMIT)]
    version: Annotated[int, VERSION]
    before_minutes: Annotated[int, PAUSE] = 0
    after_minutes: Annotated[int, PAUSE] = 0
    languages: Annotated[str, Text(MOST_TYPED)] = ""


async def show(request: Request) -> Response:
    """Show what there is at each site, and the form that adds to it."""
    found = await services(request).timing.resources.listed(actor(request))
    return page(request, "staff/rooms.html", found=found, done=request.query.get("done", ""))


async def add(request: Request) -> Response:
    """Add a room, device or interpreter."""
    sent = await form(request, Adding)
    await services(request).timing.resources.add(actor(request), sent.site, sent.kind, _said(sent))
    return see("/rooms?done=kept")


async def one(request: Request) -> Response:
    """Show one, to be changed or taken out of use."""
    desk = services(request).timing.resources
    resource = await desk.one(actor(request), identifier(request, "resource"))
    return page(request, "staff/room.html", resource=resource)


async def change(request: Request) -> Response:
    """Say something else of one."""
    sent, which = await form(request, Changing), identifier(request, "resource")
    await services(request).timing.resources.change(actor(request), which, sent.version, _said(sent))
    return see("/rooms?done=kept")


async def retire(request: Request) -> Response:
    """Book one no more."""
    sent, which = await form(request, Retirement), identifier(request, "resource")
    await services(request).timing.resources.retire(actor(request), which, sent.version)
    return see("/rooms?done=retired")


def _said(sent: Adding | Changing) -> Description:
    languages = tuple(sent.languages.replace(",", " ").split())
    return Description(sent.name, sent.before_minutes, sent.after_minutes, languages)
