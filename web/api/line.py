"""/api/v1: what the clinic says to its line, and what it does about it."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.clinic_message import TEXT_LIMIT, Prepared, Words
from telehealth.domain.presence import Because, Presence
from telehealth.domain.queue import LATE_LIMIT, Priority, Reason
from web.api import present
from web.api.present import answer
from web.api.visit_shapes import RecalledShape
from web.readers import VERSION, Choice, Text, Whole
from web.reading import json_body
from web.request import actor, identifier, once, services


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How many minutes late the clinic runs, 0 for on time, and why; an empty reason names none."""

    minutes: Annotated[int, Whole(0, LATE_LIMIT)]
    reason: Annotated[Reason, Choice(Reason)] = Reason.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Why nobody is called for the time being; an empty reason names none."""

    reason: Annotated[Reason, Choice(Reason)] = Reason.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBody:
    """A prepared sentence by its name, or else own words and the language (BCP 47) that they are in."""

    prepared: Annotated[Prepared, Choice(Prepared)] = Prepared.OWN
    text: Annotated[str, Text(TEXT_LIMIT, lines=True)] = ""
    language: Annotated[str, Text(35, pattern="([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?")] = "en"

    @property
    def words(self) -> Words:
        """What is said."""
        return Words(self.prepared, self.text, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityBody:
    """How soon somebody has to be seen."""

    priority: Annotated[Priority, Choice(Priority)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceBody:
    """How a visit went after all, why it was noted otherwise, and the visit's version as it was read."""

    presence: Annotated[Presence, Choice(Presence)]
    because: Annotated[Because, Choice(Because)]
    version: Annotated[int, VERSION]


async def late(request: Request) -> Response:
    """Say that the clinic runs late, and why; everybody who waits is told."""
    said = await json_body(request, Lateness)
    state = await services(request).waiting.running.late(actor(request), said.minutes, said.reason)
    return answer(present.running(state))


async def pause(request: Request) -> Response:
    """Pause the clinic; everybody who waits is told."""
    said = await json_body(request, Pause)
    return answer(present.running(await services(request).waiting.running.pause(actor(request), said.reason)))


async def resume(request: Request) -> Response:
    """Go on with the clinic."""
    return answer(present.running(await services(request).waiting.running.resume(actor(request))))


async def message(request: Request) -> Response:
    """Leave a message for one patient who is here."""
    said, key = await json_body(request, MessageBody), await once(request)
    sent = await services(request).waiting.messages.send(
        actor(request), identifier(request, "visit"), said.words, key
    )
    return answer({"sent": sent})


async def message_all(request: Request) -> Response:
    """Leave a message for everybody who waits."""
    said, key = await json_body(request, MessageBody), await once(request)
    sent = await services(request).waiting.messages.send_all(actor(request), said.words, key)
    return answer({"sent": sent})


async def prioritize(request: Request) -> Response:
    """Say how soon somebody has to be seen; the places of the others follow."""
    said = await json_body(request, PriorityBody)
    visit = await services(request).waiting.line.prioritize(
        actor(request), identifier(request, "visit"), said.priority
    )
    return answer({"id": visit.id, "priority": visit.priority.value})


async def miss(request: Request) -> Response:
    """Note that the patient did not attend; coming after all undoes it."""
    changed = await services(request).waiting.line.miss(actor(request), identifier(request, "visit"))
    return answer(present.visit_state(changed))


async def attended(request: Request) -> Response:
    """Take back that the patient did not attend."""
    found = await services(request).waiting.line.attended(actor(request), identifier(request, "visit"))
    shape: RecalledShape = {**present.visit_state(found.visit), "reserved": found.reserved}
    return answer(shape)


async def correct(request: Request) -> Response:
    """Correct who was there, and why."""
    sent = await json_body(request, PresenceBody)
    changed = await services(request).waiting.correcting.correct(
        actor(request), identifier(request, "visit"), sent.presence, sent.because, sent.version
    )
    return answer(present.visit_state(changed))
