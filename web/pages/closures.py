"""When the clinic is closed: what is coming, one more, and open again. Complete without scripts."""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.closures import ClosedBecause
from telehealth.services.closures import NewClosure
from web.gates import see
from web.readers import OPTIONAL_IDENTIFIER, Choice, Day, Text, WallTime
from web.reading import form
from web.render import page
from web.request import actor, identifier, services


@dataclass(frozen=True, slots=True)
class Closing:
    """A time to close, as typed; wall times at the own site."""

    from_day: Annotated[date, Day()]
    from_time: Annotated[time, WallTime()]
    to_day: Annotated[date, Day()]
    to_time: Annotated[time, WallTime()]
    reason: Annotated[ClosedBecause, Choice(ClosedBecause)]
    site: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    phone: Annotated[str, Text(40)] = ""


async def show(request: Request) -> Response:
    """Show what is coming, and the form that closes."""
    found = await services(request).closures.listed(actor(request))
    return page(request, "staff/closures.html", found=found, done=request.query.get("done", ""))


async def add(request: Request) -> Response:
    """Close for a time; visits in it stay booked, and their patients are told."""
    sent = await form(request, Closing)
    new = NewClosure(
        location_id=sent.site,
        from_day=sent.from_day,
        from_time=sent.from_time,
        to_day=sent.to_day,
        to_time=sent.to_time,
        reason=sent.reason,
        phone=sent.phone,
    )
    await services(request).closures.add(actor(request), new)
    return see("/closures?done=closed")


async def remove(request: Request) -> Response:
    """Open again: patients of that time can come."""
    await services(request).closures.remove(actor(request), identifier(request, "closure"))
    return see("/closures?done=open")
