"""Who was there after all: how the visit went, and why it was noted otherwise. Complete without scripts."""

from aiohttp.web import Request, Response

from telehealth.domain.presence import CORRECTABLE, Because, Presence
from web.api.line import PresenceBody
from web.gates import see
from web.reading import form
from web.render import page
from web.request import actor, identifier, services


async def show(request: Request) -> Response:
    """Ask how the visit went."""
    row = await services(request).waiting.correcting.look(actor(request), identifier(request, "visit"))
    choices = [each for each in Presence if each.value != row.visit.status.value]
    return page(
        request,
        "staff/presence.html",
        row=row,
        correctable=row.visit.status in CORRECTABLE,
        choices=choices,
        reasons=list(Because),
    )


async def correct(request: Request) -> Response:
    """Correct it, and show it again as it is noted now."""
    correcting, visit = services(request).waiting.correcting, identifier(request, "visit")
    await correcting.look(actor(request), visit)  # theirs, before the form is read
    sent = await form(request, PresenceBody)
    await correcting.correct(actor(request), visit, sent.presence, sent.because, sent.version)
    return see(f"/presence/{visit}")
