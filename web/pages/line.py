"""Who waits, for the clinic's staff: they see the lines and say who has to be seen first."""

from aiohttp.web import Request, Response

from telehealth.domain.errors import NotFound
from telehealth.domain.queue import Priority
from web.gates import see
from web.render import page
from web.request import actor, identifier, services


async def show(request: Request) -> Response:
    """Show who waits for whom."""
    lines = await services(request).waiting.line.waiting(actor(request))
    return page(request, "staff/line.html", lines=lines)


async def prioritize(request: Request) -> Response:
    """Say how soon somebody has to be seen; the places of the others follow."""
    word = identifier(request, "priority")
    if word not in set(Priority):
        raise NotFound
    visit_id = identifier(request, "visit")
    await services(request).waiting.line.prioritize(actor(request), visit_id, Priority(word))
    return see("/line")
