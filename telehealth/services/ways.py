"""How a visit is to take place, when it is booked: as it is held, or as its service and patient allow."""

from telehealth.domain.appointment import Appointment, ResourceKind
from telehealth.domain.errors import NotFound
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.own_booking import anyone_of
from telehealth.domain.people import Patient
from telehealth.domain.ways import check_number, check_place, way_among
from telehealth.services.repositories import DayRow, UnitOfWork


async def way_held(uow: UnitOfWork, hold_id: str, wanted: Modality | None) -> Modality:
    """Return how a held visit is; raises NotFound where another way is wanted."""
    held = await uow.appointments.get(hold_id)
    if held is None or wanted not in {None, held.modality}:
        raise NotFound
    return held.modality


def way_of(service: HealthcareService, wanted: Modality | None, room: str) -> Modality:
    """Return how a visit is; raises BadInput for a way that is not offered, or assisted without a room."""
    way = way_among(service.modalities, wanted)
    check_place(way, room)
    return way


def can_be_met(way: Modality, patient: Patient, *, new: bool = False) -> None:
    """Pass where the way leads to the patient; raises BadInput.

    The number of whoever has not said yet who they are comes later.
    """
    if patient.id != anyone_of(patient.organization_id):
        check_number(way, patient, "phone" if new else "modality")


async def place_of(uow: UnitOfWork, appointment: Appointment) -> Location | None:
    """Return the site to which an assisted patient comes, that of their room; None for all others."""
    if appointment.modality is not Modality.ASSISTED:
        return None
    parties = (await uow.resources.parties([appointment.id]))[appointment.id]
    rooms = [each.resource for each in parties if each.resource.kind is ResourceKind.ROOM]
    return await uow.directory.location(rooms[0].location_id) if rooms else None


async def way_facts(uow: UnitOfWork, row: DayRow) -> dict[str, str]:
    """Return what a message says of how a visit takes place: where to come, or which phone rings."""
    if row.appointment.modality is Modality.PHONE:
        return {"digits": row.patient.phone[-4:]}
    site = await place_of(uow, row.appointment)
    return {"site": site.found_at} if site else {}
