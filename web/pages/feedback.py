"""What patients said about their visits: a specialist's day, and an administrator's counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from aiohttp.web import Request, Response

from web.readers import Day
from web.reading import query
from web.render import page
from web.request import actor, services


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The day to look at; without it yesterday at the actor's site."""

    day: Annotated[date | None, Day()] = None


async def show(request: Request) -> Response:
    """Show what the patients of one day said, beside how their lines were."""
    wanted = query(request, Wanted, strict=False)
    found = await services(request).overview.feedback.day(actor(request), wanted.day)
    a_day = timedelta(days=1)
    return page(request, "staff/said.html", day=found, before=found.day - a_day, after=found.day + a_day)


async def counts(request: Request) -> Response:
    """Show how often each answer and each trouble was named in the organization."""
    return page(
        request,
        "staff/said_counts.html",
        counts=await services(request).overview.feedback.counts(actor(request)),
    )
