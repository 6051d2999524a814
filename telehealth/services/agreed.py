"""What a patient may know of the note: what was agreed, once the specialist has signed it."""

from dataclasses import dataclass

from telehealth.domain.consultation import Consultation
from telehealth.domain.note import NoteState, Outcome
from telehealth.services.repositories import UnitOfWork
from telehealth.services.signed_notes import withdrawn


@dataclass(frozen=True, slots=True)
class Agreed:
    """The signed note's outcome, when, and plan line by line; all of it empty before it is signed.

    `language` is that of when and plan, empty where it is not known.
    """

    outcome: Outcome = Outcome.NONE
    when: str = ""
    plan: tuple[str, ...] = ()
    language: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.outcome or self.when or self.plan)


async def agreed(uow: UnitOfWork, visit: Consultation) -> Agreed:
    """Return what was agreed: history, findings and assessment are the clinicians' and stay with them."""
    if visit.signed_at is None:
        return Agreed()
    note = await uow.notes.of_visit(visit.id, visit.practitioner_id)
    if note is None or note.state is not NoteState.SIGNED:
        return Agreed()
    if await withdrawn(uow, note):  # what stands there was agreed with somebody else
        return Agreed()
    content = note.content
    lines = (line.strip() for line in content.plan.splitlines())
    plan = tuple(line for line in lines if line)
    return Agreed(content.outcome, content.when.strip(), plan, note.language)
