"""/api/v1/queue-links: the own place of somebody who came without an appointment, by their link."""

from aiohttp.web import Request, Response

from telehealth.services.walk_in_door import OwnPlace
from web.api.my import LinkToken
from web.api.present import answer
from web.api.queue_shapes import OwnPlaceShape
from web.keys import SETTINGS
from web.limits import JOIN_TOKEN, spend
from web.moments import say
from web.reading import json_body
from web.request import services

TEMPLATE = "patient/own_place.html"


async def look(request: Request) -> Response:
    """Answer where somebody stands in the queue; nothing happens by it."""
    door, token = services(request).waiting.door, await _token(request)
    return answer(own_place(request, await door.look(token)))


async def leave(request: Request) -> Response:
    """Note that somebody goes away before they were called."""
    door, token = services(request).waiting.door, await _token(request)
    return answer(own_place(request, await door.leave(token)))


async def back(request: Request) -> Response:
    """Let somebody wait again who went away, by their first arrival."""
    door, token = services(request).waiting.door, await _token(request)
    return answer(own_place(request, await door.back(token)))


async def _token(request: Request) -> str:
    link = await json_body(request, LinkToken)
    spend(request, JOIN_TOKEN, link.token)
    return link.token


def own_place(request: Request, found: OwnPlace) -> OwnPlaceShape:
    """Return a place as JSON, with what is said about it in the reader's language."""
    place, wait = _words(request, found)
    standing = found.standing
    return {
        "state": "over" if found.over else found.walk_in.status.value,
        "ahead": standing.ahead if standing else None,
        "minutes": standing.minutes if standing else None,
        "place": place,
        "wait": wait,
        "organization": found.clinic.name,
        "phone": found.clinic.phone,
    }


def _words(request: Request, found: OwnPlace) -> tuple[str, str]:
    """Return the place and how long it takes in words; while the clinic is closed, that and until when."""
    if found.shut is not None:
        now = request.app[SETTINGS].clock.now()
        opens = say(request, "opens", found.shut.until, found.shut.zone, now, template=TEMPLATE)
        return say(request, "closed", template=TEMPLATE), opens
    if found.standing is None:
        return "", ""
    place = say(request, "place", found.standing.ahead, template=TEMPLATE)
    return place, say(request, "wait", found.standing.minutes, template=TEMPLATE)
