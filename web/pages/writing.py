"""Parts of the clinic's page that help to write a note; its versions; and putting right a misfiled one."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from aiohttp.web import Request, Response

from telehealth.domain.care import Withheld
from telehealth.domain.note_prompts import Prompts
from telehealth.services.misfiled import WHY_LIMIT
from telehealth.services.note_versions import MOST
from web.api.present import age_on
from web.gates import see
from web.readers import Text
from web.reading import form
from web.render import page
from web.request import actor, identifier, services, today


@dataclass(frozen=True, slots=True)
class PuttingRight:
    """Why the note stands in the wrong record, and the visit where it belongs, if any."""

    why: Annotated[str, Text(WHY_LIMIT, lines=True)] = ""
    to: Annotated[str, Text(64)] = ""


async def aids(request: Request) -> Response:
    """Show what stands above the fields of a visit's note."""
    visit = identifier(request, "visit")
    ready = await services(request).consulting.aids.ready(actor(request), visit)
    person, zone = ready.row.patient, ready.row.appointment.zone
    facts = {"name": person.name.full, "age": str(age_on(person.birth_date, today(request, zone)))}
    snippets = [each.filled(facts) for each in ready.snippets]
    about: dict[str, Any] = {"visit": visit, "ready": ready, "snippets": snippets}
    return page(request, "staff/note_aids.html", **about, prompts=list(Prompts))


async def pulled(request: Request) -> Response:
    """Show what the record has for a visit's note, as text that goes into its fields."""
    found = await services(request).consulting.aids.pulled(actor(request), identifier(request, "visit"))
    if isinstance(found, Withheld):
        return page(request, "staff/record_denied.html", why=found)
    return page(request, "staff/note_pulled.html", found=found, day_of=date.fromisoformat)


async def versions(request: Request) -> Response:
    """Show how the signed note of a visit came about, version by version."""
    found = await services(request).notes.versions.of(actor(request), identifier(request, "visit"))
    return page(request, "staff/note_versions.html", found=found, most=MOST)


async def misfiled(request: Request) -> Response:
    """Ask where the signed note of a visit belongs, or show that it was taken out."""
    found = await services(request).notes.misfiled.look(actor(request), identifier(request, "visit"))
    return page(request, "staff/wrong_patient.html", found=found, most=WHY_LIMIT)


async def put_right(request: Request) -> Response:
    """Put both records right, and show it."""
    visit = identifier(request, "visit")
    await services(request).notes.misfiled.look(actor(request), visit)  # theirs, before the form is read
    sent = await form(request, PuttingRight)
    await services(request).notes.misfiled.put_right(actor(request), visit, sent.to, sent.why)
    return see(f"/wrong-patient/{visit}")


async def begin_anew(request: Request) -> Response:
    """Begin another note where the one before was taken out of the record."""
    visit = identifier(request, "visit")
    await services(request).notes.misfiled.begin_anew(actor(request), visit)
    return see(f"/clinic/{visit}")
