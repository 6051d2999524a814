"""Clinic today and the consult in one document, so that sockets and camera live on when views switch."""

from datetime import date

from aiohttp.web import Request, Response

from telehealth.domain.allergies import REACTION_LIMIT, SUBSTANCE_LIMIT
from telehealth.domain.care import Withheld
from telehealth.domain.note import Outcome
from telehealth.domain.recorded import MOST_OF_A_KIND
from telehealth.services.consulting import ConsultView
from web.api import present
from web.api.allergies import shape_of
from web.keys import STANDING
from web.papers import paper
from web.render import page
from web.request import actor, identifier, services, today
from web.zones import zone_of


async def day(request: Request) -> Response:
    """Show the specialist's day."""
    return await _document(request, None)


async def visit(request: Request) -> Response:
    """Show one visit of the day, the list behind it."""
    view = await services(request).consulting.visit(actor(request), identifier(request, "visit"))
    return await _document(request, view)


async def controls(request: Request) -> Response:
    """Show the dialogs that the clinic's page fetches at the first press on one of its controls."""
    return page(request, "staff/controls.html", likes=request[STANDING].preferences)


async def allergies(request: Request) -> Response:
    """Show what the clinic's page fetches for what the patient is allergic to."""
    return page(request, "staff/allergies.html", most=(SUBSTANCE_LIMIT, REACTION_LIMIT))


async def record(request: Request) -> Response:
    """Show what the clinic's page fetches when the record of a visit's patient is opened."""
    visit = identifier(request, "visit")
    found = await services(request).consulting.record.opened(actor(request), visit)
    if isinstance(found, Withheld):
        return page(request, "staff/record_denied.html", why=found)
    groups, files = found
    return page(
        request,
        "staff/record.html",
        visit=visit,
        groups=groups,
        files=files,
        most=MOST_OF_A_KIND,
        day_of=date.fromisoformat,
    )


async def note_paper(request: Request) -> Response:
    """Send the author's signed note as a paper."""
    printed = await services(request).notes.paper(actor(request), identifier(request, "visit"))
    return await paper(request, "staff/note_paper.html", name="note", paper=printed, outcomes=list(Outcome))


async def words(request: Request) -> Response:
    """Show what the clinic's page fetches for what is written in a call."""
    return page(request, "staff/talk.html")


async def beside(request: Request) -> Response:
    """Show what the clinic's page fetches for what a call has beside face and voice."""
    return page(request, "staff/beside.html")


async def _document(request: Request, consult: ConsultView | None) -> Response:
    who = actor(request)
    view = await services(request).clinic.day(who)
    note = await services(request).notes.open(who, consult.row.visit.id) if consult else None
    unsigned = await services(request).overview.looking_back.to_sign(who)
    return page(
        request,
        "staff/clinic.html",
        day=view,
        consult=consult,
        allergies=shape_of(consult.allergies) if consult else None,
        note=note,
        unsigned=unsigned,
        walk_ins=await services(request).waiting.queue.waiting(who),
        likes=request[STANDING].preferences,
        outcomes=list(Outcome),
        other_day=lambda start: start.astimezone(zone_of(view.zone)).date() != view.date,
        age=lambda born: present.age_on(born, today(request, view.zone)),
        instant=present.instant,
    )
