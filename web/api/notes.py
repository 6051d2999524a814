"""/api/v1/visits/{visit}/note: the author's note, saved as it is typed, signed once, added to afterwards."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.note import FIELD_LIMIT, NoteContent, Outcome
from web.api import present
from web.api.present import answer
from web.api.visit_shapes import UnsignedShape
from web.keys import LANGUAGE
from web.readers import Choice, Text, Whole
from web.reading import json_body
from web.request import actor, identifier, once, reader, services

LATEST_VERSION = 1_000_000
WRITING = Text(FIELD_LIMIT, lines=True, trim=False)


@dataclass(frozen=True, slots=True)
class NoteBody:
    """The whole note as it stands on the page, and the version it was made from (0 before the first save)."""

    version: Annotated[int, Whole(0, LATEST_VERSION)]
    history: Annotated[str, WRITING] = ""
    findings: Annotated[str, WRITING] = ""
    assessment: Annotated[str, WRITING] = ""
    plan: Annotated[str, WRITING] = ""
    outcome: Annotated[Outcome, Choice(Outcome)] = Outcome.NONE
    when: Annotated[str, Text(200)] = ""


@dataclass(frozen=True, slots=True)
class Version:
    """The version that is to be signed."""

    version: Annotated[int, Whole(1, LATEST_VERSION)]


@dataclass(frozen=True, slots=True)
class AddendumBody:
    """What is added to a signed note."""

    text: Annotated[str, Text(FIELD_LIMIT, 1, lines=True)]


async def show(request: Request) -> Response:
    """Show the author's note of the visit."""
    view = await services(request).notes.open(actor(request), identifier(request, "visit"))
    name, version = actor(request).name, view.record_version
    return answer(present.note(view.visit.id, view.note, addenda=view.addenda, version=version, author=name))


async def save(request: Request) -> Response:
    """Save the draft; a stale version is refused with the present one and overwrites nothing."""
    sent = await json_body(request, NoteBody)
    content = NoteContent(sent.history, sent.findings, sent.assessment, sent.plan, sent.outcome, sent.when)
    visit_id = identifier(request, "visit")
    note = await services(request).notes.save(actor(request), visit_id, content, sent.version)
    return answer(present.note(visit_id, note))


async def sign(request: Request) -> Response:
    """Sign the note and file it in the shared record; signing it again changes nothing."""
    sent = await json_body(request, Version)
    visit_id, language = identifier(request, "visit"), request[LANGUAGE]
    await services(request).notes.sign(actor(request), visit_id, sent.version, language)
    return await show(request)


async def add(request: Request) -> Response:
    """Add to the signed note; a retry under the same Idempotency-Key adds nothing."""
    sent = await json_body(request, AddendumBody)
    visit_id = identifier(request, "visit")
    await services(request).notes.add(actor(request), visit_id, sent.text, await once(request))
    return await show(request)


async def unsigned(request: Request) -> Response:
    """List the visits whose notes wait for a signature."""
    found = await services(request).notes.unsigned(actor(request))
    name, by = actor(request).name, reader(request)
    shape: UnsignedShape = {"notes": [present.visit(row, name, by) for _, row in found]}
    return answer(shape)
