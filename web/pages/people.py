"""Who works here and when: inviting, weekly hours, disabling, lost authenticators."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.access import GRANTS, Permission
from telehealth.domain.people import Role
from web.api.hours import HoursBody, Version, new_hours
from web.api.staff import StaffBody, new_staff
from web.gates import see
from web.keys import STANDING
from web.readers import IDENTIFIER
from web.reading import form
from web.render import page
from web.request import actor, identifier, new_key, once, services


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsHours(HoursBody):
    """The form's hours, with whose they are."""

    practitioner: Annotated[str, IDENTIFIER]


async def show(request: Request) -> Response:
    """Show the staff and the form that invites."""
    rows = await services(request).staff.listed(actor(request))
    waiting = await services(request).recovery.waiting(actor(request))
    hours = await services(request).hours.listed(actor(request))
    return page(
        request,
        "staff/people.html",
        rows=rows,
        waiting=waiting,
        sites=await services(request).staff.sites(actor(request)),
        own_site=request[STANDING].practitioner.location_id,
        roles=list(Role),
        once=new_key(request),
        hours=[(who, list(theirs)) for who, theirs in groupby(hours, attrgetter("practitioner"))],
        choices=await services(request).hours.choices(actor(request)),
        done=request.query.get("done", ""),
    )


async def invite(request: Request) -> Response:
    """Invite somebody; the link is shown beside being sent, and a second press shows the same one."""
    sent = await form(request, StaffBody)
    key = await once(request)
    invited = await services(request).staff.invite(actor(request), new_staff(request, sent), key)
    return page(request, "staff/invited.html", url=invited.url, email=sent.email)


async def invite_again(request: Request) -> Response:
    """Send a new link to somebody who has not joined yet."""
    invited = await services(request).staff.invite_again(actor(request), identifier(request, "person"))
    return page(request, "staff/invited.html", url=invited.url, email="")


async def disable(request: Request) -> Response:
    """End somebody's access at once."""
    await services(request).staff.disable(actor(request), identifier(request, "person"))
    return see("/people?done=disabled")


async def add_hours(request: Request) -> Response:
    """Add weekly hours of a specialist, from today on."""
    sent = await form(request, PersonsHours)
    await services(request).hours.add(actor(request), new_hours(sent.practitioner, sent))
    return see("/people?done=hours#hours")


async def remove_hours(request: Request) -> Response:
    """Remove weekly hours as they were read; visits that are booked stay."""
    sent = await form(request, Version)
    person, hours_id = identifier(request, "person"), identifier(request, "hours")
    await services(request).hours.remove(actor(request), person, hours_id, sent.version)
    return see("/people?done=hours#hours")


async def ask_reset(request: Request) -> Response:
    """Ask for a new authenticator for somebody; a second person has to approve."""
    await services(request).recovery.ask_totp_reset(actor(request), identifier(request, "person"))
    return see("/people?done=asked")


async def show_resets(request: Request) -> Response:
    """Show the resets that wait for a second person's word."""
    waiting = await services(request).recovery.waiting(actor(request))
    return page(request, "staff/resets.html", waiting=waiting)


async def approve(request: Request) -> Response:
    """Approve a reset as the second person; needs a fresh code of one's own."""
    await services(request).recovery.approve_totp_reset(actor(request), identifier(request, "reset"))
    return see("/people?done=approved" if _manages(request) else "/resets")


def _manages(request: Request) -> bool:
    role = actor(request).role
    return role is not None and Permission.STAFF_MANAGE in GRANTS[role]
