"""After the clinic: how a day went, to be read or printed, and the notes that still want a signature."""

from datetime import timedelta

from aiohttp.web import Request, Response

from telehealth.domain.looking_back import End
from web.pages.feedback import Wanted
from web.reading import query
from web.render import page
from web.request import actor, services

A_DAY = timedelta(days=1)


async def summary(request: Request) -> Response:
    """Show how a day went."""
    wanted = query(request, Wanted, strict=False)
    found = await services(request).overview.looking_back.day(actor(request), wanted.day)
    return page(
        request,
        "staff/summary.html",
        day=found,
        end=End,
        before=found.day - A_DAY,
        after=found.day + A_DAY,
    )


async def to_sign(request: Request) -> Response:
    """Show every note that wants a signature, over all days."""
    rows = await services(request).overview.looking_back.to_sign(actor(request))
    return page(request, "staff/to_sign.html", rows=rows)
