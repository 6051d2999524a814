"""What appointments take: patient and specialist, and the room, device and interpreter that a visit needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce

from telehealth.domain.appointment import Appointment, Claim, ResourceKind
from telehealth.domain.errors import BadInput, FieldProblem, SlotTaken
from telehealth.domain.groups import session_of
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.own_booking import anyone_of
from telehealth.domain.resources import (
    NOTHING,
    Blocked,
    Hindrance,
    Needs,
    Party,
    Resource,
    blocked,
    needs_of,
    serves,
)
from telehealth.domain.scheduling import Interval
from telehealth.domain.sentences import N_
from telehealth.services.appointment_repository import Claimed
from telehealth.services.repositories import UnitOfWork

LONGEST_PAUSE = timedelta(hours=2)
Sought = tuple[ResourceKind, str]
"""A kind, and what is wanted of it."""
UNKNOWN = {
    ResourceKind.ROOM: N_("There is no such room."),
    ResourceKind.DEVICE: N_("There is no such device."),
    ResourceKind.INTERPRETER: N_("Nobody interprets this language here."),
}


def claims_of(
    appointment: Appointment,
    service: HealthcareService,
    parties: Sequence[Party] = (),
    *,
    pauses: bool = True,
) -> list[Claim]:
    """Return all that the appointment takes, each with its own pauses around; the patient has none.

    Whoever has not said yet who they are is in nobody's way. In a group session the others are shared.
    Without `pauses`, the specialist says when the visit begins, when the next one does, and sees one alone.
    """
    start, end, whose = appointment.start, appointment.end, appointment.practitioner_id
    before, after = (service.before, service.after) if pauses else (timedelta(0), timedelta(0))
    claims = [Claim(ResourceKind.PRACTITIONER, whose, start - before, end + after)]
    claims += [each.claim(appointment) for each in parties]
    if pauses and (session := session_of(service, whose, start)):
        claims = [replace(each, session=session, seats=service.capacity) for each in claims]
    if appointment.patient_id != anyone_of(appointment.patient_organization_id):
        claims.append(Claim(ResourceKind.PATIENT, appointment.patient_id, start, end))
    return claims


async def reclaimed(
    uow: UnitOfWork, moved: Sequence[Appointment], service: HealthcareService
) -> list[Claimed]:
    """Return moved appointments with what each takes at its new time.

    Each keeps its resources where they are free then, and else has others: any room of the same site and any
    interpreter of the same language, but the very device. Raises SlotTaken.
    """
    had = await uow.resources.parties([each.id for each in moved])
    freed = [party for parties in had.values() for party in parties]
    found: list[Claimed] = []
    houses: dict[str, Sequence[Resource]] = {}
    for each in moved:
        needs, visit = needs_of(had[each.id]), Interval(each.start, each.end)
        whose = each.patient_organization_id
        known = houses[whose] = houses.get(whose) or await known_for(uow, whose, needs)
        shared = await shared_at(uow, service, each.practitioner_id, visit, needs)
        parties = await chosen(uow, known, needs, visit, had=had[each.id], freed=freed, shared=shared)
        found.append((each, claims_of(each, service, parties)))
    return found


async def shared_at(
    uow: UnitOfWork, service: HealthcareService, practitioner_id: str, visit: Interval, needs: Needs
) -> frozenset[str]:
    """Return the ids of what the session that a visit joins has already, where it needs anything at all."""
    if service.capacity == 1 or needs == NOTHING:
        return frozenset()
    found = await uow.appointments.sessions(service.id, [practitioner_id], visit)
    return next((each.resources for each in found if each.start == visit.start), frozenset())


async def known_for(uow: UnitOfWork, whose: str, needs: Needs) -> Sequence[Resource]:
    """Return what an organization has, where there is any need: read once for all visits of a series."""
    return await uow.resources.of(whose) if needs != NOTHING else []


async def chosen(
    uow: UnitOfWork,
    known: Sequence[Resource],
    needs: Needs,
    visit: Interval,
    *,
    lost: Collection[str] = (),
    had: Sequence[Party] = (),
    freed: Sequence[Party] = (),
    shared: Collection[str] = (),
) -> list[Party]:
    """Return for each need the first resource of those `known` that is free, but none of `lost`.

    What is `shared` in the visit's group session comes first, then what the visit `had`, also where it is
    retired since. What `freed` parties take is free.
    Raises SlotTaken naming the kinds of which none is free, and BadInput for a need that nothing ever serves.
    """
    found, missing = [], set()
    kept = {each.resource.id for each in had}
    for kind, wanted in needs.wants().items():
        able = _able(known, kind, wanted, had)
        left = [each for each in able if each.id not in lost]
        free = [each for each in left if each.id in shared]
        free += await _free(uow, kind, [each for each in left if each.id not in shared], visit, freed)
        if free:
            first = min(free, key=lambda each: (each.id not in shared, each.id not in kept))
            found.append(Party(first, _language(kind, wanted)))
        else:
            missing.add(kind)
    if missing:
        raise SlotTaken(missing=frozenset(missing))
    return found


async def blocked_by(
    uow: UnitOfWork,
    whose: str,
    sought: Collection[Sought],
    window: Interval,
    length: timedelta,
    now: datetime,
    *,
    had: Sequence[Party] = (),
    freed: Sequence[Party] = (),
) -> dict[Sought, Hindrance]:
    """Return for each need when no visit of this length may start: none of those who serve it is free.

    Holds that ran out by `now` take no time, nor does what `freed` parties take. What a visit that is to be
    moved `had` serves it as in `chosen`; where nothing serves it any more, it may never start. Raises
    BadInput for a new need that nothing serves.
    """
    known = await uow.resources.of(whose) if sought else []
    wide = Interval(window.start - LONGEST_PAUSE, window.end + LONGEST_PAUSE)
    read = uow.appointments.busy if freed else uow.appointments.taken
    never = Blocked([(wide.start, wide.end)])
    found = {}
    for kind, wanted in sought:
        able = _able(known, kind, wanted, had)
        busy = _others(await read(kind, [each.id for each in able], wide, now), freed)
        each_of = (blocked(each, busy[each.id], length) for each in able)
        serving = frozenset(each.id for each in able)
        found[kind, wanted] = Hindrance(serving, reduce(Blocked.met, each_of, never))
    return found


async def check_served(uow: UnitOfWork, whose: str, needs: Needs) -> None:
    """Pass where an organization has what serves each need, free or not; raises BadInput."""
    wants = needs.wants()
    known = await uow.resources.of(whose) if wants else []
    for kind, wanted in wants.items():
        _able(known, kind, wanted, ())


def has(parties: Sequence[Party], needs: Needs) -> bool:
    """Whether these parties, which are taken already, are what is needed; also where retired since."""
    return all(
        any(serves(each.resource, kind, wanted, had=True) for each in parties)
        for kind, wanted in needs.wants().items()
    )


def _able(known: Sequence[Resource], kind: ResourceKind, wanted: str, had: Sequence[Party]) -> list[Resource]:
    """Return which of those known serve; raises BadInput when none does, unless one `had` it."""
    kept = {each.resource.id for each in had}
    able = [each for each in known if serves(each, kind, wanted, had=each.id in kept)]
    if not able and not had:
        raise BadInput(FieldProblem(kind.value, "unknown", UNKNOWN[kind]))
    return able


async def _free(
    uow: UnitOfWork, kind: ResourceKind, able: Sequence[Resource], visit: Interval, freed: Sequence[Party]
) -> list[Resource]:
    wide = Interval(visit.start - LONGEST_PAUSE, visit.end + LONGEST_PAUSE)
    busy = _others(await uow.appointments.busy(kind, [each.id for each in able], wide), freed)
    return [each for each in able if not any(each.around(visit).overlaps(span) for span in busy[each.id])]


def _others(busy: Mapping[str, Sequence[Interval]], freed: Sequence[Party]) -> dict[str, list[Interval]]:
    """Return what is busy without what `freed` parties take: one span each, for others have the same."""
    left = {each: list(spans) for each, spans in busy.items()}
    for party in freed:
        spans = left.get(party.resource.id, [])
        if party.taken is not None and party.taken in spans:
            spans.remove(party.taken)
    return left


def _language(kind: ResourceKind, wanted: str) -> str:
    return wanted if kind is ResourceKind.INTERPRETER else ""
