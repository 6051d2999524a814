"""/api/v1/appointments/…/series: a change of one visit goes on to the following ones, or to all ahead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.series import MOST, Reach
from telehealth.services.series_reach import Move, MoveOutlook, Wish
from web.api.present import answer, instant
from web.api.series import OCCURRENCE, InsteadBody, foreseen, series
from web.api.series_shapes import MoveOutlookShape
from web.readers import VERSION, Choice, Instant, Many
from web.reading import Part, json_body
from web.request import actor, identifier, once, services


@dataclass(frozen=True, slots=True, kw_only=True)
class WishBody:
    """How far the change goes, and the appointment's `version` as it was read."""

    version: Annotated[int, VERSION]
    reach: Annotated[Reach, Choice(Reach)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBody(WishBody):
    """Where the visit goes; the others keep their distance in days and get its wall time.

    `kept` are occurrences that stay where they are, `instead` those that get a time of their own.
    """

    start: Annotated[datetime, Instant()]
    kept: Annotated[tuple[str, ...], Many(OCCURRENCE, MOST)] = ()
    instead: Annotated[tuple[InsteadBody, ...], Many(Part(InsteadBody), MOST)] = ()


async def foresee(request: Request) -> Response:
    """Show where every visit would go and what is in its way; move nothing."""
    move = _move(request, await json_body(request, MoveBody))
    found = await services(request).appointments.series_changes.foresee(actor(request), move)
    return answer(_outlook(request, found))


async def move(request: Request) -> Response:
    """Move all of them or none; the patient gets one message, and a new link to each."""
    wanted = _move(request, await json_body(request, MoveBody))
    changes = services(request).appointments.series_changes
    return answer(series(await changes.move(actor(request), wanted, await once(request))))


async def cancel(request: Request) -> Response:
    """Cancel all of them; the patient gets one message."""
    sent = await json_body(request, WishBody)
    wish = Wish(identifier(request, "appointment"), sent.version, sent.reach)
    changes = services(request).appointments.series_changes
    return answer(series(await changes.cancel(actor(request), wish, await once(request))))


def move_of(appointment_id: str, sent: MoveBody) -> Move:
    """Return what the service takes."""
    wish = Wish(appointment_id, sent.version, sent.reach)
    instead = {each.occurrence: each.start for each in sent.instead}
    return Move(wish, sent.start, frozenset(sent.kept), instead)


def _move(request: Request, sent: MoveBody) -> Move:
    return move_of(identifier(request, "appointment"), sent)


def _outlook(request: Request, found: MoveOutlook) -> MoveOutlookShape:
    return {
        "zone": found.concerned.found.series.zone,
        "visits": [
            {
                **foreseen(request, each),
                "occurrence": row.appointment.recurrence,
                "before": instant(row.appointment.start),
            }
            for row, each in found.visits
        ],
    }
