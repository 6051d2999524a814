"""One's own account: language, password, authenticator, where one is signed in and ending that."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.people import Role
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.services.own_account import NewAuthenticator
from web.api.account import PasswordChange
from web.api.session import Code
from web.gates import see
from web.keys import STANDING
from web.pages.invitation import grouped, picture
from web.readers import Many, Text
from web.reading import form
from web.render import page
from web.request import actor, identifier, services

MOST_LANGUAGES = 20


@dataclass(frozen=True, slots=True)
class Language:
    """What the pages shall speak; empty is what the browser asks for."""

    language: Annotated[str, Text(LANGUAGE_LIMIT)] = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Languages spoken with patients, as BCP 47 tags; a box that is not ticked does not come."""

    languages: Annotated[tuple[str, ...], Many(Text(LANGUAGE_LIMIT, 2), MOST_LANGUAGES)] = ()


async def show(request: Request) -> Response:
    """Show the account with the forms for language and password."""
    standing, done = request[STANDING], request.query.get("done", "")
    me = actor(request)
    feed = await services(request).overview.calendar.feed(me) if me.role is Role.SPECIALIST else None
    person, chosen = standing.practitioner, standing.language
    return page(request, "staff/account.html", who=person, chosen=chosen, feed=feed, done=done)


async def change_password(request: Request) -> Response:
    """Take a new password; the person's other windows are signed out."""
    sent = await form(request, PasswordChange)
    await services(request).account.change_password(actor(request), sent.password, sent.new_password)
    return see("/account?done=password")


async def change_language(request: Request) -> Response:
    """Take the language that pages and letters shall speak; the answer speaks it already."""
    sent = await form(request, Language)
    await services(request).account.change_language(actor(request), sent.language)
    return see("/account?done=language")


async def change_spoken(request: Request) -> Response:
    """Take the languages that the person speaks with patients."""
    sent = await form(request, Spoken)
    await services(request).account.speak(actor(request), sent.languages)
    return see("/account?done=spoken")


async def new_authenticator(request: Request) -> Response:
    """Show the secret of a new authenticator; needs a fresh code. The old one works until this is proven."""
    return _secret(request, await services(request).account.show_authenticator(actor(request)))


async def same_authenticator(request: Request) -> Response:
    """Show the same secret once more after a wrong code."""
    return _secret(request, await services(request).account.shown_authenticator(actor(request)))


async def change_authenticator(request: Request) -> Response:
    """Take the new authenticator by its first code; recovery codes are shown this once."""
    sent = await form(request, Code)
    codes = await services(request).account.change_authenticator(actor(request), sent.code)
    return page(request, "staff/renewed.html", codes=codes)


async def sessions(request: Request) -> Response:
    """Show where the person is signed in."""
    found = await services(request).sessions.mine(actor(request))
    return page(request, "staff/sessions.html", sessions=found, own=actor(request).session_id)


async def revoke(request: Request) -> Response:
    """End one of the person's own sessions; its pages and sockets go within seconds."""
    session_id = identifier(request, "session")
    await services(request).sessions.revoke(actor(request), session_id)
    return see("/" if session_id == actor(request).session_id else "/sessions")


def _secret(request: Request, shown: NewAuthenticator) -> Response:
    drawn = picture(shown.uri)
    return page(request, "staff/authenticator.html", picture=drawn, groups=grouped(shown.seed))
