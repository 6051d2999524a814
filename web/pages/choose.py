"""What an invited patient comes to: door, free times, check, booked. All without scripts.

The link's token is known to the door's script only, which sends it on a press; without a script the code of
the message and the date of birth do. From then on the browser holds the token in a cookie of that invitation.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import wraps
from typing import Annotated, Any

from aiohttp.web import Request, Response

from telehealth.crypto.tokens import normalise_spoken
from telehealth.domain.choice import ChoiceState
from telehealth.domain.errors import NotFound
from telehealth.services.choice_door import OwnChoice
from telehealth.services.own_booking import BookedVisit
from web.body import posted
from web.gates import see
from web.keys import LANGUAGE, REFUSED, SETTINGS
from web.limits import CHOOSE, JOIN_TOKEN, spend
from web.pages.calendar import file_of
from web.pages.offer import Held, held_link
from web.pages.own_booking import SHOWN, Chosen, Step, minutes_left
from web.pages.own_wish import WEEK, WEEKDAYS, TimeOfDay, suits_of
from web.pages.patient import birth_date_of
from web.pages.times import by_day
from web.readers import IDENTIFIER, Choice
from web.reading import form, query
from web.render import page
from web.request import identifier, new_key, services
from web.route import Handler
from web.session import choice_token, remember_choice
from web.zones import zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The appointment that keeps the time which the patient has read."""

    hold: Annotated[str, IDENTIFIER]


@dataclass(frozen=True, slots=True, kw_only=True)
class WishBody:
    """When the patient can come; no day of the week is every one."""

    weekday: Annotated[tuple[int, ...], WEEKDAYS] = ()
    hours: Annotated[TimeOfDay, Choice(TimeOfDay)] = TimeOfDay.ANY


async def door(request: Request) -> Response:
    """Ask whether the times are to be shown, or for the code where no script has the token."""
    return page(request, "patient/choose.html", by_link=await held_link(request))


async def enter(request: Request) -> Response:
    """Let in who holds the link, or knows code and birth date."""
    held, choices = await form(request, Held), services(request).appointments.choice_door
    token = held.token
    if not token:
        born, code = birth_date_of(held.day, held.month, held.year), normalise_spoken(held.code)
        spend(request, JOIN_TOKEN, code)
        token = await choices.by_code(code, born)
    spend(request, JOIN_TOKEN, token)
    choice_id = await choices.open(token)
    response = see(f"/v/choose/{choice_id}?lang={request[LANGUAGE]}")
    remember_choice(request, response, choice_id, token)
    return response


def _while_open(shown: Callable[[Request, str, OwnChoice], Awaitable[Response]]) -> Handler:
    """Show something while a time can be chosen; else the booked visit, that it is too late, or the door."""

    @wraps(shown)
    async def show_or_say(request: Request) -> Response:
        token = _token(request)
        if not token:
            return see(f"/v/choose?lang={request[LANGUAGE]}")
        found = await _found(request, token)
        if found.state is not ChoiceState.OPEN:
            return _ended(request, found)
        return await shown(request, token, found)

    return show_or_say


@_while_open
async def show(request: Request, token: str, found: OwnChoice) -> Response:
    """Show the free times."""
    return await _times(request, token, found)


async def choose(request: Request) -> Response:
    """Keep a time for ten minutes while it is checked."""
    sent, token = await form(request, Chosen), _token(request)
    await _found(request, token)
    spend(request, CHOOSE, identifier(request, "choice"))
    await services(request).appointments.choice_door.choose(token, sent.start, sent.once)
    return see(_address(request, "/check"))


@_while_open
async def show_check(request: Request, token: str, found: OwnChoice) -> Response:
    """Show the kept time with all that will be booked; else the times, saying why."""
    if found.kept is None:
        return await _times(request, token, found, over=True)
    left = minutes_left(found.kept.held.held_until, request.app[SETTINGS].clock.now())
    return _page(request, "patient/choose_check.html", found, kept=found.kept, left=left)


async def confirm(request: Request) -> Response:
    """Book the time that was checked; a second press changes nothing."""
    sent, token = await form(request, Checked), _token(request)
    await _found(request, token)
    await services(request).appointments.choice_door.confirm(token, sent.hold)
    return see(_address(request, ""))


@_while_open
async def show_wish(request: Request, token: str, found: OwnChoice) -> Response:
    """Ask when the patient can come for whom no time fits."""
    wish = await services(request).appointments.choice_wishes.standing(token)
    weekdays = (await posted(request)).getall("weekday", []) if REFUSED in request else []
    facts = {"week": WEEK, "weekdays": weekdays, "zone": wish.zone}
    return _page(request, "patient/choose_wish.html", found, **facts)


async def wish(request: Request) -> Response:
    """Put the patient on the waiting list."""
    sent, token = await form(request, WishBody), _token(request)
    await _found(request, token)
    spend(request, CHOOSE, identifier(request, "choice"))
    suits = suits_of(sent.weekday, sent.hours)
    await services(request).appointments.choice_wishes.ask(token, suits)
    return see(_address(request, ""))


async def drop_wish(request: Request) -> Response:
    """Take the patient off the waiting list."""
    token = _token(request)
    await _found(request, token)
    await services(request).appointments.choice_wishes.take_back(token)
    return see(_address(request, ""))


async def calendar(request: Request) -> Response:
    """Send the calendar file of the visit that was booked."""
    found = await _found(request, _token(request))
    if found.booked is None:
        raise NotFound
    return file_of(request, found.booked)


async def _times(request: Request, token: str, found: OwnChoice, *, over: bool = False) -> Response:
    step, zone = query(request, Step, strict=False), found.patient.zone
    now = request.app[SETTINGS].clock.now()
    day = datetime.combine(step.day, time(0), tzinfo=zone_of(zone)).astimezone(UTC) if step.day else None
    first = step.after or day or now
    last = min(found.service.latest(now), found.choice.last)
    slots, later = await services(request).appointments.choice_door.free(token, first, SHOWN)
    return _page(
        request,
        "patient/choose_times.html",
        found,
        days=by_day(slots, zone),
        later=later,
        over=over,
        first=first.astimezone(zone_of(zone)).date(),
        last=last.astimezone(zone_of(zone)).date(),
        once=new_key(request),
        wish=await services(request).appointments.choice_wishes.standing(token),
    )


def _ended(request: Request, found: OwnChoice) -> Response:
    booked = found.booked
    if booked is None:
        return _page(request, "patient/choose_over.html", found)
    calendar = _address(request, "/calendar").partition("?")[0]
    return _page(request, "patient/own_done.html", booked, row=booked.row, calendar=calendar)


def _page(request: Request, template: str, found: OwnChoice | BookedVisit, **more: Any) -> Response:
    organization = found.organization
    return page(
        request, template, found=found, organization=organization.name, phone=organization.phone, **more
    )


async def _found(request: Request, token: str) -> OwnChoice:
    """Return the invitation that the address names and this browser has opened; raises NotFound."""
    found = await services(request).appointments.choice_door.look(token)
    if found.choice.id != identifier(request, "choice"):
        raise NotFound
    return found


def _token(request: Request) -> str:
    return choice_token(request, identifier(request, "choice"))


def _address(request: Request, step: str) -> str:
    return f"/v/choose/{identifier(request, 'choice')}{step}?lang={request[LANGUAGE]}"
