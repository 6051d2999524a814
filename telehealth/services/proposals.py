"""Scheduling for other systems (IHE ITI Scheduling): free times of all services, proposed, held, booked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.appointment import Appointment, ResourceKind
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.proposal import Proposal, mark, read_proposal
from telehealth.domain.scheduling import Interval
from telehealth.services.booking import Booking, BookingRequest
from telehealth.services.slots import FreeSlot, SlotQuery
from telehealth.services.trail import Once, Work, enter, require

Look = Callable[[Actor, str], Awaitable[tuple[Appointment, str]]]
MOST = 2000
"""Free times of one service, and of one practitioner where they are named, that are looked at."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What free time is wanted, within [start, end) UTC: of each kind any that is named, empty any at all."""

    start: datetime
    end: datetime
    specialties: Sequence[str] = ()
    practitioners: Sequence[str] = ()
    organizations: Sequence[str] = ()
    locations: Sequence[str] = ()
    patient_id: str = ""


class Proposals:
    """Answers `$find`, `$hold` and `$book`; who gets a time is decided when it is taken, by the database."""

    def __init__(self, *, work: Work, booking: Booking, appointment: Look) -> None:
        """`appointment` shows one that the actor may see, and says so in the audit log."""
        self._work = work
        self._booking = booking
        self._appointment = appointment

    async def find(self, actor: Actor, wanted: Wanted) -> list[FreeSlot]:
        """Return free times, earliest first; none at which the patient is busy. Raises NotFound, BadInput."""
        require(actor, Permission.SLOT_FIND)
        window = Interval(wanted.start, wanted.end)
        async with self._work.units.reading() as uow:
            services = [each for each in await uow.directory.services() if _fits(each, wanted)]
        busy = await self._busy(actor, wanted.patient_id, window)
        found: list[FreeSlot] = []
        for service in services:
            for whom in set(wanted.practitioners) or {""}:
                sites = frozenset(wanted.locations)
                query = SlotQuery(service.id, wanted.start, wanted.end, whom, MOST, sites)
                found += await self._booking.find(actor, query)
        free = [slot for slot in found if not _meets(slot, busy)]
        return sorted(free, key=lambda slot: (slot.start, slot.practitioner.id, slot.service.id))

    async def _busy(self, actor: Actor, patient_id: str, window: Interval) -> list[Interval]:
        """Return when the patient is in visits already; nobody is told with whom."""
        if not patient_id:
            return []
        async with self._work.units.writing() as uow:
            patient = await uow.patients.get(patient_id)
            if patient is None:
                raise NotFound
            require(actor, Permission.APPOINTMENT_BOOK, Subject(organizations=(patient.organization_id,)))
            busy = await uow.appointments.busy(ResourceKind.PATIENT, [patient_id], window)
            await enter(self._work, uow, actor, AuditAction.APPOINTMENT_READ, patient_ids=(patient_id,))
        return busy[patient_id]

    async def hold(self, actor: Actor, identifier: str, once: Once | None = None) -> Appointment:
        """Hold a proposed time; raises SlotTaken, NotFound, and BadInput when it was asked for nobody."""
        return (await self._booking.hold(actor, await self._request(identifier), once)).appointment

    async def book(self, actor: Actor, identifier: str, once: Once | None = None) -> Appointment:
        """Book a proposed or a held time; raises as `hold` does, and WrongState for what is booked."""
        if read_proposal(identifier) is not None:
            return (await self._booking.book(actor, await self._request(identifier), once)).appointment
        held, _ = await self._appointment(actor, identifier)
        request = BookingRequest(
            held.patient_id, held.service_id, held.practitioner_id, held.start, hold_id=held.id
        )
        return (await self._booking.book(actor, request, once)).appointment

    async def _request(self, identifier: str) -> BookingRequest:
        proposal = read_proposal(identifier)
        if proposal is None:
            raise NotFound
        if not proposal.patient_id:
            raise BadInput(FieldProblem("patient-reference", "missing", "Please fill this in."))
        async with self._work.units.reading() as uow:
            services, people = await uow.directory.services(), await uow.directory.practitioners()
        service = _named([each.id for each in services], proposal.service_mark)
        practitioner = _named([each.id for each in people], proposal.practitioner_mark)
        return BookingRequest(proposal.patient_id, service, practitioner, proposal.start)


def proposal_of(slot: FreeSlot, patient_id: str) -> Proposal:
    """Return the id under which a free time can be taken."""
    return Proposal(slot.start, mark(slot.service.id), mark(slot.practitioner.id), patient_id)


def _named(ids: Sequence[str], sought: str) -> str:
    found = next((each for each in ids if mark(each) == sought), None)
    if found is None:
        raise NotFound
    return found


def _fits(service: HealthcareService, wanted: Wanted) -> bool:
    specialties = {each.casefold() for each in wanted.specialties}
    here = not wanted.organizations or service.organization_id in wanted.organizations
    return here and (not specialties or service.specialty.casefold() in specialties)


def _meets(slot: FreeSlot, busy: Sequence[Interval]) -> bool:
    return any(Interval(slot.start, slot.end).overlaps(each) for each in busy)
