"""The administrator's page: who works here, inviting, disabling, and authenticators that got lost."""

from aiohttp.web import Request, Response

from telehealth.domain.access import GRANTS, Permission
from telehealth.domain.people import Role
from web.api.staff import StaffBody, new_staff
from web.gates import see
from web.reading import form
from web.render import page
from web.request import actor, identifier, services


async def show(request: Request) -> Response:
    """Show the staff and the form that invites."""
    rows = await services(request).staff.listed(actor(request))
    waiting = await services(request).recovery.waiting(actor(request))
    done = request.query.get("done", "")
    return page(request, "staff/people.html", rows=rows, waiting=waiting, roles=list(Role), done=done)


async def invite(request: Request) -> Response:
    """Invite somebody; the link is shown this once beside being sent."""
    sent = await form(request, StaffBody)
    invited = await services(request).staff.invite(actor(request), new_staff(request, sent))
    return page(request, "staff/invited.html", url=invited.url, email=sent.email)


async def invite_again(request: Request) -> Response:
    """Send a new link to somebody who has not joined yet."""
    invited = await services(request).staff.invite_again(actor(request), identifier(request, "person"))
    return page(request, "staff/invited.html", url=invited.url, email="")


async def disable(request: Request) -> Response:
    """End somebody's access at once."""
    await services(request).staff.disable(actor(request), identifier(request, "person"))
    return see("/people?done=disabled")


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
