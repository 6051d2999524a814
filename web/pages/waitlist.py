"""The waiting lists as staff see them: who waits, what is offered, adding and taking off. Without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.reminders import MORNING
from telehealth.domain.waitlist import EVERY_DAY, MOST_NOTICE, at_night
from telehealth.services.waitlist import Wish
from web.body import posted
from web.gates import see
from web.pages.own_wish import WEEK
from web.pages.times import own_zone
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, Day, Many, Whole
from web.reading import form, query
from web.render import page
from web.request import actor, identifier, services, today

LOOKS_AHEAD = timedelta(days=28)
"""What staff are proposed: so long after the first day is the last one."""


@dataclass(frozen=True, slots=True)
class Whom:
    """The patient who is to be put on a list, and what was looked for in vain."""

    patient: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    service: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    practitioner: Annotated[str, OPTIONAL_IDENTIFIER] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishBody:
    """A wish as typed; no day of the week is every one."""

    patient_id: Annotated[str, IDENTIFIER]
    service_id: Annotated[str, IDENTIFIER]
    practitioner_id: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    first: Annotated[date, Day()]
    last: Annotated[date, Day()]
    weekday: Annotated[tuple[int, ...], Many(Whole(1, 7), 7)] = ()
    notice_hours: Annotated[int, Whole(0, MOST_NOTICE)]

    def wish(self) -> Wish:
        """Return what the service takes."""
        days = self.weekday or EVERY_DAY
        return Wish(
            self.patient_id,
            self.service_id,
            self.first,
            self.last,
            self.practitioner_id,
            days,
            self.notice_hours,
        )


async def show(request: Request) -> Response:
    """Show who waits, longest waiting first."""
    lines = await services(request).appointments.waitlist.listed(actor(request))
    return page(
        request,
        "staff/waitlist.html",
        lines=lines,
        week=WEEK,
        at_night=at_night,
        morning=f"{MORNING:%H:%M}",
    )


async def show_add(request: Request) -> Response:
    """Ask for what the patient waits, and when they could come."""
    return await _ask(request, query(request, Whom, strict=False))


async def again_add(request: Request) -> Response:
    """Ask once more, with what was wrong about it."""
    sent = await posted(request)
    names = ("patient", "service", "practitioner")
    ids = [OPTIONAL_IDENTIFIER.read(sent.get(f"{name}_id", ""), name) for name in names]
    return await _ask(request, Whom(*ids), sent.getall("weekday", []))


async def _ask(request: Request, whom: Whom, weekdays: Sequence[str] = ()) -> Response:
    patient = await services(request).desk.get(actor(request), whom.patient)
    catalogue = await services(request).desk.catalogue(actor(request))
    offered = {service for service, _ in catalogue.offers}
    first = today(request, own_zone(request, catalogue))
    return page(
        request,
        "staff/waitlist_add.html",
        patient=patient,
        whom=whom,
        weekdays=weekdays,
        offered=[each for each in catalogue.services if each.id in offered],
        people=catalogue.practitioners,
        first=first,
        last=first + LOOKS_AHEAD,
        most=MOST_NOTICE,
    )


async def add(request: Request) -> Response:
    """Put a patient on a list."""
    sent = await form(request, WishBody)
    await services(request).appointments.waitlist.add(actor(request), sent.wish())
    return see("/waitlist")


async def take_off(request: Request) -> Response:
    """Take somebody off a list; a time that is kept for them is free at once."""
    desk = services(request).appointments.waitlist
    await desk.take_off(actor(request), identifier(request, "waiting"))
    return see("/waitlist")
