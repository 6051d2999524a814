"""Parts of the clinic's page that help to write a note: headings, and what the record says already."""

from datetime import date

from aiohttp.web import Request, Response

from telehealth.domain.note_prompts import Prompts
from web.render import page
from web.request import actor, identifier, services


async def aids(request: Request) -> Response:
    """Show what stands above the fields of a visit's note."""
    ready = await services(request).consulting.aids.ready(actor(request), identifier(request, "visit"))
    return page(request, "staff/note_aids.html", ready=ready, prompts=list(Prompts))


async def pulled(request: Request) -> Response:
    """Show what the record has for a visit's note, as text that goes into its fields."""
    found = await services(request).consulting.aids.pulled(actor(request), identifier(request, "visit"))
    return page(request, "staff/note_pulled.html", found=found, day_of=date.fromisoformat)
