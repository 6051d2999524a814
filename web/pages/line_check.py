"""The pages of the check of a phone or computer and its line: for anybody, for a visit, for staff."""

from aiohttp.web import Request, Response

from web.csrf import token_for
from web.keys import ACTOR, SERVICES
from web.render import page


async def anybody(request: Request) -> Response:
    """Show the check of camera, microphone and line that anybody may try at any time."""
    return page(request, "patient/test.html", visit_id="", token="")


async def own(request: Request) -> Response:
    """Show the check to a patient: what it finds is kept with the visit, and the clinic sees it."""
    view = await request.app[SERVICES].attending.view(request[ACTOR])
    return page(
        request,
        "patient/test.html",
        visit_id=view.visit.id,
        token=token_for(request),
        organization=view.organization,
        phone=view.phone,
    )


async def staff(request: Request) -> Response:
    """Show the check to a member of staff, whose line every call of theirs goes over."""
    return page(request, "staff/check_line.html")


async def part(request: Request) -> Response:
    """Show what the visit's page fetches when somebody wants their line checked in the waiting room."""
    return page(request, "patient/line_check.html", sprite="")
