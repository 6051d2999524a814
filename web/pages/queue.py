"""Who came without an appointment: clinics keep their queues, specialists take the next. Without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.walk_in import Triage
from web.api.queue import OnwardBody, TriageBody, WalkInBody
from web.gates import see
from web.readers import OPTIONAL_IDENTIFIER
from web.reading import form, query
from web.render import page
from web.request import actor, identifier, new_key, once, services


@dataclass(frozen=True, slots=True)
class Whom:
    """The patient who is to be added."""

    patient: Annotated[str, OPTIONAL_IDENTIFIER] = ""


async def show(request: Request) -> Response:
    """Show the queues."""
    queues = await services(request).waiting.queue.queues(actor(request))
    return page(request, "staff/queue.html", queues=queues, levels=list(Triage))


async def show_add(request: Request) -> Response:
    """Ask for what a patient comes and how soon they have to be seen."""
    return await _ask(request, query(request, Whom, strict=False).patient)


async def again_add(request: Request) -> Response:
    """Ask once more, with what was wrong about it."""
    sent = await request.post()
    return await _ask(request, OPTIONAL_IDENTIFIER.read(sent.get("patient_id", ""), "patient_id"))


async def _ask(request: Request, patient_id: str) -> Response:
    patient = await services(request).desk.get(actor(request), patient_id)
    catalogue = await services(request).desk.catalogue(actor(request))
    offered = {service for service, _ in catalogue.offers}
    return page(
        request,
        "staff/queue_add.html",
        patient=patient,
        offered=[each for each in catalogue.services if each.id in offered],
        levels=list(Triage),
        once=new_key(request),
    )


async def add(request: Request) -> Response:
    """Put somebody who is there into the clinic's queue."""
    sent = await form(request, WalkInBody)
    await services(request).waiting.queue.add(actor(request), sent.walk_in, await once(request))
    return see("/queue")


async def assess(request: Request) -> Response:
    """Say how soon somebody has to be seen now; the places of the others follow."""
    sent = await form(request, TriageBody)
    places = services(request).waiting.places
    await places.assess(actor(request), identifier(request, "walk_in"), sent.triage, sent.why)
    return see("/queue")


async def show_send(request: Request) -> Response:
    """Ask to which clinic somebody is sent on, and why."""
    found = await services(request).waiting.queue.onward(actor(request), identifier(request, "walk_in"))
    return page(request, "staff/queue_send.html", found=found)


async def send(request: Request) -> Response:
    """Send somebody on to another clinic's queue; the place stays by triage and arrival."""
    sent = await form(request, OnwardBody)
    places = services(request).waiting.places
    await places.send(actor(request), identifier(request, "walk_in"), sent.onward)
    return see("/queue")


async def leave(request: Request) -> Response:
    """Note that somebody went away before they were called."""
    await services(request).waiting.places.leave(actor(request), identifier(request, "walk_in"))
    return see("/queue")


async def back(request: Request) -> Response:
    """Let somebody who went away wait again."""
    await services(request).waiting.places.back(actor(request), identifier(request, "walk_in"))
    return see("/queue")


async def take_next(request: Request) -> Response:
    """Call whoever is next for a service; the visit is in the clinic's list now."""
    await services(request).waiting.calls.take_next(actor(request), identifier(request, "service"))
    return see("/clinic")


async def own(request: Request) -> Response:
    """Show the page behind the link to a place in a queue; only its script knows whose link it is."""
    return page(request, "patient/queue.html")
