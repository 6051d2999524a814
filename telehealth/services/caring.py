"""Who may have to do with a record: who treats the patient undenied, programs, and who broke the glass."""

from dataclasses import replace

from telehealth.domain.access import BY_GLASS, Actor, ActorKind, Decision, Permission, Subject, decide
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import NotFound
from telehealth.domain.glass import Glass
from telehealth.domain.programs import reads
from telehealth.domain.record import READABLE
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require


async def require_care(
    work: Work, uow: UnitOfWork, actor: Actor, permission: Permission, patient_id: str
) -> str:
    """Pass when the actor may and treats the patient, or has broken the glass; raise like `require`.

    Returns what entries of the reading have to carry as their reason: nothing, but behind a broken glass.
    """
    subject, glass = await standing(work, uow, actor, permission, patient_id)
    require(actor, permission, subject)
    return glass.mark if glass else ""


async def denied(work: Work, uow: UnitOfWork, actor: Actor, patient_id: str) -> bool:
    """Whether it is the patient who keeps their record from the actor, although they treat them.

    Such a try is entered here. Nobody else is told of a denial: there is nothing for them, as in `require`.
    """
    subject, _ = await standing(work, uow, actor, Permission.RECORD_READ, patient_id)
    kept = decide(actor, Permission.RECORD_READ, subject) is Decision.HIDDEN
    if not kept or actor.id not in subject.care_team:
        return False
    await enter(
        work,
        uow,
        actor,
        AuditAction.ACCESS_REFUSED,
        outcome=AuditOutcome.REFUSED,
        patient_ids=(patient_id,),
        entity="Patient",
        entity_id=patient_id,
        reason="consent",
    )
    return True


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


async def concerns(uow: UnitOfWork, actor: Actor, patient_id: str) -> bool:
    """Whether a patient is one whom the actor treats, or, of a program, whom its organization manages."""
    relation = await _relation(uow, actor, patient_id)
    return actor.id in relation.care_team or actor.organization_id in relation.organizations


async def standing(
    work: Work, uow: UnitOfWork, actor: Actor, permission: Permission, patient_id: str
) -> tuple[Subject, Glass | None]:
    """Return how the actor stands to a patient, and the glass that they have broken, where it is needed."""
    consent = await uow.consents.of(patient_id)
    subject = replace(await _relation(uow, actor, patient_id), consent=consent)
    if actor.kind is ActorKind.PROGRAM:
        return subject, None
    if permission not in BY_GLASS or decide(actor, permission, subject) is not Decision.HIDDEN:
        return subject, None
    glass = await uow.glasses.open_for(actor.id, patient_id, work.clock.now())
    return (replace(subject, glass=(actor.id,)), glass) if glass else (subject, None)


async def _relation(uow: UnitOfWork, actor: Actor, patient_id: str) -> Subject:
    """Return whom a program's house manages, or whom a person treats."""
    if actor.kind is ActorKind.PROGRAM:
        patient = await uow.patients.get(patient_id)
        return Subject(organizations=(patient.organization_id,) if patient else ())
    treats = await uow.visits.cared_for(actor.id, patient_id)
    return Subject(care_team=(actor.id,) if treats else ())
