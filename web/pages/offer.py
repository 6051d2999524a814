"""A time that is offered to somebody on a waiting list: seen by its link or code, taken or not.

The token of the link is known to the page's script only, which sends it by a form; without a script the code
of the message and the date of birth do. Looking changes nothing, so that who scans mails may look.
"""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.crypto.tokens import normalise_spoken
from telehealth.services.waitlist_door import OwnOffer
from web.body import posted
from web.gates import see
from web.keys import LANGUAGE
from web.limits import JOIN_TOKEN, spend
from web.pages.patient import DIGITS, birth_date_of
from web.readers import Text
from web.reading import form
from web.render import page
from web.request import services

ANSWERS = ("taken", "declined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The token of the link; else the code and the date of birth."""

    token: Annotated[str, Text(64)] = ""
    code: Annotated[str, Text(24)] = ""
    day: Annotated[str, Text(2, pattern=f"({DIGITS})?")] = ""
    month: Annotated[str, Text(2, pattern=f"({DIGITS})?")] = ""
    year: Annotated[str, Text(4, pattern=f"({DIGITS})?")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The token of an offer that is being shown."""

    token: Annotated[str, Text(64, 1)]


async def door(request: Request) -> Response:
    """Ask for the code, unless the script has the token; or say what came of the answer."""
    answer = request.query.get("answer", "")
    answer, by_link = answer if answer in ANSWERS else "", await held_link(request)
    return page(request, "patient/offer.html", found=None, answer=answer, by_link=by_link)


async def held_link(request: Request) -> bool:
    """Whether what was sent, and perhaps refused, is a link's token: of that secret nothing else is shown."""
    return request.method == "POST" and bool((await posted(request)).get("token"))


async def look(request: Request) -> Response:
    """Show the time that is kept, and the two answers."""
    held = await form(request, Held)
    offers = services(request).appointments.offer_door
    if held.token:
        spend(request, JOIN_TOKEN, held.token)
        return _offered(request, await offers.look(held.token))
    born, code = birth_date_of(held.day, held.month, held.year), normalise_spoken(held.code)
    spend(request, JOIN_TOKEN, code)
    return _offered(request, await offers.by_code(code, born))


async def take(request: Request) -> Response:
    """Take the time: the visit is booked, or moved to it."""
    sent = await form(request, Token)
    spend(request, JOIN_TOKEN, sent.token)
    await services(request).appointments.offer_door.take(sent.token)
    return _answered(request, "taken")


async def decline(request: Request) -> Response:
    """Leave the time to somebody else, and stay on the list."""
    sent = await form(request, Token)
    spend(request, JOIN_TOKEN, sent.token)
    await services(request).appointments.offer_door.decline(sent.token)
    return _answered(request, "declined")


def _offered(request: Request, found: OwnOffer) -> Response:
    organization = found.organization
    return page(
        request,
        "patient/offer.html",
        found=found,
        answer="",
        organization=organization.name,
        phone=organization.phone,
    )


def _answered(request: Request, answer: str) -> Response:
    return see(f"/v/offer?lang={request[LANGUAGE]}&answer={answer}")
