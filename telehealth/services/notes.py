"""The note desk: drafts saved as they are typed, signing into the shared record, addenda afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation, VisitEvent, VisitStatus
from telehealth.domain.errors import (
    BadInput,
    FieldProblem,
    IdentityNotConfirmed,
    NoteLocked,
    StaleVersion,
    VisitClosed,
    WrongState,
)
from telehealth.domain.note import FIELD_LIMIT, Addendum, Note, NoteContent, NoteState
from telehealth.services.joining import changed
from telehealth.services.misfiled import Misfiled
from telehealth.services.named import Named, named
from telehealth.services.note_versions import NoteVersions
from telehealth.services.once import keep, recall
from telehealth.services.ports import Announcer, SigningKeys
from telehealth.services.repositories import DayRow
from telehealth.services.signed_notes import ERROR, file_addendum, file_note, stood, withdrawn
from telehealth.services.trail import Once, Work, enter, enter_visit, own_visit, require

WRITABLE = frozenset({VisitStatus.IN_PROGRESS, VisitStatus.FINISHED, VisitStatus.COMPLETED})
"""A note of a completed visit is locked, but for one that was begun anew."""


@dataclass(frozen=True, slots=True)
class NoteView:
    """The author's note with its addenda; `record_version` is 0 until it is in the shared record.

    `withdrawn` says that it was taken out of there: it is neither printed nor added to.
    """

    visit: Consultation
    note: Note | None
    addenda: Sequence[Addendum]
    record_version: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class NotePaper:
    """A signed note as it is printed, and whom and when it is about."""

    note: Note
    addenda: Sequence[Addendum]
    record_version: int
    named: Named


class NoteDesk:
    """An author's own notes: drafts are invisible to everybody else. `misfiled` puts some right.

    `versions` tells how signed ones came about.
    """

    def __init__(self, *, work: Work, keys: SigningKeys, announcer: Announcer) -> None:
        self._work = work
        self._keys = keys
        self._announcer = announcer
        self.misfiled = Misfiled(work=work, keys=keys, announcer=announcer)
        self.versions = NoteVersions(work=work)

    async def open(self, actor: Actor, visit_id: str) -> NoteView:
        """Return the actor's note of the visit; there is none before the first save."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.NOTE_READ, visit_id)
            note = await uow.notes.of_visit(visit_id, actor.id)
            addenda = await uow.notes.addenda(note.id) if note else []
            version, filed = await stood(uow, note) if note and note.composition_id else (0, {})
            await enter_visit(self._work, uow, actor, AuditAction.NOTE_READ, visit)
        return NoteView(visit, note, addenda, version, filed.get("status") == ERROR)

    async def paper(self, actor: Actor, visit_id: str) -> NotePaper:
        """Return the actor's signed note of the visit to be printed; raises WrongState before that."""
        view = await self.open(actor, visit_id)
        if view.note is None or view.note.state is not NoteState.SIGNED:
            raise WrongState("Sign the note first: what is printed does not change any more.")
        if view.withdrawn:
            raise WrongState("This note was taken out of this record: it is not printed any more.")
        async with self._work.units.reading() as uow:
            return NotePaper(view.note, view.addenda, view.record_version, await named(uow, view.visit))

    async def save(self, actor: Actor, visit_id: str, content: NoteContent, version: int) -> Note:
        """Save the draft over `version` (0 for the first); raises StaleVersion and overwrites nothing."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.NOTE_WRITE, visit_id)
            known = await uow.notes.of_visit(visit_id, actor.id)
            if known is not None and known.state is NoteState.SIGNED:
                raise NoteLocked
            _clinical_part_open(visit)
            if (known.version if known else 0) != version:
                raise StaleVersion(current=known.version if known else 0)
            note = self._next(actor, visit, known, content)
            await (uow.notes.save(note) if known else uow.notes.add(note))
            await enter_visit(
                self._work, uow, actor, AuditAction.NOTE_SAVED, visit, reason=f"version {note.version}"
            )
        return note

    def _next(self, actor: Actor, visit: Consultation, known: Note | None, content: NoteContent) -> Note:
        now = self._work.clock.now()
        if known is not None:
            return replace(known, content=content, version=known.version + 1, updated_at=now)
        return Note(
            id=self._work.identifier(),
            visit_id=visit.id,
            patient_id=visit.patient_id,
            author_id=actor.id,
            organization_id=visit.organization_id,
            state=NoteState.DRAFT,
            content=content,
            version=1,
            updated_at=now,
        )

    async def sign(self, actor: Actor, visit_id: str, version: int, language: str = "") -> Note:
        """Lock, sign and file the note in one transaction; signing what is signed returns it unchanged.

        `language` is what the author's page speaks: the patient is told where it is not theirs.
        """
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.NOTE_SIGN, visit_id)
            draft = await uow.notes.of_visit(visit_id, actor.id)
            if draft is not None and draft.state is NoteState.SIGNED:
                return draft
            _clinical_part_open(visit)
            if draft is None or draft.content.empty:
                raise WrongState("There is nothing to sign yet.")
            if draft.version != version:
                raise StaleVersion(current=draft.version)
            draft.content.check_agreed()
            before, visit = visit, visit.step(VisitEvent.SIGN, now)
            if visit is not before:  # signed before, a note that was taken out
                await uow.visits.save(visit)
            note = draft.sign(now, language)
            await uow.notes.save(note)
            await file_note(self._work, uow, self._keys, visit, note, actor)
            await enter_visit(
                self._work, uow, actor, AuditAction.NOTE_SIGNED, visit, reason=f"version {note.version}"
            )
        await self._announcer.announce(changed(visit))
        return note

    async def add(self, actor: Actor, visit_id: str, text: str, once: Once | None = None) -> Addendum:
        """Add to a signed note, with author and time; the signed text stays as it is."""
        if not text.strip() or len(text) > FIELD_LIMIT:
            raise BadInput(FieldProblem("text", "required", "Write what is to be added."))
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            visit = await own_visit(uow, actor, Permission.NOTE_SIGN, visit_id)
            note = await uow.notes.of_visit(visit_id, actor.id)
            if note is None or note.state is not NoteState.SIGNED:
                raise WrongState("Only a signed note takes an addendum.")
            if await withdrawn(uow, note):
                raise WrongState("This note was taken out of this record: it takes no addendum.")
            if earlier is not None:
                kept = await uow.notes.addenda(note.id)
                return next(each for each in kept if each.id == earlier["addendum"])
            addendum = self._addendum(note, text)
            await uow.notes.add_addendum(addendum)
            everything = await uow.notes.addenda(note.id)
            await file_addendum(self._work, uow, self._keys, visit, note, everything, actor)
            await enter_visit(self._work, uow, actor, AuditAction.NOTE_ADDED, visit)
            await keep(self._work, uow, once, {"addendum": addendum.id})
        return addendum

    def _addendum(self, note: Note, text: str) -> Addendum:
        return Addendum(
            id=self._work.identifier(),
            note_id=note.id,
            visit_id=note.visit_id,
            patient_id=note.patient_id,
            author_id=note.author_id,
            organization_id=note.organization_id,
            text=text.strip(),
            added_at=self._work.clock.now(),
        )

    async def unsigned(self, actor: Actor) -> list[tuple[Note, DayRow]]:
        """Return the actor's drafts with the visits they belong to; those of tests need no signature."""
        require(actor, Permission.NOTE_READ, Subject(practitioner_id=actor.id))
        async with self._work.units.writing() as uow:
            drafts = await uow.notes.unsigned(actor.id)
            rows = await uow.visits.rows([note.visit_id for note in drafts])
            found = [
                (note, row)
                for note in drafts
                if (row := rows.get(note.visit_id)) is not None and not row.visit.test
            ]
            patients = sorted({note.patient_id for note, _ in found})
            await enter(self._work, uow, actor, AuditAction.NOTE_READ, patient_ids=patients)
        return found


def _clinical_part_open(visit: Consultation) -> None:
    """Writing needs a visit that takes or took place, and a confirmed patient."""
    if visit.status is VisitStatus.CANCELLED:
        raise VisitClosed
    if visit.status not in WRITABLE:
        raise WrongState("Admit the patient first: a note is written during the visit or after it.")
    if visit.confirmation is None:
        raise IdentityNotConfirmed
