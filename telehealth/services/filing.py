"""One version of a FHIR resource into the shared record, as everything that is filed there goes."""

from datetime import datetime

from telehealth.domain.record import ResourceVersion
from telehealth.fhir.text import Resource, to_text
from telehealth.services.repositories import UnitOfWork


async def file_resource(
    uow: UnitOfWork,
    resource: Resource,
    *,
    patient_id: str,
    organization_id: str,
    at: datetime,
    version: int = 1,
) -> ResourceVersion:
    """Write a version of a patient's resource and return it; raises StaleVersion when it is there already."""
    text = to_text(resource, version=version, updated_at=at)
    type_, id_ = str(resource["resourceType"]), str(resource["id"])
    filed = ResourceVersion(type_, id_, version, patient_id, organization_id, at, text)
    await uow.record.put(filed)
    await uow.subscriptions.notice(filed)
    return filed
