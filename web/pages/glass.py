"""Opening a record in an emergency, and reviewing it afterwards. Complete without scripts.

Whom it is about and why goes by POST, never into an address.
"""

from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.glass import LONGEST, SHORTEST, Finding
from telehealth.domain.recorded import MOST_OF_A_KIND
from web.api.directory import Search, patient_query
from web.gates import see
from web.keys import SETTINGS
from web.readers import IDENTIFIER, Choice, Text
from web.reading import form
from web.render import page
from web.request import actor, identifier, services


@dataclass(frozen=True, slots=True)
class Breaking:
    """Whose record is to be opened, and why."""

    patient: Annotated[str, IDENTIFIER]
    reason: Annotated[str, Text(LONGEST, lines=True)]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an officer has found, in words."""

    finding: Annotated[Finding, Choice(Finding)]
    words: Annotated[str, Text(LONGEST, lines=True)]


async def show(request: Request) -> Response:
    """Ask whose record it is; what is open already stands there, too."""
    return await _asked(request)


async def search(request: Request) -> Response:
    """Show who matches exactly, in any house of the cluster, and ask why."""
    return await _asked(request, await form(request, Search))


async def open_(request: Request) -> Response:
    """Open the record, and go there."""
    sent = await form(request, Breaking)
    glass = await services(request).record.glass.open(actor(request), sent.patient, sent.reason)
    return see(f"/emergency/{glass.id}")


async def _asked(request: Request, sought: Search | None = None) -> Response:
    """Show the page; what was sought goes along with the reason, so that it can be shown once more."""
    glass, me = services(request).record.glass, actor(request)
    found = await glass.find(me, patient_query(sought)) if sought else None
    return page(
        request,
        "staff/emergency.html",
        mine=await glass.mine(me),
        found=found,
        sought=sought,
        shortest=SHORTEST,
        most=LONGEST,
    )


async def look(request: Request) -> Response:
    """Show the record, how long it stays open, and why it was opened.

    The browser asks again when its time is over: what nobody may read then does not stay on a screen. A limit
    of time that is the very point is none that WCAG 2.2.1 asks to be extended.
    """
    behind = await services(request).record.glass.look(actor(request), identifier(request, "glass"))
    most, day_of = MOST_OF_A_KIND, date.fromisoformat
    response = page(request, "staff/emergency_record.html", behind=behind, most=most, day_of=day_of)
    left = behind.opened.glass.until - request.app[SETTINGS].clock.now()
    response.headers["Refresh"] = str(ceil(left.total_seconds()))
    return response


async def close(request: Request) -> Response:
    """End it before its time."""
    await services(request).record.glass.close(actor(request), identifier(request, "glass"))
    return see("/emergency")


async def reviews(request: Request) -> Response:
    """Show what waits for a review, and what was found."""
    found = await services(request).audit.review.listed(actor(request))
    odd = await services(request).audit.alerts.listed(actor(request))
    return page(
        request,
        "staff/reviews.html",
        found=found,
        odd=odd,
        asked=request.match_info.get("glass", ""),
        shortest=SHORTEST,
        most=LONGEST,
    )


async def alert_seen(request: Request) -> Response:
    """Keep that an officer has looked into something odd."""
    await services(request).audit.alerts.seen(actor(request), identifier(request, "alert"))
    return see("/reviews")


async def review(request: Request) -> Response:
    """Keep what the officer has found."""
    glass = identifier(request, "glass")
    sent = await form(request, Judgement)
    await services(request).audit.review.review(actor(request), glass, sent.finding, sent.words)
    return see("/reviews")
