"""A patient's whole record as files: every resource, notes as paper, documents, and who has read it.

It is entered before anything is told, and read resource by resource, notes and documents a second time for
their own files: no record is too large for it.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from telehealth.domain.access import Actor, ActorKind, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.audit_kinds import SEEN, purpose_of
from telehealth.domain.errors import NotFound
from telehealth.domain.files import FileKind
from telehealth.domain.people import Role
from telehealth.domain.record import READABLE, ResourceVersion
from telehealth.fhir.document import file_of
from telehealth.fhir.text import Resource, instant, paragraphs
from telehealth.papers.sheet import Block, Run, Sheet
from telehealth.services.audit_rows import AuditRow, with_names
from telehealth.services.sifting import every
from telehealth.services.trail import Work, enter, require

ENDINGS = {FileKind.JPEG: "jpg", FileKind.PNG: "png", FileKind.PDF: "pdf"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
NOTE = "Composition"
APART = frozenset({NOTE, "DocumentReference"})
"""Types of which people read or look at something."""
BATCH = 500
RECORD, READERS = "record.json", "who-has-read.json"
Paper = Callable[[Sheet], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a file; the pieces of one file come one after the other."""

    name: str
    content: bytes


class TakingOut:
    """Takes a record out, for whoever runs the service to hand over; `paper` sets a note as PDF."""

    def __init__(self, *, work: Work, paper: Paper) -> None:
        self._work, self._paper = work, paper

    async def pieces(self, actor: Actor, patient_id: str) -> AsyncGenerator[Piece]:
        """Walk over all of it; raises NotFound for who is not there, or not any more."""
        require(actor, Permission.RECORD_TAKE)
        async with self._work.units.reading() as uow:
            if await uow.patients.get(patient_id) is None:
                raise NotFound("There is no such patient.")
        await self._enter(actor, patient_id)
        apart: list[ResourceVersion] = []
        yield Piece(RECORD, b'{"resourceType":"Bundle","type":"collection","entry":[')
        first = True
        for type_ in READABLE:
            async for each in self._stored(patient_id, type_):
                before = "\n" if first else ",\n"
                yield Piece(RECORD, f'{before}{{"resource":{each.text}}}'.encode())
                first = False
                if type_ in APART:
                    apart.append(replace(each, text=""))
        yield Piece(RECORD, b"\n]}\n")
        for each in apart:
            if (beside := await self._beside(each)) is not None:
                yield beside
        async for entry in self._readers(patient_id):
            yield entry

    async def _stored(self, patient_id: str, type_: str) -> AsyncIterator[ResourceVersion]:
        async with self._work.units.reading() as uow:
            async for each in every(uow, patient_id, type_):
                yield each

    async def _beside(self, known: ResourceVersion) -> Piece | None:
        """Return what people read or look at of a resource: a note as paper, a document as itself."""
        async with self._work.units.reading() as uow:
            stored = await uow.record.get(known.type, known.id, known.version)
        if stored is None:
            return None
        resource = json.loads(stored.text)
        if known.type == NOTE:
            return Piece(f"notes/{known.id}.pdf", await self._paper(sheet_of(resource)))
        found = file_of(resource)
        return Piece(f"documents/{known.id}.{ENDINGS[found[0]]}", found[1]) if found else None

    async def _readers(self, patient_id: str) -> AsyncIterator[Piece]:
        """Walk over who has read what, newest first, as the patient is told of it."""
        yield Piece(READERS, b"[")
        before, between = None, "\n"
        while True:
            async with self._work.units.reading() as uow:
                asked: dict[str, Any] = {"patient_id": patient_id, "actions": SEEN, "before": before}
                entries = await uow.audit.entries(**asked, limit=BATCH)
                rows = await with_names(uow, entries)
            for row in rows:
                yield Piece(READERS, f"{between}{json.dumps(_reading(row), ensure_ascii=False)}".encode())
                between = ",\n"
            if len(entries) < BATCH:
                break
            before = (entries[-1].at, entries[-1].id)
        yield Piece(READERS, b"\n]\n")

    async def _enter(self, actor: Actor, patient_id: str) -> None:
        async with self._work.units.writing() as uow:
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.RECORD_TAKEN_OUT,
                patient_ids=(patient_id,),
                entity="Patient",
                entity_id=patient_id,
            )


def _reading(row: AuditRow) -> dict[str, str]:
    """Return one reading; staff who are no specialists have no names here, as on the patient's page."""
    entry = row.entry
    named = entry.actor_kind == ActorKind.PROGRAM or entry.actor_role == Role.SPECIALIST
    return {
        "at": instant(entry.at),
        "who": row.name if named else entry.actor_role or entry.actor_kind,
        "organization": row.organization,
        "what": SEEN[entry.action].value,
        "purpose": purpose_of(entry).value,
    }


def sheet_of(composition: Resource) -> Sheet:
    """Return a note as it is set on paper: its title, its day, its sections."""
    language = composition.get("language", "en")
    blocks = [_block("h1", composition["title"]), _block("p", composition["date"][:10])]
    for section in composition.get("section", ()):
        blocks.append(_block("h2", section.get("title", "")))
        blocks += [_block("p", each) for each in paragraphs(section["text"])]
    direction = "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
    return Sheet(language, direction, tuple(blocks))


def _block(kind: str, text: str) -> Block:
    return Block(kind, runs=[Run(text)])
