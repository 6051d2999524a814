"""Moving or cancelling visits of a series together: which, then each one seen, one press. Without scripts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.series import Reach
from telehealth.services.moving import Movable
from telehealth.services.series_reach import Move, Wish
from web.api.series import reason
from web.gates import see
from web.pages.series import ANSWERS, Answer
from web.readers import VERSION, Choice, Instant
from web.reading import form
from web.render import page
from web.request import actor, identifier, new_key, once, services


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelForm:
    """How far the cancellation goes, and the visit's appointment as it was read."""

    version: Annotated[int, VERSION]
    reach: Annotated[Reach, Choice(Reach)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveForm(CancelForm):
    """Where the visit goes, and what becomes of each of the others."""

    start: Annotated[datetime, Instant()]
    answer: Annotated[tuple[Answer, ...], ANSWERS] = ()


def asks_reach(found: Movable, reach: Reach | None) -> bool:
    """Whether it has to be asked how far a change goes: the visit is one of a series."""
    return bool(found.row.appointment.series_id) and reach is None


def ask_reach(request: Request, found: Movable, start: datetime | None = None) -> Response:
    """Ask whether this visit alone is meant, or others of its series with it."""
    return page(request, "staff/series_reach.html", found=found, start=start)


async def show_move(request: Request, found: Movable, start: datetime, reach: Reach) -> Response:
    """Show where every visit would go; nothing moves."""
    wish = Wish(found.row.appointment.id, found.row.appointment.version, reach)
    outlook = await services(request).appointments.series_changes.foresee(actor(request), Move(wish, start))
    visits = [(row, each, reason(request, each)) for row, each in outlook.visits]
    return page(
        request,
        "staff/series_move.html",
        found=found,
        outlook=outlook,
        visits=visits,
        blocked=sum(not each.free for _, each in outlook.visits),
        start=start,
        reach=reach.value,
        reached=_written_to(request, found),
        once=new_key(request),
    )


async def move(request: Request) -> Response:
    """Move them all; a second press changes nothing."""
    found, sent = await _look(request), await form(request, MoveForm)
    kept = frozenset(each.occurrence for each in sent.answer if not each.yes and not each.start)
    instead = {each.occurrence: each.start for each in sent.answer if each.start}
    wanted = Move(Wish(found.row.appointment.id, sent.version, sent.reach), sent.start, kept, instead)
    changes = services(request).appointments.series_changes
    after = await changes.move(actor(request), wanted, await once(request))
    return see(f"/series/{after.series.id}?done=moved")


async def again_move(request: Request) -> Response:
    """Show every visit again after a refusal such as a time just taken."""
    found, sent = await _look(request), await form(request, MoveForm)
    return await show_move(request, found, sent.start, sent.reach)


async def show_cancel(request: Request, found: Movable, reach: Reach) -> Response:
    """Show which visits would be cancelled, and ask whether they are to be."""
    wish = Wish(found.row.appointment.id, found.row.appointment.version, reach)
    concerned = await services(request).appointments.series_changes.look(actor(request), wish)
    return page(
        request,
        "staff/series_cancel.html",
        found=found,
        concerned=concerned,
        reach=reach.value,
        reached=_written_to(request, found),
        once=new_key(request),
    )


async def cancel(request: Request) -> Response:
    """Cancel them all; a second press changes nothing."""
    found, sent = await _look(request), await form(request, CancelForm)
    wish = Wish(found.row.appointment.id, sent.version, sent.reach)
    changes = services(request).appointments.series_changes
    after = await changes.cancel(actor(request), wish, await once(request))
    return see(f"/series/{after.series.id}?done=cancelled")


async def again_cancel(request: Request) -> Response:
    """Show which visits would be cancelled once more, with why they were not."""
    found, sent = await _look(request), await form(request, CancelForm)
    return await show_cancel(request, found, sent.reach)


async def _look(request: Request) -> Movable:
    return await services(request).appointments.look(actor(request), identifier(request, "visit"))


def _written_to(request: Request, found: Movable) -> bool:
    return bool(services(request).booking.ways(found.row.patient))
