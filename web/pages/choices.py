"""Inviting a patient to choose a time: asked for, sent again and taken back. Without scripts.

How the invitations stand is shown where the patient is booked for, see `book.py`.
"""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.choice import GOOD_FOR
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.services.choices import ChoiceDesk
from web.api.choices import AskingBody, asking_of
from web.body import posted
from web.gates import see
from web.pages.times import own_zone
from web.readers import OPTIONAL_IDENTIFIER, Text
from web.reading import form, query
from web.render import page
from web.request import actor, identifier, new_key, once, services, today


@dataclass(frozen=True, slots=True)
class Whom:
    """The patient who is to choose, and what was looked for; an interpreter is wanted by any language."""

    patient: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    service: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    practitioner: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    interpreter: Annotated[str, Text(LANGUAGE_LIMIT)] = ""


async def show_add(request: Request) -> Response:
    """Ask for what the patient is to choose a time, with whom, and until when."""
    return await _ask(request, query(request, Whom, strict=False))


async def again_add(request: Request) -> Response:
    """Ask once more, with what was wrong about it."""
    sent = await posted(request)
    names = ("patient", "service", "practitioner")
    ids = [OPTIONAL_IDENTIFIER.read(sent.get(f"{name}_id", ""), name) for name in names]
    return await _ask(request, Whom(*ids))


async def _ask(request: Request, whom: Whom) -> Response:
    me, booking = actor(request), services(request).booking
    patient = await services(request).desk.get(me, whom.patient)
    catalogue = await services(request).desk.catalogue(me)
    offered = {service for service, _ in catalogue.offers}
    return page(
        request,
        "staff/choice_add.html",
        patient=patient,
        whom=whom,
        ways=booking.ways(patient),
        offered=[each for each in catalogue.services if each.id in offered],
        people=catalogue.practitioners,
        last=await booking.last(me, patient.id, whom.service) if whom.service else None,
        once=new_key(request),
        until=today(request, own_zone(request, catalogue)) + GOOD_FOR,
    )


async def invite(request: Request) -> Response:
    """Send a patient the invitation."""
    asking = asking_of(await form(request, AskingBody))
    choice = await _desk(request).invite(actor(request), asking, await once(request))
    return _back(choice.patient_id)


async def again(request: Request) -> Response:
    """Send the link of an invitation once more."""
    choice = await _desk(request).again(actor(request), identifier(request, "choice"))
    return see(f"/book?patient={choice.patient_id}&done=again")


async def take_back(request: Request) -> Response:
    """End an invitation; a time that is kept is free at once."""
    return _back((await _desk(request).take_back(actor(request), identifier(request, "choice"))).patient_id)


def _desk(request: Request) -> ChoiceDesk:
    return services(request).appointments.choices


def _back(patient_id: str) -> Response:
    return see(f"/book?patient={patient_id}")
