"""The Encounter of a visit in the shared record: written at signing, brought up to date at the end."""

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.encounter import encounter_to_fhir
from telehealth.services.filing import file_resource
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter


async def encounter_after(work: Work, uow: UnitOfWork, visit: Consultation, actor: Actor) -> ResourceVersion:
    """Write the next version of the visit's Encounter, enter it and return it."""
    known = await uow.record.get("Encounter", visit.id)
    version = known.version + 1 if known else 1
    resource = await file_resource(
        uow,
        encounter_to_fhir(visit),
        patient_id=visit.patient_id,
        organization_id=visit.organization_id,
        at=work.clock.now(),
        version=version,
    )
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
