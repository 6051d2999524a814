"""/api/v1/queue: who came without an appointment, kept by their clinic, called by specialists."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.walk_in import REASON_LIMIT, Triage, WalkIn
from telehealth.services.walk_in_changes import Onward
from telehealth.services.walk_ins import NewWalkIn, QueueRow
from web.api.present import answer, instant, maybe_instant
from web.api.queue_shapes import CalledShape, QueueEntryShape, QueuesShape, WaitingShape, WalkInShape
from web.readers import IDENTIFIER, Choice, Text
from web.reading import json_body
from web.request import actor, identifier, once, services


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkInBody:
    """Who is there, for what, how soon they have to be seen, and what they come with."""

    patient_id: Annotated[str, IDENTIFIER]
    service_id: Annotated[str, IDENTIFIER]
    triage: Annotated[Triage, Choice(Triage)]
    reason: Annotated[str, Text(REASON_LIMIT)] = ""

    @property
    def walk_in(self) -> NewWalkIn:
        """Who comes into the queue."""
        return NewWalkIn(self.patient_id, self.service_id, self.triage, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageBody:
    """How soon somebody has to be seen now, and why that changed."""

    triage: Annotated[Triage, Choice(Triage)]
    why: Annotated[str, Text(REASON_LIMIT, 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardBody:
    """To which clinic somebody is sent on, for which service, and why."""

    organization_id: Annotated[str, IDENTIFIER]
    service_id: Annotated[str, IDENTIFIER]
    because: Annotated[str, Text(REASON_LIMIT, 1)]

    @property
    def onward(self) -> Onward:
        """Where they go."""
        return Onward(self.organization_id, self.service_id, self.because)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextBody:
    """For what the next is called."""

    service_id: Annotated[str, IDENTIFIER]


async def listed(request: Request) -> Response:
    """Show the queues: a clinic its own people, a specialist who waits for what they offer."""
    found = await services(request).waiting.queue.queues(actor(request))
    shape: QueuesShape = {
        "queues": [
            {
                "service": {"id": each.service.id, "name": each.service.name},
                "entries": [entry(row) for row in each.rows],
            }
            for each in found
        ]
    }
    return answer(shape)


async def waiting(request: Request) -> Response:
    """Show how many wait: in the own clinic, or for what a specialist offers. Nobody is named."""
    shape: WaitingShape = {"waiting": await services(request).waiting.queue.waiting(actor(request))}
    return answer(shape)


async def add(request: Request) -> Response:
    """Put somebody who is there into the clinic's queue."""
    sent, key = await json_body(request, WalkInBody), await once(request)
    made = await services(request).waiting.queue.add(actor(request), sent.walk_in, key)
    return answer(walk_in(made), status=201)


async def take_next(request: Request) -> Response:
    """Call whoever is next for a service; the visit that is made for now is in the clinic's list."""
    sent, key = await json_body(request, NextBody), await once(request)
    visit = await services(request).waiting.calls.take_next(actor(request), sent.service_id, key)
    shape: CalledShape = {"visit": visit}
    return answer(shape, status=201)


async def assess(request: Request) -> Response:
    """Say how soon somebody has to be seen now, and why."""
    sent = await json_body(request, TriageBody)
    places = services(request).waiting.places
    return answer(
        walk_in(await places.assess(actor(request), identifier(request, "walk_in"), sent.triage, sent.why))
    )


async def send(request: Request) -> Response:
    """Send somebody who waits on to another clinic or for another service; triage and arrival stay."""
    sent, key = await json_body(request, OnwardBody), await once(request)
    places = services(request).waiting.places
    return answer(
        walk_in(await places.send(actor(request), identifier(request, "walk_in"), sent.onward, key))
    )


async def leave(request: Request) -> Response:
    """Note that somebody went away before they were called."""
    places = services(request).waiting.places
    return answer(walk_in(await places.leave(actor(request), identifier(request, "walk_in"))))


async def back(request: Request) -> Response:
    """Let somebody who went away wait again, by their first arrival."""
    places = services(request).waiting.places
    return answer(walk_in(await places.back(actor(request), identifier(request, "walk_in"))))


def walk_in(one: WalkIn) -> WalkInShape:
    """Return somebody in a queue as JSON."""
    return {
        "id": one.id,
        "organization": one.organization_id,
        "service": one.service_id,
        "patient": one.patient_id,
        "triage": one.triage.value,
        "arrived_at": instant(one.arrived_at),
        "status": one.status.value,
        "since": instant(one.since),
        "reason": one.reason,
        "why": one.why,
        "from_organization": one.from_organization_id,
        "because": one.because,
        "visit": one.visit_id,
    }


def entry(row: QueueRow) -> QueueEntryShape:
    """Return a row of a queue as JSON."""
    standing = row.standing
    return {
        "walk_in": walk_in(row.walk_in),
        "who": {"name": row.patient.name.full, "birth_date": row.patient.birth_date.isoformat()},
        "clinic": row.clinic,
        "ahead": standing.ahead if standing else None,
        "minutes": standing.minutes if standing else None,
        "closed_until": maybe_instant(row.shut.until if row.shut else None),
    }
