"""All versions of a signed note: what each changed, who signed it when, and why it left the record."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound
from telehealth.domain.note import Note
from telehealth.domain.note_versions import Act, Change, changes
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.composition import sections_from_fhir
from telehealth.fhir.provenance import Account, provenance_from_fhir
from telehealth.fhir.text import Resource
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.sifting import every
from telehealth.services.signed_notes import ERROR, version_of
from telehealth.services.trail import Work, enter_visit, own_visit

MOST = 50
"""So many versions of one note are shown, the newest."""
ANY = 1_000_000
"""A version that no note has reached."""


@dataclass(frozen=True, slots=True)
class NoteVersion:
    """One version: `changes` is what differs from the one before, for the first one all of it.

    `note` counts the notes of the visit: a new one, after another was taken out, is not compared with it.
    """

    note: int
    number: int
    act: Act
    at: datetime
    author: str
    why: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class VersionsOfNote:
    """The visit, and the versions of its notes, newest first; `more` says that there are older ones."""

    row: DayRow
    versions: list[NoteVersion]
    more: bool


class NoteVersions:
    """For who may read the note: its author."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def of(self, actor: Actor, visit_id: str) -> VersionsOfNote:
        """Return the versions of the actor's note of a visit; before it is signed there are none."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.NOTE_READ, visit_id)
            await enter_visit(self._work, uow, actor, AuditAction.NOTE_READ, visit, "every version")
        async with self._work.units.reading() as uow:
            row = await uow.visits.row(visit_id)
            if row is None:
                raise NotFound
            notes = await uow.notes.all_of_visit(visit_id, actor.id)
            of_each = [await _versions(uow, note) for note in notes if note.composition_id]
        found = [version for versions in of_each for version in versions]
        return VersionsOfNote(row, found[:MOST], len(found) > MOST)


async def _versions(uow: UnitOfWork, note: Note) -> list[NoteVersion]:
    """Return the newest versions of a note, newest first; the last of more than `MOST` is not told whole."""
    heads = await uow.record.history("Composition", note.id, ANY, MOST + 1)
    filed = await uow.record.opened("Composition", heads)
    accounts = await _accounts(uow, note, filed)
    names = await _names(uow, {each.signer_id for each in accounts.values()})
    found: list[NoteVersion] = []
    before: Resource = {}
    for each in reversed(filed):
        composition, account = json.loads(each.text), accounts[each.version]
        found.append(
            NoteVersion(
                note=note.number,
                number=each.version,
                act=_act(each.version, composition),
                at=account.signed_at,
                author=names.get(account.signer_id, ""),
                why=account.why,
                changes=_changes(before, composition),
            )
        )
        before = composition
        await asyncio.sleep(0)
    return found[::-1]


def _changes(before: Resource, after: Resource) -> list[Change]:
    return changes(sections_from_fhir(before) if before else [], sections_from_fhir(after))


async def _accounts(uow: UnitOfWork, note: Note, filed: Sequence[ResourceVersion]) -> dict[int, Account]:
    """Return what is told of each version by its Provenance, which was filed right after it."""
    wanted = {version_of(note.id, each.version): each.version for each in filed}
    found: dict[int, Account] = {}
    async for each in every(uow, note.patient_id, "Provenance", (filed[-1].updated_at, "")):
        account = provenance_from_fhir(json.loads(each.text))
        if account.target in wanted:
            found[wanted[account.target]] = account
        if len(found) == len(wanted):
            break
    return found


async def _names(uow: UnitOfWork, ids: set[str]) -> dict[str, str]:
    found = [await uow.directory.practitioner(each) for each in sorted(ids)]
    return {each.id: each.display for each in found if each is not None}


def _act(version: int, composition: Resource) -> Act:
    if composition["status"] == ERROR:
        return Act.WITHDRAWN
    if version > 1:
        return Act.ADDED
    return Act.REFILED if "relatesTo" in composition else Act.SIGNED
