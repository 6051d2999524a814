"""/api/v1/account: one's own password and authenticator."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from web.api.present import answer, nothing
from web.api.session import Code
from web.api.shapes import AuthenticatorShape, RecoveryCodes
from web.readers import Text
from web.reading import json_body
from web.request import actor, services


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """The present password and the new one."""

    password: Annotated[str, Text(256, 1, trim=False)]
    new_password: Annotated[str, Text(256, 1, trim=False)]


async def change_password(request: Request) -> Response:
    """Change the password by the present one; other sessions end."""
    sent = await json_body(request, PasswordChange)
    await services(request).account.change_password(actor(request), sent.password, sent.new_password)
    return nothing()


async def new_authenticator(request: Request) -> Response:
    """Tell the secret of a new authenticator; needs a fresh code."""
    shown = await services(request).account.show_authenticator(actor(request))
    shape: AuthenticatorShape = {"seed": shown.seed, "uri": shown.uri}
    return answer(shape, status=201)


async def change_authenticator(request: Request) -> Response:
    """Take the new authenticator by its first code; recovery codes are told this once."""
    sent = await json_body(request, Code)
    codes = await services(request).account.change_authenticator(actor(request), sent.code)
    shape: RecoveryCodes = {"recovery_codes": codes}
    return answer(shape)
