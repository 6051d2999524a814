"""Who may have to do with a record: who treats the patient undenied, programs, and who broke the glass."""

from collections.abc import Sequence
from dataclasses import replace

from telehealth.domain.access import BY_GLASS, Actor, ActorKind, Decision, Permission, Subject, decide
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.care import Meeting, Withheld, in_care, outside
from telehealth.domain.errors import NotFound, NotTreating, NotYetMet
from telehealth.domain.glass import Glass
from telehealth.domain.programs import reads, writes
from telehealth.domain.record import READABLE
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work, enter, require


async def require_care(
    work: Work, uow: UnitOfWork, actor: Actor, permission: Permission, patient_id: str
) -> str:
    """Pass when the actor may and treats the patient, or has broken the glass; raise like `require`.

    Who has a visit with the patient that gives nothing now is told so: NotTreating, NotYetMet.
    Returns what entries of the reading have to carry as their reason: nothing, but behind a broken glass.
    """
    subject, glass = await standing(work, uow, actor, permission, patient_id)
    if decide(actor, permission, subject) is Decision.HIDDEN and actor.kind is ActorKind.STAFF:
        await refuse_outside(work, uow, actor, patient_id)
    require(actor, permission, subject)
    return glass.mark if glass else ""


async def refuse_outside(work: Work, uow: UnitOfWork, actor: Actor, patient_id: str) -> Sequence[Meeting]:
    """Raise NotTreating or NotYetMet where visits of the actor with the patient give nothing now.

    Returns these visits.
    """
    found = await uow.visits.meetings(actor.id, patient_id)
    match outside(found, work.clock.now()):
        case Withheld.WINDOW:
            raise NotTreating
        case Withheld.UNMET:
            raise NotYetMet
    return found


async def require_treating(work: Work, uow: UnitOfWork, actor: Actor, patient_id: str) -> None:
    """Pass when a visit of the actor with the patient is within its window, whatever the patient permits.

    Raises NotYetMet, else NotTreating; a visit of the actor's own is known to be there.
    """
    if not in_care(await refuse_outside(work, uow, actor, patient_id), work.clock.now()):
        raise NotTreating


def meeting_of(row: DayRow) -> Meeting:
    """Return a row of the day as what may let its specialist read."""
    booked = row.appointment
    return Meeting(row.visit, booked.start, booked.end, booked.by_practitioner)


async def treats(work: Work, uow: UnitOfWork, actor: Actor, patient_id: str) -> bool:
    """Whether a visit of the actor with the patient is within its window."""
    return in_care(await uow.visits.meetings(actor.id, patient_id), work.clock.now())


async def withheld(work: Work, uow: UnitOfWork, actor: Actor, patient_id: str) -> Withheld | None:
    """Return why somebody with a visit of the patient does not read their record; None where they may.

    Such a try is entered here. Nobody else is told of a denial: there is nothing for them, as in `require`.
    """
    subject, _ = await standing(work, uow, actor, Permission.RECORD_READ, patient_id)
    if decide(actor, Permission.RECORD_READ, subject) is not Decision.HIDDEN:
        return None
    why: Withheld | None = Withheld.CONSENT
    if actor.id not in subject.care_team:
        why = outside(await uow.visits.meetings(actor.id, patient_id), work.clock.now())
    if why is None:
        return None
    await enter(
        work,
        uow,
        actor,
        AuditAction.ACCESS_REFUSED,
        outcome=AuditOutcome.REFUSED,
        patient_ids=(patient_id,),
        entity="Patient",
        entity_id=patient_id,
        reason=why.value,
    )
    return why


def may_read(actor: Actor, type_: str) -> None:
    """Raise NotFound for a type that is not read here, and for who reads no record whoever it is about."""
    if not can_read(actor, type_):
        raise NotFound


def can_read(actor: Actor, type_: str) -> bool:
    """Whether this type is read here, and the actor reads it of somebody."""
    mine = Subject(organizations=(actor.organization_id,), care_team=(actor.id,))
    if type_ not in READABLE or decide(actor, Permission.RECORD_READ, mine) is not Decision.ALLOWED:
        return False
    return actor.kind is not ActorKind.PROGRAM or reads(actor.scopes, type_)


def may_name(actor: Actor, type_: str) -> bool:
    """Whether the actor may learn that there is one of this type: who reads or writes them."""
    return can_read(actor, type_) or (actor.kind is ActorKind.PROGRAM and writes(actor.scopes, type_))


async def concerns(work: Work, uow: UnitOfWork, actor: Actor, patient_id: str) -> bool:
    """Whether a patient's record is the actor's to have to do with; what a broken glass opens is not.

    Nothing is of a patient who was erased.
    """
    try:
        subject = await _relation(work, uow, actor, patient_id)
    except NotFound:
        return False
    return decide(actor, Permission.RECORD_READ, subject) is Decision.ALLOWED


async def standing(
    work: Work, uow: UnitOfWork, actor: Actor, permission: Permission, patient_id: str
) -> tuple[Subject, Glass | None]:
    """Return how the actor stands to a patient, and the glass that they have broken, where it is needed."""
    subject = await _relation(work, uow, actor, patient_id)
    if actor.kind is ActorKind.PROGRAM:
        return subject, None
    if permission not in BY_GLASS or decide(actor, permission, subject) is not Decision.HIDDEN:
        return subject, None
    glass = await uow.glasses.open_for(actor.id, patient_id, work.clock.now())
    return (replace(subject, glass=(actor.id,)), glass) if glass else (subject, None)


async def _relation(work: Work, uow: UnitOfWork, actor: Actor, patient_id: str) -> Subject:
    """Return whom a program's house manages, or whom a person treats, with the patient's own word."""
    consent = await uow.consents.of(patient_id)
    if actor.kind is ActorKind.PROGRAM:
        patient = await uow.patients.get(patient_id)
        return Subject(organizations=(patient.organization_id,) if patient else (), consent=consent)
    team = (actor.id,) if await treats(work, uow, actor, patient_id) else ()
    return Subject(care_team=team, consent=consent)
