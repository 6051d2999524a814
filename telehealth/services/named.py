"""What a paper about a visit names: the patient, with whom it was, where and when."""

from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.consultation import Consultation
from telehealth.domain.errors import NotFound
from telehealth.domain.people import Patient
from telehealth.services.repositories import UnitOfWork


@dataclass(frozen=True, slots=True)
class Named:
    """The people and the place of a visit; `zone` is the patient's, `home` the site's."""

    patient: Patient
    practitioner: str
    organization: str
    phone: str
    service: str
    start: datetime
    zone: str
    home: str


async def named(uow: UnitOfWork, visit: Consultation) -> Named:
    """Return what is named of a visit; raises NotFound where a part of it is gone."""
    row = await uow.visits.row(visit.id)
    practitioner = await uow.directory.practitioner(visit.practitioner_id)
    organization = await uow.directory.organization(visit.organization_id)
    if row is None or practitioner is None or organization is None:
        raise NotFound
    return Named(
        patient=row.patient,
        practitioner=practitioner.display,
        organization=organization.name,
        phone=organization.phone,
        service=row.service.name,
        start=row.appointment.start,
        zone=row.patient.zone,
        home=row.location.zone,
    )
