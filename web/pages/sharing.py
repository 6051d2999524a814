"""What a patient permits about their record: one form, complete without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.consent import Sharing
from telehealth.services.own_sharing import Wanted
from web.gates import see
from web.keys import ACTOR, LANGUAGE, SERVICES
from web.readers import IDENTIFIER, VERSION, Choice, Flag, Many
from web.reading import form
from web.render import page

MOST_DENIED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """What the form holds; a box without its tick is not sent."""

    sharing: Annotated[Sharing, Choice(Sharing)]
    version: Annotated[int, VERSION]
    denied: Annotated[tuple[str, ...], Many(IDENTIFIER, MOST_DENIED)] = ()
    emergencies: Annotated[bool, Flag()] = False
    programs: Annotated[bool, Flag()] = False


async def show(request: Request) -> Response:
    """Show what holds now."""
    view = await request.app[SERVICES].after.sharing.view(request[ACTOR])
    organization, phone, saved = view.organization, view.phone, "saved" in request.query
    return page(
        request, "patient/sharing.html", view=view, organization=organization, phone=phone, saved=saved
    )


async def change(request: Request) -> Response:
    """Keep what the patient wants, and say so."""
    sent = await form(request, Permitted)
    wanted = Wanted(sent.sharing, sent.denied, sent.emergencies, sent.programs, sent.version)
    await request.app[SERVICES].after.sharing.change(request[ACTOR], wanted)
    return see(f"/v/{request[ACTOR].visit_id}/sharing?lang={request[LANGUAGE]}&saved")
