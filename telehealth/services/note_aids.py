"""What helps to write a note: the headings of the visit's specialty, and what the record says already."""

from dataclasses import dataclass

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.care import Withheld
from telehealth.domain.errors import NotFound
from telehealth.domain.note_prompts import Prompts, prompts_for
from telehealth.domain.recorded import MOST_OF_A_KIND, Recorded
from telehealth.domain.snippets import Snippet
from telehealth.fhir.pulled import holding, latest
from telehealth.services.caring import withheld
from telehealth.services.record_in_view import enter_reading, written
from telehealth.services.repositories import DayRow
from telehealth.services.signed_notes import withdrawn
from telehealth.services.snippets import OwnSnippets, snippets_of
from telehealth.services.trail import Work, enter_visit, own_visit

PULLED = ("Condition", "Observation")


@dataclass(frozen=True, slots=True)
class Aids:
    """What stands ready beside a note; `withdrawn` once it was taken out of the patient's record.

    `snippets` are the author's own texts, with the places that wait for the patient of `row`.
    """

    prompts: Prompts
    withdrawn: bool
    row: DayRow
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What of the record goes into a note: problems that hold, and the newest of each vital sign."""

    problems: list[Recorded]
    vitals: list[Recorded]


class NoteAids:
    """For the notes of visits of one's own. `snippets` keeps the texts that are put in."""

    def __init__(self, *, work: Work) -> None:
        self._work = work
        self.snippets = OwnSnippets(work=work)

    async def ready(self, actor: Actor, visit_id: str) -> Aids:
        """Return what can be used in the note of a visit."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.NOTE_WRITE, visit_id)
            row = await uow.visits.row(visit_id)
            if row is None:
                raise NotFound
            note = await uow.notes.of_visit(visit_id, actor.id)
            gone = note is not None and await withdrawn(uow, note)
            own = await snippets_of(uow, actor)
            await enter_visit(self._work, uow, actor, AuditAction.VISIT_READ, visit)
        return Aids(prompts_for(row.service.specialty), gone, row, own.texts)

    async def pulled(self, actor: Actor, visit_id: str) -> Pulled | Withheld:
        """Return what the record of a visit's patient has for the note, or why it is withheld."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.NOTE_WRITE, visit_id)
            if why := await withheld(self._work, uow, actor, visit.patient_id):
                return why
            houses = await enter_reading(self._work, uow, actor, visit.patient_id, PULLED)
        async with self._work.units.reading() as uow:
            conditions, observations = [
                [each async for each in written(uow, visit.patient_id, type_, houses)] for type_ in PULLED
            ]
        return Pulled(holding(conditions)[:MOST_OF_A_KIND], latest(observations))
