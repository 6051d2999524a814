"""/api/v1/session: signing in by steps, who is signed in, lock, unlock, a fresh code, signing out."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.services.session_keeping import Opened
from telehealth.services.sessions import Standing
from web.api.present import answer, nothing
from web.api.shapes import SessionShape
from web.csrf import token_for
from web.keys import SESSION_ID, STANDING
from web.limits import SIGN_IN_ACCOUNT, spend
from web.readers import Text
from web.reading import json_body
from web.request import services
from web.session import forget_staff, marks, remember_mark, remember_staff, staff_token


@dataclass(frozen=True, slots=True)
class Credentials:
    """E-mail and password."""

    email: Annotated[str, Text(254, 3)]
    password: Annotated[str, Text(256, 1, trim=False)]


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the authenticator app, or a recovery code."""

    code: Annotated[str, Text(32, 6)]


@dataclass(frozen=True, slots=True)
class Password:
    """The password alone."""

    password: Annotated[str, Text(256, 1, trim=False)]


async def open_session(request: Request) -> Response:
    """Take e-mail and password; the session then waits for its code."""
    opened = await checked(request, await json_body(request, Credentials))
    return _opened(request, opened, status=201)


async def checked(request: Request, sent: Credentials) -> Opened:
    """Open a session by e-mail and password, within the tries of the account or of this browser."""
    sign_in = services(request).sign_in
    counted = await sign_in.counted(sent.email, marks(request))
    spend(request, SIGN_IN_ACCOUNT, counted.hex())
    return await sign_in.password(sent.email, sent.password, counted)


async def give_code(request: Request) -> Response:
    """Complete the session with a code; the cookie changes."""
    sent = await json_body(request, Code)
    opened = await services(request).sign_in.code(staff_token(request), sent.code)
    response = _opened(request, opened)
    remember_mark(request, response, opened)
    return response


async def show(request: Request) -> Response:
    """Tell who is signed in, with the token for writes."""
    return answer(_shape(request, request[STANDING]))


async def end(request: Request) -> Response:
    """Sign out."""
    await services(request).sessions.sign_out(staff_token(request))
    response = nothing()
    forget_staff(request, response)
    return response


async def lock(request: Request) -> Response:
    """Lock the screen."""
    await services(request).sessions.lock(staff_token(request))
    return nothing()


async def unlock(request: Request) -> Response:
    """Open a locked screen with the password; the cookie changes."""
    sent = await json_body(request, Password)
    return _opened(request, await services(request).sessions.unlock(staff_token(request), sent.password))


async def step_up(request: Request) -> Response:
    """Give a fresh second factor; the cookie changes."""
    sent = await json_body(request, Code)
    return _opened(request, await services(request).sessions.step_up(staff_token(request), sent.code))


def _opened(request: Request, opened: Opened, *, status: int = 200) -> Response:
    request[SESSION_ID] = opened.session.id
    fresh = opened.session.step_up_at is not None
    response = answer(
        _shape(request, Standing(opened.session, opened.practitioner, None, fresh)), status=status
    )
    remember_staff(request, response, opened.token)
    return response


def _shape(request: Request, standing: Standing) -> SessionShape:
    return {
        "stage": standing.session.stage.value,
        "csrf": token_for(request),
        "name": standing.practitioner.display,
        "role": standing.practitioner.role.value,
        "organization": standing.practitioner.organization_id,
        "practitioner": standing.practitioner.id,
        "fresh": standing.fresh,
    }
