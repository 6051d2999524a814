"""The Encounter of a visit in the shared record: written at signing, brought up to date at the end."""

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.encounter import encounter_to_fhir
from telehealth.fhir.text import to_text
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter


async def encounter_after(work: Work, uow: UnitOfWork, visit: Consultation, actor: Actor) -> ResourceVersion:
    """Write the next version of the visit's Encounter, enter it and return it."""
    now = work.clock.now()
    known = await uow.record.get("Encounter", visit.id)
    version = known.version + 1 if known else 1
    text = to_text(encounter_to_fhir(visit), version=version, updated_at=now)
    resource = ResourceVersion(
        "Encounter", visit.id, version, visit.patient_id, visit.organization_id, now, text
    )
    await uow.record.put(resource)
    await enter(
        work,
        uow,
        actor,
        AuditAction.RECORD_WRITTEN,
        patient_ids=(visit.patient_id,),
        entity="Encounter",
        entity_id=visit.id,
        reason=f"version {version}",
    )
    return resource
