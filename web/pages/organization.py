"""What an administrator decides for the whole organization. Complete without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from web.gates import see
from web.readers import Flag
from web.reading import form
from web.render import page
from web.request import actor, services


@dataclass(frozen=True, slots=True)
class Preparing:
    """Whether calls are made ready; a box that is not ticked does not come at all."""

    prepares: Annotated[bool, Flag()] = False


async def show(request: Request) -> Response:
    """Show what is decided."""
    house = await services(request).rules.read(actor(request))
    return page(request, "staff/organization.html", house=house, done=request.query.get("done", ""))


async def keep(request: Request) -> Response:
    """Keep whether calls are made ready before Admit."""
    sent = await form(request, Preparing)
    await services(request).rules.prepare(actor(request), wanted=sent.prepares)
    return see("/organization?done=kept")
