"""What stands before every handler: limits, who is there, and that a write comes from our own pages."""

from dataclasses import replace

from aiohttp.web import Request, StreamResponse, middleware

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.accounts import SessionStage
from telehealth.domain.errors import NotFound, NotSignedIn
from telehealth.domain.sentences import N_
from web.body import refuse_packed
from web.csrf import SAFE_METHODS, check_origin, check_token
from web.keys import ACTOR, CAMERA, PASSED, REQUEST_ID, ROUTE, SERVICES, SESSION_ID, STANDING
from web.limits import STRANGERS, By, spend
from web.route import Access, Handler, Route, route_of
from web.session import bearer, guest_token, staff_token, visit_token
from web.speech import speak_to_staff

MOUNTED = frozenset({"/socket.io/", "/live", "/live/events", "/live/end"})
"""Addresses that the composition root mounts beside the table; they guard themselves."""


class SessionLocked(NotSignedIn):
    """The screen is locked: the password opens it again."""

    code = "session-locked"
    sentence = N_("The screen is locked. Please enter your password.")


@middleware
async def guard(request: Request, handler: Handler) -> StreamResponse:
    """Let a request through to its handler when the route's line in the table allows it."""
    refuse_packed(request)
    route = route_of(request)
    if route is None:
        return await _beside_the_table(request, handler)
    request[ROUTE] = route.key
    request[CAMERA] = route.camera
    _limit(request, route, By.ADDRESS)
    if request.method not in SAFE_METHODS:
        check_origin(request)
    await (_by_token(request) if route.programs and bearer(request) else _identify(request, route.access))
    for by in (By.SESSION, By.PERSON):
        _limit(request, route, by)
    if request.method not in SAFE_METHODS and route.csrf and SESSION_ID in request and not _program(request):
        await check_token(request)
    request[PASSED] = True
    return await handler(request)


def _program(request: Request) -> bool:
    """Whether a program asks: no page of anybody's sends its token for it."""
    return ACTOR in request and request[ACTOR].kind is ActorKind.PROGRAM


async def _by_token(request: Request) -> None:
    """Let a program in by its token alone; whatever cookies come with it count for nothing."""
    actor = await request.app[SERVICES].record.programs.who(bearer(request))
    if actor is None:
        spend(request, STRANGERS)
        raise NotSignedIn("This token opens nothing, or no longer.")
    request[ACTOR] = replace(actor, request_id=request[REQUEST_ID])
    request[SESSION_ID] = actor.session_id


async def _beside_the_table(request: Request, handler: Handler) -> StreamResponse:
    """Pass on what aiohttp itself answers (not found, wrong method) and what is mounted; deny all else."""
    resource = request.match_info.route.resource
    if resource is not None and resource.canonical not in MOUNTED:
        raise NotFound
    return await handler(request)


def _limit(request: Request, route: Route, by: By) -> None:
    for limit in route.limits:
        if limit.by is by:
            spend(request, limit)


async def _identify(request: Request, access: Access) -> None:
    """Find out who is there, as far as the route wants to know; raise NotSignedIn when nobody fits."""
    if access in (Access.VISITOR, Access.GUEST):
        await _by_link(request, access)
    elif access is not Access.PUBLIC:
        await _staff(request, access)


async def _by_link(request: Request, access: Access) -> None:
    """Let in who once opened a link: the patient's of the visit, or the guest's, that the address names."""
    actor = await (_patient(request) if access is Access.VISITOR else _guest(request))
    if actor is None:
        spend(request, STRANGERS)
        raise NotSignedIn("Please open the link from your message again.")
    request[ACTOR] = replace(actor, request_id=request[REQUEST_ID])
    request[SESSION_ID] = actor.session_id


async def _patient(request: Request) -> Actor | None:
    visit_id = request.match_info["visit"]
    token = visit_token(request, visit_id)
    return await request.app[SERVICES].joining.visitor(visit_id, token) if token else None


async def _guest(request: Request) -> Actor | None:
    guest_id = request.match_info["guest"]
    token = guest_token(request, guest_id)
    return await request.app[SERVICES].company.door.who(guest_id, token) if token else None


async def _staff(request: Request, access: Access) -> None:
    token = staff_token(request)
    standing = await request.app[SERVICES].sessions.standing(token) if token else None
    if standing is None:
        if access is not Access.KNOWN:
            spend(request, STRANGERS)
            raise NotSignedIn
        return
    request[STANDING] = standing
    request[SESSION_ID] = standing.session.id
    speak_to_staff(request)
    if standing.actor is not None:
        request[ACTOR] = replace(standing.actor, request_id=request[REQUEST_ID])
    elif access is Access.STAFF:
        raise SessionLocked if standing.session.stage is SessionStage.LOCKED else NotSignedIn
