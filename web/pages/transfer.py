"""The page on which a visit goes on in another browser: one code, one button."""

from aiohttp.web import Request, Response

from telehealth.crypto.tokens import normalise_spoken
from web.api.transfers import TransferCode
from web.gates import see
from web.keys import LANGUAGE, SERVICES
from web.limits import JOIN_TOKEN, spend
from web.reading import form
from web.render import page
from web.session import remember_visit, visit_tokens


async def door(request: Request) -> Response:
    """Show the form; its script moves the code from the address's fragment into it."""
    return page(request, "patient/transfer.html", organization="", phone="")


async def redeem(request: Request) -> Response:
    """Go on with the visit in this browser."""
    code = normalise_spoken((await form(request, TransferCode)).code)
    spend(request, JOIN_TOKEN, code)
    opened = await request.app[SERVICES].transfers.redeem(code, visit_tokens(request))
    response = see(f"/v/{opened.visit_id}?lang={request[LANGUAGE]}")
    remember_visit(request, response, opened.visit_id, opened.cookie)
    return response
