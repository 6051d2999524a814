"""/api/v1/clinic and /api/v1/visits: the specialist's day and what is done with one visit."""

from dataclasses import dataclass
from datetime import date as calendar_day
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.services.repositories import DayRow
from web.api import present
from web.api.allergies import shape_of
from web.api.present import answer
from web.api.visit_shapes import ClinicRowShape, ClinicShape, ConsultShape
from web.readers import Day, Many, Text
from web.reading import json_body, query
from web.request import actor, identifier, once, reader, services


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which day; today where the specialist's site is, when left out."""

    date: Annotated[calendar_day | None, Day()] = None


@dataclass(frozen=True, slots=True)
class ConfirmationBody:
    """Two of name, birth-date, identifier, phone; where the patient is now; where to ring back."""

    identifiers: Annotated[tuple[str, ...], Many(Text(20, 1), 5)]
    place: Annotated[str, Text(300, 1)]
    callback: Annotated[str, Text(40, 1)]


async def day(request: Request) -> Response:
    """Show the specialist's visits of one day."""
    view = await services(request).clinic.day(actor(request), query(request, Wanted).date)
    tiles = view.tiles
    shape: ClinicShape = {
        "date": view.date.isoformat(),
        "zone": view.zone,
        "rows": [_row(request, row) for row in view.rows],
        "tiles": {
            "waiting": tiles.waiting,
            "longest_wait_minutes": tiles.longest_wait_minutes,
            "seen": tiles.seen,
            "total": tiles.total,
            "late_minutes": tiles.late_minutes,
            "to_sign": tiles.to_sign,
        },
        "running": present.running(view.running),
        "closed": present.span(view.closed),
    }
    return answer(shape)


def _row(request: Request, row: DayRow) -> ClinicRowShape:
    told = present.visit(row, actor(request).name, reader(request))
    return {**told, "resources": [present.party(each) for each in row.parties]}


async def show(request: Request) -> Response:
    """Show one visit with the patient's identity and those who wait after it."""
    view = await services(request).consulting.visit(actor(request), identifier(request, "visit"))
    name = actor(request).name
    shape: ConsultShape = {
        "visit": present.visit(view.row, name, reader(request)),
        "next": [present.visit(row, name, reader(request)) for row in view.next],
        "allergies": shape_of(view.allergies),
    }
    return answer(shape)


async def confirm(request: Request) -> Response:
    """Keep who and where the patient is; this opens the clinical part."""
    sent = await json_body(request, ConfirmationBody)
    visit_id = identifier(request, "visit")
    changed = await services(request).consulting.confirm(
        actor(request), visit_id, sent.identifiers, sent.place, sent.callback
    )
    return answer(present.visit_state(changed))


async def phone(request: Request) -> Response:
    """Take the visit by phone from now on; the answer says which number to call."""
    changed = await services(request).consulting.phone(actor(request), identifier(request, "visit"))
    return answer(present.visit_state(changed))


async def admit(request: Request) -> Response:
    """Let the waiting patient in; repeating it changes nothing."""
    changed = await services(request).consulting.admit(actor(request), identifier(request, "visit"))
    return answer(present.visit_state(changed))


async def invite(request: Request) -> Response:
    """Send the visit's link to the patient again, to the contacts on file."""
    await services(request).messages.resending.again(
        actor(request), identifier(request, "visit"), await once(request)
    )
    return present.nothing()


async def end(request: Request) -> Response:
    """End the visit for everyone; repeating it changes nothing."""
    changed = await services(request).consulting.end(actor(request), identifier(request, "visit"))
    return answer(present.visit_state(changed))


async def let_in(request: Request) -> Response:
    """Let the patient's second device in, instead of the first; repeating it changes nothing."""
    changed = await services(request).devices.let_in(actor(request), identifier(request, "visit"))
    return answer(present.visit_state(changed))


async def turn_away(request: Request) -> Response:
    """Turn the second device away: it is not the patient's; repeating it changes nothing."""
    changed = await services(request).devices.turn_away(actor(request), identifier(request, "visit"))
    return answer(present.visit_state(changed))
