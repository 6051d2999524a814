"""One's own sessions: where one is signed in, and ending them."""

from aiohttp.web import Request, Response

from web.gates import see
from web.render import page
from web.request import actor, identifier, services


async def sessions(request: Request) -> Response:
    """Show where the person is signed in."""
    found = await services(request).sessions.mine(actor(request))
    return page(request, "staff/sessions.html", sessions=found, own=actor(request).session_id)


async def revoke(request: Request) -> Response:
    """End one of the person's own sessions; its pages and sockets go within seconds."""
    session_id = identifier(request, "session")
    await services(request).sessions.revoke(actor(request), session_id)
    return see("/" if session_id == actor(request).session_id else "/sessions")
