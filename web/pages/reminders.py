"""How long before a visit its patient is reminded, for each service. Complete without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.reminders import OFFERED
from web.gates import see
from web.readers import VERSION, Many, Whole
from web.reading import form
from web.render import page
from web.request import actor, identifier, services


@dataclass(frozen=True, slots=True)
class Spans:
    """The boxes that are ticked, in minutes, and the service's version as it was shown."""

    version: Annotated[int, VERSION]
    minutes: Annotated[tuple[int, ...], Many(Whole(0, max(OFFERED)), len(OFFERED))] = ()


async def show(request: Request) -> Response:
    """Show every service with its reminders."""
    found = await services(request).messages.reminders.listed(actor(request))
    done = request.query.get("done", "")
    return page(request, "staff/reminders.html", services=found, offered=OFFERED, done=done)


async def keep(request: Request) -> Response:
    """Keep the reminders of one service."""
    sent = await form(request, Spans)
    service_id = identifier(request, "service")
    await services(request).messages.reminders.choose(actor(request), service_id, sent.version, sent.minutes)
    return see("/reminders?done=kept")
