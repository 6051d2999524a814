"""What an administrator decides for the whole organization. Complete without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from web.gates import see
from web.readers import Flag
from web.reading import form
from web.render import page
from web.request import actor, identifier, services


@dataclass(frozen=True, slots=True)
class Preparing:
    """Whether calls are made ready; a box that is not ticked does not come at all."""

    prepares: Annotated[bool, Flag()] = False


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether patients may book a service by themselves."""

    open: Annotated[bool, Flag()]


async def show(request: Request) -> Response:
    """Show what is decided."""
    house = await services(request).rules.read(actor(request))
    listed, done = await services(request).timing.open.listed(actor(request)), request.query.get("done", "")
    return page(request, "staff/organization.html", house=house, services=listed, done=done)


async def keep(request: Request) -> Response:
    """Keep whether calls are made ready before Admit."""
    sent = await form(request, Preparing)
    await services(request).rules.prepare(actor(request), wanted=sent.prepares)
    return see("/organization?done=kept")


async def open_service(request: Request) -> Response:
    """Open a service to patients, or close it."""
    sent, service = await form(request, Opening), identifier(request, "service")
    await services(request).timing.open.open(actor(request), service, wanted=sent.open)
    return see("/organization?done=kept")
