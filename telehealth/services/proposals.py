"""Scheduling for other systems (IHE ITI Scheduling): free times of all services, proposed, held, booked."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from telehealth.domain.access import Actor, Permission
from telehealth.domain.appointment import Appointment, ResourceKind
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.proposal import NO_MARKS, Proposal, mark, read_proposal
from telehealth.domain.resources import NOTHING, Needs, Resource
from telehealth.domain.ways import check_place
from telehealth.fhir.parameters import refusal
from telehealth.services.booking import Booking, BookingRequest
from telehealth.services.repositories import UnitOfWork
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery
from telehealth.services.trail import Once, Work, require

Look = Callable[[Actor, str], Awaitable[tuple[Appointment, str]]]
MOST = 2000
"""Free times of one service, and of one practitioner where they are named, that are looked at."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What free time is wanted, within [start, end) UTC: of each kind any that is named, empty any at all.

    `needs` are resources of the actor's organization; one of its rooms among `locations` is needed, too.
    With a `way`, only of services that are offered in it; assisted, a room is needed.
    """

    start: datetime
    end: datetime
    specialties: Sequence[str] = ()
    practitioners: Sequence[str] = ()
    organizations: Sequence[str] = ()
    locations: Sequence[str] = ()
    patient_id: str = ""
    needs: Needs = NOTHING
    way: Modality | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Free times, earliest first, and what all of them were looked for with."""

    slots: list[FreeSlot]
    needs: Needs


class Proposals:
    """Answers `$find`, `$hold` and `$book`; who gets a time is decided when it is taken, by the database."""

    def __init__(self, *, work: Work, booking: Booking, appointment: Look) -> None:
        """`appointment` shows one that the actor may see, and says so in the audit log."""
        self._work = work
        self._booking = booking
        self._appointment = appointment
        self._finder = SlotFinder(work=work)

    async def find(self, actor: Actor, wanted: Wanted) -> Found:
        """Return free times; none at which the patient is busy, or nobody or nothing serves some need.

        Where no practitioner is named, each time of a service is there once, with whoever has least booked.
        Raises NotFound, and BadInput for a need that nothing of the actor's organization ever serves.
        """
        require(actor, Permission.SLOT_FIND)
        if wanted.patient_id:
            await self._finder.ask_for(actor, wanted.patient_id)
        async with self._work.units.reading() as uow:
            wanted = await _with_room(uow, actor, wanted)
            if wanted.way is not None:
                check_place(wanted.way, wanted.needs.room)
            services = [each for each in await uow.directory.services() if _fits(each, wanted)]
        found: list[FreeSlot] = []
        for service in services:
            for whom in set(wanted.practitioners) or {""}:
                query = replace(_query(service, whom, wanted), whose=actor.organization_id)
                found += await self._finder.free(query)
        found.sort(key=lambda slot: (slot.start, slot.practitioner.id, slot.service.id))
        return Found(found, wanted.needs)

    async def room_of(self, actor: Actor, locations: Sequence[str]) -> str:
        """Return which of these places is a room of the actor's organization; raises BadInput for two."""
        require(actor, Permission.SLOT_FIND)
        async with self._work.units.reading() as uow:
            return _room_among(await uow.resources.of(actor.organization_id), locations)

    async def hold(self, actor: Actor, identifier: str, once: Once | None = None) -> Appointment:
        """Hold a proposed time; raises SlotTaken, NotFound, and BadInput when it was asked for nobody."""
        return (await self._booking.hold(actor, await self._request(actor, identifier), once)).appointment

    async def book(self, actor: Actor, identifier: str, once: Once | None = None) -> Appointment:
        """Book a proposed or a held time; raises as `hold` does, and WrongState for what is booked."""
        if read_proposal(identifier) is not None:
            request = await self._request(actor, identifier)
            return (await self._booking.book(actor, request, once)).appointment
        held, _ = await self._appointment(actor, identifier)
        request = BookingRequest(
            held.patient_id, held.service_id, held.practitioner_id, held.start, hold_id=held.id
        )
        return (await self._booking.book(actor, request, once)).appointment

    async def _request(self, actor: Actor, identifier: str) -> BookingRequest:
        proposal = read_proposal(identifier)
        if proposal is None:
            raise NotFound
        if not proposal.patient_id:
            raise BadInput(FieldProblem("patient-reference", "missing", "Please fill this in."))
        async with self._work.units.reading() as uow:
            services, people = await uow.directory.services(), await uow.directory.practitioners()
            needed = proposal.need_marks != NO_MARKS
            known = await uow.resources.of(actor.organization_id) if needed else []
        service = _named([each.id for each in services], proposal.service_mark)
        practitioner = _named([each.id for each in people], proposal.practitioner_mark)
        needs = _needs(known, proposal.need_marks)
        facts = (proposal.patient_id, service, practitioner, proposal.start)
        return BookingRequest(*facts, needs=needs, modality=proposal.way)


def proposal_of(
    slot: FreeSlot, patient_id: str, needs: Needs = NOTHING, way: Modality | None = None
) -> Proposal:
    """Return the id under which a free time can be taken, with all that is needed."""
    marks = mark(slot.service.id), mark(slot.practitioner.id)
    return Proposal(slot.start, *marks, patient_id, marks_of(needs), way)


def marks_of(needs: Needs) -> tuple[str, str, str]:
    """Return what a proposal's id says of needs."""
    room, device, interpreter = (each and mark(each) for each in needs.all)
    return room, device, interpreter


async def _with_room(uow: UnitOfWork, actor: Actor, wanted: Wanted) -> Wanted:
    """Return what is wanted with a room named among the places as a need."""
    if not wanted.locations:
        return wanted
    room = _room_among(await uow.resources.of(actor.organization_id), wanted.locations)
    if not room:
        return wanted
    places = [each for each in wanted.locations if each != room]
    return replace(wanted, locations=places, needs=replace(wanted.needs, room=room))


def _room_among(known: Sequence[Resource], places: Sequence[str]) -> str:
    """Return which of these places is a room, empty for none; raises BadInput for more."""
    rooms = [each.id for each in known if each.kind is ResourceKind.ROOM and each.id in places]
    if len(rooms) > 1:
        raise refusal("room", "too-many", "A visit has one room.")
    return "".join(rooms)


def _needs(known: Sequence[Resource], marks: tuple[str, str, str]) -> Needs:
    """Return the needs that marks name, among what an organization has; raises NotFound."""
    places = [each.id for each in known] + [each.location_id for each in known]
    spoken = [language for each in known for language in each.languages]
    named = [
        sought and _named(ids, sought) for ids, sought in zip((places, places, spoken), marks, strict=True)
    ]
    return Needs(*named)


def _named(ids: Iterable[str], sought: str) -> str:
    found = next((each for each in ids if mark(each) == sought), None)
    if found is None:
        raise NotFound
    return found


def _fits(service: HealthcareService, wanted: Wanted) -> bool:
    specialties = {each.casefold() for each in wanted.specialties}
    way = wanted.way or service.modalities[0]
    placed = way is not Modality.ASSISTED or bool(wanted.needs.room)
    possible = placed and way in service.modalities
    here = possible and (not wanted.organizations or service.organization_id in wanted.organizations)
    return here and (not specialties or service.specialty.casefold() in specialties)


def _query(service: HealthcareService, whom: str, wanted: Wanted) -> SlotQuery:
    return SlotQuery(
        service.id,
        wanted.start,
        wanted.end,
        whom,
        MOST,
        frozenset(wanted.locations),
        patient_id=wanted.patient_id,
        each_once=not whom,
        needs=wanted.needs,
    )
