"""Links that lead nowhere any more, or to somebody else: a new one on its way, and the way out."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.errors import BadInput, FieldProblem
from web.gates import see
from web.keys import ACTOR, LANGUAGE
from web.limits import RESET_ACCOUNT, spend
from web.pages.patient import DIGITS, birth_date_of
from web.readers import Text
from web.reading import form
from web.render import page
from web.request import services
from web.session import forget_visit


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWish:
    """The secret of the old link where it is known; else a phone number or an e-mail and the birth date."""

    token: Annotated[str, Text(128)] = ""
    contact: Annotated[str, Text(254)] = ""
    day: Annotated[str, Text(2, pattern=f"({DIGITS})?")] = ""
    month: Annotated[str, Text(2, pattern=f"({DIGITS})?")] = ""
    year: Annotated[str, Text(4, pattern=f"({DIGITS})?")] = ""


async def show_new_link(request: Request) -> Response:
    """Ask whose link was lost, or say that a new one is on its way."""
    return page(request, "patient/new_link.html", sent="sent" in request.query)


async def new_link(request: Request) -> Response:
    """Send a new link to the contact on file, if there is one: the answer is the same either way."""
    wish = await form(request, LinkWish)
    resending = services(request).messages.resending
    if wish.token:
        spend(request, RESET_ACCOUNT, wish.token)
        await resending.ask(wish.token)
    else:
        if not wish.contact:
            raise BadInput(FieldProblem("contact", "required", "Write a phone number or an e-mail."))
        born = birth_date_of(wish.day, wish.month, wish.year)
        spend(request, RESET_ACCOUNT, wish.contact.casefold())
        await resending.ask_by_contact(wish.contact, born)
    return see(f"/v/new-link?lang={request[LANGUAGE]}&sent")


async def show_not_me(request: Request) -> Response:
    """Say what to do with a link that is somebody else's."""
    return page(request, "patient/not_me.html")


async def not_me(request: Request) -> Response:
    """End this browser's session: the person behind it is somebody else."""
    actor = request[ACTOR]
    await services(request).misdirected.not_me(actor)
    response = see(f"/v/not-me?lang={request[LANGUAGE]}")
    forget_visit(request, response, actor.visit_id)
    return response
