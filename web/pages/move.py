"""Moving a visit: free times of its specialist as links, one question, done. Complete without scripts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.series import Reach
from telehealth.services.moving import Movable
from web.api.booking import MoveBody
from web.gates import see
from web.pages.series_changes import ask_reach, asks_reach, show_move
from web.pages.times import Wanted, free_times
from web.readers import Choice, Day, Instant
from web.reading import form, query
from web.render import page
from web.request import actor, identifier, new_key, once, services


@dataclass(frozen=True, slots=True)
class Step:
    """How far the choice has come."""

    day: Annotated[date | None, Day()] = None
    start: Annotated[datetime | None, Instant()] = None
    reach: Annotated[Reach | None, Choice(Reach)] = None


async def show(request: Request) -> Response:
    """Show the free times, or whether one of them is right."""
    found = await _look(request)
    step = query(request, Step, strict=False)
    reached = is_written_to(request, found)
    if step.start is not None:
        return await _confirm(request, found, step.start, step.reach)
    if request.query.get("done") == "moved" and found.row.visit.moved_at is not None:
        return page(request, "staff/moved.html", found=found, reached=reached)
    return await _choose(request, found, step)


async def _confirm(request: Request, found: Movable, start: datetime, reach: Reach | None) -> Response:
    """Ask whether the time is right; of a series first how far the move goes."""
    if asks_reach(found, reach) and not found.row.appointment.apart:
        return ask_reach(request, found, start)
    if reach in {Reach.FOLLOWING, Reach.ALL}:
        return await show_move(request, found, start, reach)
    key, reached = new_key(request), is_written_to(request, found)
    return page(request, "staff/move_confirm.html", found=found, start=start, once=key, reached=reached)


async def move(request: Request) -> Response:
    """Move the visit; a second press changes nothing."""
    found, sent = await _look(request), await form(request, MoveBody)
    moving, appointment_id = services(request).appointments.moving, found.row.appointment.id
    key, whole = await once(request), sent.whole
    await moving.move(actor(request), appointment_id, sent.start, sent.version, key, whole=whole)
    return see(f"/move/{found.row.visit.id}?done=moved")


async def again(request: Request) -> Response:
    """Show the choice of times again after a refusal such as a time just taken."""
    return await _choose(request, await _look(request), Step())


def is_written_to(request: Request, found: Movable) -> bool:
    """Whether the patient gets a message when this visit is moved or cancelled."""
    return not found.row.visit.test and bool(services(request).booking.ways(found.row.patient))


async def _look(request: Request) -> Movable:
    moving = services(request).appointments.moving
    return await moving.look(actor(request), identifier(request, "visit"))


async def _choose(request: Request, found: Movable, step: Step) -> Response:
    row = found.row
    wanted = Wanted(
        row.service.id,
        row.visit.practitioner_id,
        row.location.zone,
        needs=found.needs,
        whose=row.appointment.patient_organization_id,
        had=found.parties,
    )
    return page(request, "staff/move.html", found=found, times=await free_times(request, wanted, step.day))
