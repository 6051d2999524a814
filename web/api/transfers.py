"""Going on with a visit in another browser: asking for the code, and giving it."""

from dataclasses import dataclass, replace
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.crypto.crockford import grouped
from telehealth.crypto.tokens import normalise_spoken
from telehealth.domain.errors import NotFound
from web.api.my import show
from web.api.present import answer, instant
from web.api.visit_shapes import TransferShape
from web.keys import ACTOR, LANGUAGE, REQUEST_ID, SERVICES, SESSION_ID, SETTINGS
from web.limits import JOIN_TOKEN, spend
from web.readers import Text
from web.reading import json_body
from web.session import remember_visit, visit_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCode:
    """The code as it is shown or typed: spaces, dashes and small letters do not matter."""

    code: Annotated[str, Text(24, 1)]


async def issue(request: Request) -> Response:
    """Answer a code for the same person's other browser; an earlier one is void."""
    transfer = await request.app[SERVICES].transfers.issue(request[ACTOR])
    code = grouped(transfer.code, 4)
    url = f"{request.app[SETTINGS].public_url}/v/transfer?lang={request[LANGUAGE]}#{code}"
    shape: TransferShape = {"code": code, "url": url, "until": instant(transfer.until)}
    return answer(shape)


async def redeem(request: Request) -> Response:
    """Exchange a code for the visit's cookie: the visit goes on in this browser."""
    typed = await json_body(request, TransferCode)
    code = normalise_spoken(typed.code)
    spend(request, JOIN_TOKEN, code)
    services = request.app[SERVICES]
    opened = await services.transfers.redeem(code, visit_tokens(request))
    visitor = await services.joining.visitor(opened.visit_id, opened.cookie)
    if visitor is None:
        raise NotFound
    request[ACTOR] = replace(visitor, request_id=request[REQUEST_ID])
    request[SESSION_ID] = visitor.session_id
    response = await show(request)
    remember_visit(request, response, opened.visit_id, opened.cookie)
    return response
