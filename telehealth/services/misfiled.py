"""A signed note that stands in the wrong patient's record: taken out there, and filed with the right one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation, VisitEvent
from telehealth.domain.errors import BadInput, FieldProblem, WrongState
from telehealth.domain.note import UNTYPED, Addendum, Note, NoteState
from telehealth.services.joining import changed
from telehealth.services.ports import Announcer, SigningKeys
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.signed_notes import file_note, file_withdrawal, withdrawn
from telehealth.services.trail import Work, enter_visit, own_visit

WHY_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Misplaced:
    """The visit with the note, and where it may belong: own visits of other patients that lack a note."""

    row: DayRow
    withdrawn: bool
    places: list[DayRow]


class Misfiled:
    """For notes of one's own; both records are put right in one transaction."""

    def __init__(self, *, work: Work, keys: SigningKeys, announcer: Announcer) -> None:
        self._work = work
        self._keys = keys
        self._announcer = announcer

    async def look(self, actor: Actor, visit_id: str) -> Misplaced:
        """Return where the signed note of a visit stands and may belong; raises WrongState before signing."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.NOTE_SIGN, visit_id)
            note = await _signed(uow, actor, visit)
            owing = await uow.visits.owing(actor.id)
            rows = await uow.visits.rows([visit_id, *owing])
            places = [row for row in rows.values() if await _takes(uow, actor, visit, row)]
            patients = sorted({visit.patient_id, *(row.patient.id for row in places)})
            await enter_visit(self._work, uow, actor, AuditAction.NOTE_READ, visit, patient_ids=patients)
            gone = await withdrawn(uow, note)
        ordered = sorted(places, key=lambda row: row.appointment.start, reverse=True)
        return Misplaced(rows[visit_id], gone, ordered)

    async def put_right(self, actor: Actor, visit_id: str, to: str, why: str) -> None:
        """Mark the note as an error in this record; file it with the visit `to`, if that is named.

        `why` is kept, sealed, with the error's Provenance. Raises WrongState where either cannot be.
        """
        if not why.strip() or len(why) > WHY_LIMIT or UNTYPED.search(why):
            raise BadInput(FieldProblem("why", "required", "Write why, in a sentence."))
        async with self._work.units.writing() as uow:
            wrong = await own_visit(uow, actor, Permission.NOTE_SIGN, visit_id)
            note = await _signed(uow, actor, wrong)
            if await withdrawn(uow, note):
                raise WrongState("This note has been taken out of this record already.")
            addenda = await uow.notes.addenda(note.id)
            await file_withdrawal(self._work, uow, self._keys, wrong, note, actor, why.strip())
            await enter_visit(self._work, uow, actor, AuditAction.NOTE_WITHDRAWN, wrong)
            right = await self._refile(uow, actor, wrong, to, note, addenda) if to else None
        for visit in (wrong, right):
            if visit is not None:
                await self._announcer.announce(changed(visit))

    async def begin_anew(self, actor: Actor, visit_id: str) -> Note:
        """Begin another note in a visit whose note was taken out of the record; pressed twice it is one.

        Raises WrongState where a note stands, or none was signed.
        """
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.NOTE_WRITE, visit_id)
            known = await uow.notes.of_visit(visit_id, actor.id)
            if known is not None and known.state is NoteState.DRAFT and known.number > 1:
                return known
            if known is None or not await withdrawn(uow, known):
                raise WrongState("A new note is written where the one before was taken out of the record.")
            draft = known.anew(self._work.identifier(), self._work.clock.now())
            await uow.notes.add(draft)
            reason = f"version {draft.version}"
            await enter_visit(self._work, uow, actor, AuditAction.NOTE_SAVED, visit, reason)
        return draft

    async def _refile(
        self,
        uow: UnitOfWork,
        actor: Actor,
        wrong: Consultation,
        to: str,
        note: Note,
        addenda: Sequence[Addendum],
    ) -> Consultation:
        """Sign the same words anew in the visit where they belong, with what was added to them."""
        await own_visit(uow, actor, Permission.NOTE_SIGN, to)
        row = await uow.visits.row(to)
        if row is None or not await _takes(uow, actor, wrong, row):
            raise WrongState("The note cannot be filed with this visit. Choose one of those offered.")
        now = self._work.clock.now()
        visit = row.visit.step(VisitEvent.SIGN, now)
        await uow.visits.save(visit)
        draft = self._draft(note, visit, now)
        await uow.notes.add(draft)
        made = draft.sign(now, draft.language)
        await uow.notes.save(made)
        moved = [self._moved(each, made) for each in addenda]
        for each in moved:
            await uow.notes.add_addendum(each)
        await file_note(self._work, uow, self._keys, visit, made, actor, addenda=moved, replaces=note.id)
        await enter_visit(self._work, uow, actor, AuditAction.NOTE_REFILED, visit, f"version {made.version}")
        return visit

    def _draft(self, note: Note, visit: Consultation, now: datetime) -> Note:
        """Return the same words as the first version of a note of this visit."""
        return replace(
            note,
            id=self._work.identifier(),
            visit_id=visit.id,
            patient_id=visit.patient_id,
            organization_id=visit.organization_id,
            state=NoteState.DRAFT,
            version=1,
            updated_at=now,
            signed_at=None,
            composition_id="",
            number=1,
        )

    def _moved(self, addendum: Addendum, note: Note) -> Addendum:
        return replace(
            addendum,
            id=self._work.identifier(),
            note_id=note.id,
            visit_id=note.visit_id,
            patient_id=note.patient_id,
            organization_id=note.organization_id,
        )


async def _signed(uow: UnitOfWork, actor: Actor, visit: Consultation) -> Note:
    note = await uow.notes.of_visit(visit.id, actor.id)
    if note is None or note.state is not NoteState.SIGNED:
        raise WrongState("Only a signed note can be taken out of a record.")
    return note


async def _takes(uow: UnitOfWork, actor: Actor, wrong: Consultation, row: DayRow) -> bool:
    """Whether a note may belong to this visit: over, of another patient who was confirmed, without a note."""
    visit = row.visit
    if visit.id == wrong.id or visit.patient_id == wrong.patient_id or visit.test != wrong.test:
        return False
    over = visit.id in await uow.visits.owing(actor.id)
    return over and visit.confirmation is not None and await uow.notes.of_visit(visit.id, actor.id) is None
