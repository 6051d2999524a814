"""A wish of one's own where no time fits: who, when, a code, and the way off the list. Without scripts."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

from aiohttp.web import Request, Response

from telehealth.domain.own_booking import plain_code
from telehealth.domain.waitlist import ALWAYS, EVERY_DAY, FULL_DAY, Suits
from telehealth.services.own_wishes import Wished
from web.body import posted
from web.gates import see
from web.keys import LANGUAGE
from web.limits import CONTACT, OWN_CODE, spend
from web.pages.own_booking import Code, Details
from web.readers import Choice, Many, Whole
from web.reading import form
from web.render import page
from web.request import identifier, services
from web.session import remember_wish, wish_token

NOON = 12
MONDAY = date(2026, 11, 23)
WEEK = [(each, MONDAY + timedelta(days=each - 1)) for each in EVERY_DAY]
"""Every day of the week with a date that is one, for its name."""


class TimeOfDay(StrEnum):
    """At what time of the day somebody can come."""

    ANY = "any"
    BEFORE = "before"
    AFTER = "after"


HOURS = {
    TimeOfDay.ANY: (0, FULL_DAY),
    TimeOfDay.BEFORE: (0, NOON),
    TimeOfDay.AFTER: (NOON, FULL_DAY),
}


WEEKDAYS = Many(Whole(1, 7), 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishDetails(Details):
    """Who somebody is and when they can come; no day of the week is every one."""

    weekday: Annotated[tuple[int, ...], WEEKDAYS] = ()
    hours: Annotated[TimeOfDay, Choice(TimeOfDay)] = TimeOfDay.ANY


def suits_of(weekdays: tuple[int, ...], hours: TimeOfDay) -> Suits:
    """Return when somebody can come."""
    return Suits(weekdays or ALWAYS.weekdays, *HOURS[hours])


async def show(request: Request) -> Response:
    """Ask who wishes what; or say that their wish stands, and how it is taken back."""
    found = await _underway(request)
    if found is not None and found.waiting is not None:
        return await _page(request, "patient/wish_stands.html", found=found, over=False)
    if found is not None and found.wish.waiting_id and request.query.get("done") == "end":
        return await _page(request, "patient/wish_stands.html", found=found, over=True)
    return await _ask(request)


async def ask(request: Request) -> Response:
    """Keep the wish and send the code; a contact gets few of them, whoever asks."""
    sent, service = await form(request, WishDetails), identifier(request, "service")
    asked, suits = sent.asked(request[LANGUAGE]), suits_of(sent.weekday, sent.hours)
    spend(request, CONTACT, asked.counted)
    wishes = services(request).appointments.own_wishes
    token = await wishes.ask(service, wish_token(request, service), asked, suits)
    response = see(_address(request, "/code"))
    remember_wish(request, response, service, token)
    return response


async def again_ask(request: Request) -> Response:
    """Ask once more, with what was wrong about it."""
    return await _ask(request, (await posted(request)).getall("weekday", []))


async def show_code(request: Request) -> Response:
    """Ask for the code from the message."""
    found = await _underway(request)
    if found is None or found.wish.asked is None:
        return see(_address(request, ""))
    return await _page(request, "patient/wish_code.html", contact=found.wish.asked.contact)


async def confirm(request: Request) -> Response:
    """Put whom the code has shown on the list; a second press changes nothing."""
    sent, service = await form(request, Code), identifier(request, "service")
    token = wish_token(request, service)
    spend(request, OWN_CODE, token)
    await services(request).appointments.own_wishes.confirm(service, token, plain_code(sent.code))
    return see(_address(request, ""))


async def take_back(request: Request) -> Response:
    """Take the wish off the list."""
    service = identifier(request, "service")
    await services(request).appointments.own_wishes.take_back(service, wish_token(request, service))
    return see(_address(request, "") + "&done=end")


async def _ask(request: Request, weekdays: list[str] | None = None) -> Response:
    return await _page(request, "patient/wish.html", week=WEEK, weekdays=weekdays or [])


async def _underway(request: Request) -> Wished | None:
    service = identifier(request, "service")
    wishes = services(request).appointments.own_wishes
    return await wishes.underway(service, wish_token(request, service))


async def _page(request: Request, template: str, **more: Any) -> Response:
    offered = await services(request).appointments.alone.offered(identifier(request, "service"))
    organization, service = offered.organization, offered.service
    return page(
        request,
        template,
        organization=organization.name,
        phone=organization.phone,
        service=service,
        zone=offered.zone,
        **more,
    )


def _address(request: Request, step: str) -> str:
    return f"/s/{identifier(request, 'service')}/wish{step}?lang={request[LANGUAGE]}"
