"""Who may have to do with a patient's record: who treats them and is not denied, and who broke the glass."""

from dataclasses import replace

from telehealth.domain.access import BY_GLASS, Actor, Decision, Permission, Subject, decide
from telehealth.domain.glass import Glass
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, require


async def require_care(
    work: Work, uow: UnitOfWork, actor: Actor, permission: Permission, patient_id: str
) -> str:
    """Pass when the actor may and treats the patient, or has broken the glass; raise like `require`.

    Returns what entries of the reading have to carry as their reason: nothing, but behind a broken glass.
    """
    subject, glass = await standing(work, uow, actor, permission, patient_id)
    require(actor, permission, subject)
    return glass.mark if glass else ""


async def standing(
    work: Work, uow: UnitOfWork, actor: Actor, permission: Permission, patient_id: str
) -> tuple[Subject, Glass | None]:
    """Return how the actor stands to a patient, and the glass that they have broken, where it is needed."""
    treats = await uow.visits.cared_for(actor.id, patient_id)
    subject = Subject(care_team=(actor.id,) if treats else (), consent=await uow.consents.of(patient_id))
    if permission not in BY_GLASS or decide(actor, permission, subject) is not Decision.HIDDEN:
        return subject, None
    glass = await uow.glasses.open_for(actor.id, patient_id, work.clock.now())
    return (replace(subject, glass=(actor.id,)), glass) if glass else (subject, None)
