"""Scheduling for other systems (IHE ITI Scheduling): free times of all services, proposed, held, booked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.access import Actor, Permission
from telehealth.domain.appointment import Appointment
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.proposal import Proposal, mark, read_proposal
from telehealth.services.booking import Booking, BookingRequest
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery
from telehealth.services.trail import Once, Work, require

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
        self._finder = SlotFinder(work=work)

    async def find(self, actor: Actor, wanted: Wanted) -> list[FreeSlot]:
        """Return free times, earliest first; none at which the patient is busy. Raises NotFound, BadInput.

        Where no practitioner is named, each time of a service is there once, with whoever has least booked.
        """
        require(actor, Permission.SLOT_FIND)
        if wanted.patient_id:
            await self._finder.ask_for(actor, wanted.patient_id)
        async with self._work.units.reading() as uow:
            services = [each for each in await uow.directory.services() if _fits(each, wanted)]
        found: list[FreeSlot] = []
        for service in services:
            for whom in set(wanted.practitioners) or {""}:
                found += await self._finder.free(_query(service, whom, wanted))
        return sorted(found, key=lambda slot: (slot.start, slot.practitioner.id, slot.service.id))

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


def _query(service: HealthcareService, whom: str, wanted: Wanted) -> SlotQuery:
    sites, patient = frozenset(wanted.locations), wanted.patient_id
    return SlotQuery(
        service.id, wanted.start, wanted.end, whom, MOST, sites, patient_id=patient, each_once=not whom
    )
