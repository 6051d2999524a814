"""The page behind a one-time link to staff: an invitation, a new password, or a new authenticator.

The link's secret stands in the address's fragment, which no server and no log ever sees; the page's script
moves it into the form, and whoever has no script pastes it there. Mail scanners may press the first button:
it changes nothing.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Annotated

import segno
from aiohttp.web import Request, Response
from markupsafe import Markup

from telehealth.domain.accounts import LinkPurpose
from web.readers import Text
from web.reading import form
from web.render import page
from web.request import services

TOKEN = Text(200, 20, pattern=r"[^\s]+")
GROUP = 4


@dataclass(frozen=True, slots=True)
class Secret:
    """The link's secret part."""

    token: Annotated[str, TOKEN]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The link's secret, the password (new, or the present one) and a code of the authenticator."""

    token: Annotated[str, TOKEN]
    password: Annotated[str, Text(256, 1, trim=False)]
    code: Annotated[str, Text(32, 6)]


async def door(request: Request) -> Response:
    """Show the field that takes the link's secret."""
    return page(request, "staff/invitation.html")


async def look(request: Request) -> Response:
    """Show what the link is for, with the authenticator's secret as a picture and as text."""
    sent = await form(request, Secret)
    view = await services(request).staff.look(_bare(sent.token))
    code = picture(view.totp_uri) if view.totp_uri else ""
    groups = grouped(view.totp_seed)
    return page(request, "staff/accept.html", view=view, token=_bare(sent.token), picture=code, groups=groups)


async def accept(request: Request) -> Response:
    """Take the password and the code; recovery codes are shown this once."""
    sent = await form(request, Acceptance)
    view = await services(request).staff.look(_bare(sent.token))
    if view.purpose is LinkPurpose.PASSWORD_RESET:
        await services(request).recovery.reset_password(_bare(sent.token), sent.password, sent.code)
        return page(request, "staff/accepted.html", codes=[], view=view)
    codes = await services(request).staff.accept(_bare(sent.token), sent.password, sent.code)
    return page(request, "staff/accepted.html", codes=codes, view=view)


def _bare(token: str) -> str:
    """Return the secret of a pasted link, or the secret itself."""
    return token.rpartition("#")[2]


def grouped(seed: str) -> str:
    """Return a seed in groups of four, as people type it."""
    return " ".join(seed[at : at + GROUP] for at in range(0, len(seed), GROUP))


def picture(uri: str) -> Markup:
    """Return a QR code as inline SVG: no request, nothing cached, no third party."""
    drawn = BytesIO()
    segno.make(uri, error="m", micro=False).save(
        drawn, kind="svg", border=4, omitsize=True, xmldecl=False, svgns=False
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 (drawn by segno from our own text)
