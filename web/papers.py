"""Papers: a template of a few plain elements, rendered like a page and sent as PDF."""

from aiohttp.web import AppKey, Request, Response

from telehealth.papers.sheet import read_sheet
from telehealth.papers.typesetting import Typesetter
from web.render import rendered

TYPESETTER = AppKey("typesetter", Typesetter)
TYPE = "application/pdf"


async def paper(request: Request, template: str, /, *, name: str, **context: object) -> Response:
    """Answer with a rendered paper; whoever keeps it is offered `name` (ASCII, without the ending)."""
    sheet = read_sheet(rendered(request, template, **context))
    body = await request.app[TYPESETTER].pdf(sheet)
    return Response(
        body=body,
        content_type=TYPE,
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )
