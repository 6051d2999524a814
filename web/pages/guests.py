"""A guest's one document, and the parts that the patient's and the specialist's fetch to invite one."""

from aiohttp.web import Request, Response

from web.keys import ACTOR
from web.render import page


async def door(request: Request) -> Response:
    """Show the page behind every guest's link; only its script knows whose link it is."""
    return page(request, "patient/guest.html", guest_id="", organization="", phone="")


async def own(request: Request) -> Response:
    """Show the page of a guest who has opened the link in this browser."""
    return page(request, "patient/guest.html", guest_id=request[ACTOR].id, organization="", phone="")


async def in_call(request: Request) -> Response:
    """Show what a guest's page fetches once its call has begun."""
    return page(request, "patient/in_call.html", guest=True)


async def invite(request: Request) -> Response:
    """Show what the visit's page fetches when the patient wants to invite somebody."""
    return page(request, "patient/invite.html")


async def company(request: Request) -> Response:
    """Show what every page of a call fetches when a third person comes into it."""
    return page(request, "patient/company.html")


async def panel(request: Request) -> Response:
    """Show what the clinic's page fetches for the guests of a visit."""
    return page(request, "staff/guests.html")
