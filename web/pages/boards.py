"""All clinics of a day, for those who oversee them, and one specialist's day over several sites."""

from datetime import timedelta

from aiohttp.web import Request, Response

from telehealth.domain.consultation import UNBEGUN
from web.pages.feedback import Wanted
from web.reading import query
from web.render import page
from web.request import actor, identifier, services

A_DAY = timedelta(days=1)


async def clinics(request: Request) -> Response:
    """Show the clinics of a day in figures."""
    wanted = query(request, Wanted, strict=False)
    board = await services(request).overview.boards.clinics(actor(request), wanted.day)
    return page(request, "staff/board.html", board=board, before=board.day - A_DAY, after=board.day + A_DAY)


async def specialist(request: Request) -> Response:
    """Show one specialist's visits of a day."""
    wanted = query(request, Wanted, strict=False)
    who = identifier(request, "person")
    day = await services(request).overview.boards.specialist(actor(request), who, wanted.day)
    return page(
        request,
        "staff/board_day.html",
        day=day,
        unbegun=UNBEGUN,
        before=day.day - A_DAY,
        after=day.day + A_DAY,
    )
