"""The patient's own change: another time of the same specialist, or off. All without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from aiohttp.web import Request, Response

from telehealth.crypto.tokens import normalise_spoken
from telehealth.domain.changing import FARTHEST, Barrier
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import SlotTaken
from telehealth.services.changing import Changeable
from telehealth.services.joining import OpenedVisit
from telehealth.services.slots import FreeSlot
from web.api.booking import MoveBody
from web.api.my import LinkToken
from web.body import posted
from web.gates import see
from web.keys import LANGUAGE, SETTINGS
from web.limits import JOIN_TOKEN, spend
from web.pages.patient import SpokenWay
from web.pages.times import by_day
from web.readers import VERSION, Day, Instant
from web.reading import form, query
from web.render import page
from web.request import actor, new_key, once, services
from web.session import remember_visit, visit_tokens
from web.zones import zone_of

SHOWN = 20
"""Free times on one page."""


@dataclass(frozen=True, slots=True)
class Step:
    """From where on times are looked for, by day or to the minute; and which of them was chosen."""

    day: Annotated[date | None, Day()] = None
    after: Annotated[datetime | None, Instant()] = None
    start: Annotated[datetime | None, Instant()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The appointment's version as the page showed it."""

    version: Annotated[int, VERSION]


async def door(request: Request) -> Response:
    """Let in whoever has the link, or code and birth date, to change the visit: nobody arrives by it."""
    opened = await _opened(request)
    response = see(_address(request, opened.visit_id, "change"))
    remember_visit(request, response, opened.visit_id, opened.cookie)
    return response


async def _opened(request: Request) -> OpenedVisit:
    joining, held = services(request).joining, visit_tokens(request)
    if "token" in await posted(request):
        link = await form(request, LinkToken)
        spend(request, JOIN_TOKEN, link.token)
        return await joining.open(link.token, held, here=False)
    typed = await form(request, SpokenWay)
    code = normalise_spoken(typed.code)
    spend(request, JOIN_TOKEN, code)
    return await joining.by_code(code, typed.birth_date, held, here=False)


async def show(request: Request) -> Response:
    """Show the free times, whether one of them is right, or the visit at its new time."""
    found = await services(request).appointments.changing.look(actor(request))
    step = query(request, Step, strict=False)
    if request.query.get("done") == "moved" and found.row.visit.moved_at is not None:
        return _page(request, "patient/change_done.html", found)
    if step.start is None or found.barrier is not Barrier.NONE:
        return await _choose(request, found, step)
    slots, _ = await services(request).appointments.changing.free(actor(request), step.start, 1)
    if any(slot.start == step.start for slot in slots):
        return _page(request, "patient/change_confirm.html", found, start=step.start, once=new_key(request))
    return await _choose(request, found, Step(after=step.start), refused=SlotTaken())


async def move(request: Request) -> Response:
    """Move the visit; a second press changes nothing."""
    sent = await form(request, MoveBody)
    found = await services(request).appointments.changing.look(actor(request))
    moving, appointment_id = services(request).appointments.moving, found.row.appointment.id
    await moving.move(actor(request), appointment_id, sent.start, sent.version, await once(request))
    return see(_address(request, found.row.visit.id, "change") + "&done=moved")


async def again(request: Request) -> Response:
    """Show the choice of times again after a refusal such as a time just taken."""
    return await _choose(request, await services(request).appointments.changing.look(actor(request)), Step())


async def ask_earlier(request: Request) -> Response:
    """Put the visit on the waiting list for an earlier time."""
    await services(request).appointments.waitlist.earlier(actor(request))
    return see(_address(request, request.match_info["visit"], "change"))


async def drop_earlier(request: Request) -> Response:
    """Take that wish back."""
    await services(request).appointments.waitlist.not_earlier(actor(request))
    return see(_address(request, request.match_info["visit"], "change"))


async def show_cancel(request: Request) -> Response:
    """Ask whether the visit is to be cancelled; say so once it is."""
    found = await services(request).appointments.changing.look(actor(request))
    return _page(request, "patient/change_cancel.html", found)


async def cancel(request: Request) -> Response:
    """Cancel the visit as the page showed it; a second press changes nothing."""
    sent = await form(request, Read)
    found = await services(request).appointments.changing.look(actor(request))
    await services(request).appointments.cancel(actor(request), found.row.appointment.id, sent.version)
    return see(_address(request, found.row.visit.id, "cancel"))


async def _choose(request: Request, found: Changeable, step: Step, **more: Any) -> Response:
    zone = found.row.patient.zone
    day = datetime.combine(step.day, time(0), tzinfo=zone_of(zone)).astimezone(UTC) if step.day else None
    now = request.app[SETTINGS].clock.now()
    first, last = step.after or day or now, min(found.row.service.latest(now), now + FARTHEST)
    slots: Sequence[FreeSlot] = []
    later = None
    if found.barrier is Barrier.NONE:
        slots, later = await services(request).appointments.changing.free(actor(request), first, SHOWN)
    return _page(
        request,
        "patient/change.html",
        found,
        first=first.astimezone(zone_of(zone)).date(),
        last=last.astimezone(zone_of(zone)).date(),
        days=by_day(slots, zone),
        later=later,
        **more,
    )


def _page(request: Request, template: str, found: Changeable, **more: Any) -> Response:
    return page(
        request,
        template,
        found=found,
        row=found.row,
        barrier=found.barrier.value,
        off=found.row.visit.status is VisitStatus.CANCELLED,
        organization=found.organization,
        phone=found.phone,
        **more,
    )


def _address(request: Request, visit_id: str, what: str) -> str:
    return f"/v/{visit_id}/{what}?lang={request[LANGUAGE]}"
