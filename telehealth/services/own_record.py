"""Who comes by their link to what is theirs beyond the visit: from their own browser only."""

from telehealth.domain.access import Actor
from telehealth.domain.consultation import Consultation
from telehealth.domain.errors import NotFound, OtherDevice
from telehealth.domain.people import Patient
from telehealth.services.repositories import UnitOfWork


async def own_patient(uow: UnitOfWork, actor: Actor) -> tuple[Consultation, Patient]:
    """Return the visit of a link and whose it is; the caller has asked for permission.

    Raises NotFound, and OtherDevice for a browser that is not the patient's.
    """
    visit = await uow.visits.get(actor.visit_id)
    patient = await uow.patients.get(visit.patient_id) if visit else None
    if visit is None or patient is None:
        raise NotFound
    if not visit.serves(actor.session_id):
        raise OtherDevice
    return visit, patient
