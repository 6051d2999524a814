"""Signing in and out, the locked screen, and the fresh code: one form a page, complete without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.crypto.blind import folded
from telehealth.domain.accounts import SessionStage
from telehealth.domain.people import Role
from telehealth.services.session_keeping import Opened
from web.api.session import Code, Credentials, Password, checked
from web.gates import GATES, onward, see, with_next
from web.keys import ACTOR, STANDING
from web.limits import RESET_ACCOUNT, spend
from web.readers import Text
from web.reading import form
from web.render import page
from web.request import services
from web.session import forget_staff, remember_mark, remember_staff, staff_token

HOME = {
    Role.SPECIALIST: "/clinic",
    Role.COORDINATOR: "/book",
    Role.CLINIC_STAFF: "/book",
    Role.ADMINISTRATOR: "/people",
    Role.PRIVACY_OFFICER: "/audit",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Whose password was forgotten."""

    email: Annotated[str, Text(254, 3)]


async def home(request: Request) -> Response:
    """Send people to their own page, everyone else to sign-in."""
    actor, standing = request.get(ACTOR), request.get(STANDING)
    if actor is not None and actor.role is not None:
        return see(HOME[actor.role])
    return see(GATES[standing.session.stage] if standing is not None else "/sign-in")


async def show(request: Request) -> Response:
    """Ask for e-mail and password; whoever is signed in goes to their page."""
    if request.get(ACTOR) is not None:
        return await home(request)
    return page(request, "staff/sign_in.html", onward=onward(request, ""))


async def password(request: Request) -> Response:
    """Take e-mail and password, then ask for the code."""
    opened = await checked(request, await form(request, Credentials))
    return _entered(request, opened, with_next("/sign-in/code", onward(request, "")))


async def show_code(request: Request) -> Response:
    """Ask for the code of the authenticator app."""
    return page(request, "staff/code.html", onward=onward(request, ""))


async def code(request: Request) -> Response:
    """Take the code: the session is complete, under a new cookie."""
    sent = await form(request, Code)
    opened = await services(request).sign_in.code(staff_token(request), sent.code)
    response = _entered(request, opened, onward(request, HOME[opened.practitioner.role]))
    remember_mark(request, response, opened)
    return response


async def sign_out(request: Request) -> Response:
    """End the session."""
    await services(request).sessions.sign_out(staff_token(request))
    response = see("/sign-in")
    forget_staff(request, response)
    return response


async def lock(request: Request) -> Response:
    """Lock the screen."""
    await services(request).sessions.lock(staff_token(request))
    return see("/unlock")


async def show_lock(request: Request) -> Response:
    """Ask for the password of the locked screen."""
    standing = request[STANDING]
    if standing.session.stage is not SessionStage.LOCKED:
        return await home(request)
    who, wanted = standing.practitioner, onward(request, "")
    return page(request, "staff/unlock.html", name=who.display, email=who.email, onward=wanted)


async def unlock(request: Request) -> Response:
    """Open the locked screen, under a new cookie."""
    sent = await form(request, Password)
    opened = await services(request).sessions.unlock(staff_token(request), sent.password)
    return _entered(request, opened, onward(request, HOME[opened.practitioner.role]))


async def show_step_up(request: Request) -> Response:
    """Ask for a fresh code before something that needs one."""
    return page(request, "staff/step_up.html", onward=onward(request, ""))


async def step_up(request: Request) -> Response:
    """Take the fresh code, under a new cookie."""
    sent = await form(request, Code)
    opened = await services(request).sessions.step_up(staff_token(request), sent.code)
    return _entered(request, opened, onward(request, HOME[opened.practitioner.role]))


async def show_forgotten(request: Request) -> Response:
    """Ask whose password was forgotten."""
    return page(request, "staff/forgotten.html", sent="sent" in request.query)


async def forgotten(request: Request) -> Response:
    """Send a link if there is an account; the answer is the same for every address."""
    sent = await form(request, Address)
    spend(request, RESET_ACCOUNT, folded(sent.email))
    await services(request).recovery.forgotten(sent.email)
    return see("/forgotten?sent")


def _entered(request: Request, opened: Opened, location: str) -> Response:
    response = see(location)
    remember_staff(request, response, opened.token)
    return response
