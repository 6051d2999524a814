"""The patient's pages: one document for a whole visit, the spoken way into it, and what leads there."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.crypto.tokens import normalise_spoken
from telehealth.domain.consultation import CLOSED, VisitStatus
from telehealth.domain.errors import BadInput, FieldProblem, VisitClosed
from telehealth.services.joining import FirstScreen
from web.api.my import PhoneWish, TextWish, my_visit
from web.browsers import browser_of, platform_of
from web.csrf import token_for
from web.gates import see
from web.keys import ACTOR, LANGUAGE, REFUSED, SERVICES
from web.limits import JOIN_TOKEN, spend
from web.readers import Text
from web.reading import form
from web.render import page
from web.session import remember_visit, visit_tokens

DIGITS = r"\d{1,4}"
TOOK_PLACE = CLOSED - {VisitStatus.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWay:
    """The code of the message and the date of birth, as typed; digits of any script."""

    code: Annotated[str, Text(24, 1)]
    day: Annotated[str, Text(2, 1, pattern=DIGITS)]
    month: Annotated[str, Text(2, 1, pattern=DIGITS)]
    year: Annotated[str, Text(4, 1, pattern=DIGITS)]

    @property
    def birth_date(self) -> date:
        """The date of birth; raises BadInput when the calendar has no such day."""
        return birth_date_of(self.day, self.month, self.year)


def birth_date_of(day: str, month: str, year: str) -> date:
    """Return the date of three typed fields; raises BadInput when the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise BadInput(FieldProblem("day", "not-a-date", "There is no such day.")) from error


async def door(request: Request) -> Response:
    """Show the page behind every visit link; only its script knows whose link it is."""
    return _door(request)


def _door(
    request: Request, closed: FirstScreen | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    return page(
        request,
        "patient/visit.html",
        visit=None,
        visit_id="",
        visit_open=False,
        mine=None,
        closed=closed,
        typed=typed,
        organization=closed.organization if closed else "",
        phone=closed.phone if closed else "",
    )


async def by_code(request: Request) -> Response:
    """Open a visit by its spoken code and the date of birth."""
    typed = await form(request, SpokenWay)
    code = normalise_spoken(typed.code)
    spend(request, JOIN_TOKEN, code)
    opened = await request.app[SERVICES].joining.by_code(code, typed.birth_date, visit_tokens(request))
    response = see(f"/v/{opened.visit_id}?lang={request[LANGUAGE]}")
    remember_visit(request, response, opened.visit_id, opened.cookie)
    return response


async def again_by_code(request: Request) -> Response:
    """Show the form again, or in words why the visit that code and birth date belong to is not open."""
    if not isinstance(request.get(REFUSED), VisitClosed):
        return _door(request)
    typed = await form(request, SpokenWay)
    code = normalise_spoken(typed.code)
    closed = await request.app[SERVICES].joining.look_by_code(code, typed.birth_date)
    return _door(request, closed, asdict(typed))


async def visit(request: Request) -> Response:
    """Show where the visit stands: in words, and as the place where the script goes on."""
    view = await request.app[SERVICES].attending.view(request[ACTOR])
    over = view.visit.status in TOOK_PLACE
    return page(
        request,
        "patient/visit.html",
        visit=view,
        after=await request.app[SERVICES].after.view(request[ACTOR]) if over else None,
        visit_id=view.visit.id,
        mine=my_visit(view, token_for(request)),
        closed=None,
        visit_open=view.visit.status not in CLOSED,
        organization=view.organization,
        phone=view.phone,
    )


async def aside(request: Request) -> Response:
    """Show the views that the visit's page fetches when somebody needs one of them, for their own browser."""
    agent, touch = request.headers.get("User-Agent", ""), "touch" in request.query
    browser, platform = browser_of(agent, touch=touch), platform_of(agent, touch=touch)
    return page(request, "patient/aside.html", browser=browser, platform=platform)


async def waiting(request: Request) -> Response:
    """Show the views from the waiting room on, which the visit's page fetches during the check."""
    return page(request, "patient/waiting.html")


async def in_call(request: Request) -> Response:
    """Show what the visit's page fetches once its call has begun."""
    return page(request, "patient/in_call.html")


async def beside(request: Request) -> Response:
    """Show what the page of a patient or a guest fetches for what a call has beside face and voice."""
    return page(request, "patient/beside.html")


async def text_me(request: Request) -> Response:
    """Keep whether a message shall go to the contact on file when it is nearly the patient's turn."""
    wish = await form(request, TextWish)
    await request.app[SERVICES].attending.text_me(request[ACTOR], wanted=wish.wanted)
    return _onward(request)


async def offline(request: Request) -> Response:
    """Show the page that the service worker keeps for when there is no line."""
    return page(request, "patient/offline.html")


async def ask_phone(request: Request) -> Response:
    """Take the visit by phone instead."""
    wish = await form(request, PhoneWish)
    await request.app[SERVICES].attending.ask_phone(request[ACTOR], wish.number)
    return _onward(request)


async def drop_phone(request: Request) -> Response:
    """Take back the wish to be phoned."""
    await request.app[SERVICES].attending.drop_phone(request[ACTOR])
    return _onward(request)


def _onward(request: Request) -> Response:
    return see(f"/v/{request[ACTOR].visit_id}?lang={request[LANGUAGE]}")
