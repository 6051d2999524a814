"""Cancelling a visit: asked once; its messages then show how the patient is told. All without scripts."""

from aiohttp.web import Request, Response

from telehealth.services.moving import Movable
from web.gates import see
from web.pages.move import is_written_to
from web.render import page
from web.request import actor, identifier, services


async def show(request: Request) -> Response:
    """Ask whether the visit is to be cancelled."""
    found = await _look(request)
    return page(request, "staff/cancel.html", found=found, reached=is_written_to(request, found))


async def cancel(request: Request) -> Response:
    """Cancel; a second press changes nothing."""
    row = (await _look(request)).row
    await services(request).appointments.cancel(actor(request), row.appointment.id)
    return see(f"/messages/{row.visit.id}?done=cancelled")


async def _look(request: Request) -> Movable:
    return await services(request).appointments.look(actor(request), identifier(request, "visit"))
