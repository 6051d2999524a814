"""Cancelling a visit: asked once; its messages then show how the patient is told. All without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.consultation import UNBEGUN
from telehealth.domain.series import Reach
from telehealth.services.moving import Movable
from web.api.booking import CancelBody
from web.gates import see
from web.pages.move import is_written_to
from web.pages.series_changes import ask_reach, asks_reach, show_cancel
from web.readers import Choice
from web.reading import form, query
from web.render import page
from web.request import actor, identifier, services


@dataclass(frozen=True, slots=True)
class Step:
    """How far the cancellation of a visit of a series goes."""

    reach: Annotated[Reach | None, Choice(Reach)] = None


async def show(request: Request) -> Response:
    """Ask whether the visit is to be cancelled; of a series first how far that goes."""
    found, reach = await _look(request), query(request, Step, strict=False).reach
    if found.row.visit.status in UNBEGUN and asks_reach(found, reach):
        return ask_reach(request, found)
    if reach in {Reach.FOLLOWING, Reach.ALL}:
        return await show_cancel(request, found, reach)
    return page(request, "staff/cancel.html", found=found, reached=is_written_to(request, found))


async def cancel(request: Request) -> Response:
    """Cancel; a second press changes nothing."""
    row, sent = (await _look(request)).row, await form(request, CancelBody)
    desk = services(request).appointments
    cancel_it = desk.cancel_group if sent.whole else desk.cancel
    await cancel_it(actor(request), row.appointment.id)
    return see(f"/messages/{row.visit.id}?done=cancelled")


async def _look(request: Request) -> Movable:
    return await services(request).appointments.look(actor(request), identifier(request, "visit"))
