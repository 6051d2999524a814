"""/api/v1/choices: patients who are invited to choose a time by themselves."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypedDict

from aiohttp.web import Request, Response

from telehealth.domain.choice import Choice, ChoiceState
from telehealth.services.choices import Asking
from web.api.present import answer, instant, maybe_instant, nothing
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, Day, Flag
from web.reading import json_body
from web.request import actor, identifier, once, services


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingBody:
    """Who is to choose a time of which service until the end of which day; nobody in particular is anybody.

    With `interpreter` the visit has one for the patient's language.
    """

    patient_id: Annotated[str, IDENTIFIER]
    service_id: Annotated[str, IDENTIFIER]
    last: Annotated[date, Day()]
    practitioner_id: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    interpreter: Annotated[bool, Flag()] = False


class ChoiceShape(TypedDict):
    """An invitation: `open`, `booked`, `expired` or `withdrawn`; `visit` is what came of it."""

    id: str
    patient_id: str
    service_id: str
    practitioner_id: str
    interpreter: bool
    state: str
    made_at: str
    expires_at: str
    opened_at: str | None
    visit: str


class ChoiceList(TypedDict):
    """A patient's invitations, the newest first; `unreached` are those of which no message arrived."""

    choices: list[ChoiceShape]
    unreached: list[str]


async def invite(request: Request) -> Response:
    """Invite a patient to choose a time: the link goes to the contacts on file and is not answered."""
    sent = await json_body(request, AskingBody)
    desk = services(request).appointments.choices
    made = await desk.invite(actor(request), asking_of(sent), await once(request))
    return answer(_shape(made, made.state), status=201)


async def listed(request: Request) -> Response:
    """List how a patient's invitations stand."""
    desk, patient = services(request).appointments.choices, identifier(request, "patient")
    found = await desk.listed(actor(request), patient)
    shape: ChoiceList = {
        "choices": [_shape(each.choice, each.state) for each in found],
        "unreached": [each.choice.id for each in found if each.lost],
    }
    return answer(shape)


async def again(request: Request) -> Response:
    """Send the link of an invitation once more."""
    await services(request).appointments.choices.again(actor(request), identifier(request, "choice"))
    return nothing()


async def take_back(request: Request) -> Response:
    """End an invitation; a time that is kept is free at once."""
    await services(request).appointments.choices.take_back(actor(request), identifier(request, "choice"))
    return nothing()


def asking_of(sent: AskingBody) -> Asking:
    """Return what the service takes."""
    return Asking(sent.patient_id, sent.service_id, sent.last, sent.practitioner_id, sent.interpreter)


def _shape(choice: Choice, state: ChoiceState) -> ChoiceShape:
    return {
        "id": choice.id,
        "patient_id": choice.patient_id,
        "service_id": choice.service_id,
        "practitioner_id": choice.practitioner_id,
        "interpreter": choice.interpreter,
        "state": state.value,
        "made_at": instant(choice.made_at),
        "expires_at": instant(choice.expires_at),
        "opened_at": maybe_instant(choice.opened_at),
        "visit": choice.visit_id,
    }
