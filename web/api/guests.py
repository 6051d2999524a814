"""/api/v1: guests of a visit: inviting, letting in and removing them, and the guest's own steps."""

from dataclasses import dataclass, replace
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.errors import NotFound
from telehealth.domain.guests import NAME_LIMIT, Guest, GuestKind
from telehealth.services.guest_door import GuestView
from web.api.guest_shapes import GuestShape, GuestsShape, InvitedShape, MyPlaceAsGuestShape
from web.api.my import LinkToken
from web.api.present import answer, instant
from web.csrf import token_for
from web.keys import ACTOR, REQUEST_ID, SESSION_ID
from web.limits import JOIN_TOKEN, spend
from web.moments import city_meant, closed_of, moment_of
from web.readers import Choice, Text
from web.reading import json_body
from web.request import actor, identifier, once, services
from web.session import guest_tokens, remember_guest


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Who shall join the visit, as the inviter calls them, and what they are in it."""

    name: Annotated[str, Text(NAME_LIMIT, 1)]
    kind: Annotated[GuestKind, Choice(GuestKind)] = GuestKind.RELATIVE


async def invite(request: Request) -> Response:
    """Invite somebody to a visit; the answer holds their link."""
    said, key = await json_body(request, Invitation), await once(request)
    made = await services(request).company.guests.invite(
        actor(request), identifier(request, "visit"), said.name, said.kind, key
    )
    shape: InvitedShape = {"guest": shape_of(made.guest), "url": made.url}
    return answer(shape, status=201)


async def bring(request: Request) -> Response:
    """Invite somebody to the own visit; the answer holds their link."""
    return await invite(request)


async def listed(request: Request) -> Response:
    """Show who is invited to a visit and where each of them stands."""
    found = await services(request).company.guests.listed(actor(request), identifier(request, "visit"))
    shape: GuestsShape = {"guests": [shape_of(each) for each in found]}
    return answer(shape)


async def let_in(request: Request) -> Response:
    """Let a waiting guest into the running call; repeating it changes nothing."""
    guest = await services(request).company.guests.let_in(
        actor(request), identifier(request, "visit"), identifier(request, "guest")
    )
    return answer(shape_of(guest))


async def remove(request: Request) -> Response:
    """Take an invitation back: the link is dead, and the guest is out of the call at once."""
    guest = await services(request).company.guests.remove(
        actor(request), identifier(request, "visit"), identifier(request, "guest")
    )
    return answer(shape_of(guest))


async def brought(request: Request) -> Response:
    """Show whom the patient has invited, who else waits or is in the call, and where each stands."""
    return await listed(request)


async def take_back(request: Request) -> Response:
    """Refuse a guest: the link is dead, and they are out of the call at once."""
    return await remove(request)


async def look(request: Request) -> Response:
    """Answer what a guest's first screen shows; nothing happens by it."""
    link = await json_body(request, LinkToken)
    spend(request, JOIN_TOKEN, link.token)
    view = await services(request).company.door.look(link.token)
    return answer(place_of(request, view, "") | {"id": ""})


async def open_link(request: Request) -> Response:
    """Exchange a guest's link for a cookie: from now on it is good in this browser only."""
    link = await json_body(request, LinkToken)
    spend(request, JOIN_TOKEN, link.token)
    door = services(request).company.door
    opened = await door.open(link.token, guest_tokens(request))
    guest = await door.who(opened.guest_id, opened.cookie)
    if guest is None:
        raise NotFound
    request[ACTOR] = replace(guest, request_id=request[REQUEST_ID])
    request[SESSION_ID] = guest.session_id
    response = await show(request)
    remember_guest(request, response, opened.guest_id, opened.cookie)
    return response


async def show(request: Request) -> Response:
    """Answer where the guest stands."""
    view = await services(request).company.door.view(actor(request))
    return answer(place_of(request, view, token_for(request)))


async def wait(request: Request) -> Response:
    """Agree to what the page asks, and wait to be let in."""
    await services(request).company.door.wait(actor(request))
    return await show(request)


async def leave(request: Request) -> Response:
    """Leave the call or the wait for it."""
    await services(request).company.door.leave(actor(request))
    return await show(request)


def shape_of(guest: Guest) -> GuestShape:
    """Return a guest as the specialist sees one."""
    return {
        "id": guest.id,
        "name": guest.name,
        "kind": guest.kind.value,
        "state": guest.state.value,
        "since": instant(guest.since),
    }


def place_of(request: Request, view: GuestView, csrf: str) -> MyPlaceAsGuestShape:
    """Return a guest's own view as JSON; `csrf` is for the header of the next write."""
    return {
        "id": view.guest.id,
        "name": view.guest.name,
        "kind": view.guest.kind.value,
        "state": view.guest.state.value,
        "visit": view.state,
        "practitioner": view.practitioner,
        "organization": view.organization,
        "phone": view.phone,
        "patient": view.patient,
        "when": moment_of(request, view),
        "place": city_meant(request, view),
        "start": instant(view.start),
        "zone": view.zone,
        "sentence": closed_of(request, view.closure, view.zone, view.home),
        "running": view.running,
        "csrf": csrf,
    }
