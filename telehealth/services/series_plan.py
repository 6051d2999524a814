"""What would become of each visit of a series: whether it can be booked, and what else is free that day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.appointment import ResourceKind
from telehealth.domain.availability import Timetable, offered
from telehealth.domain.errors import MISSING, BadInput, FieldProblem, NotFound
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Patient, Role
from telehealth.domain.resources import NOTHING, Hindrance, Needs, Party
from telehealth.domain.scheduling import A_DAY, Interval, whole_day
from telehealth.domain.sentences import N_
from telehealth.domain.series import Occurrence, Rule, local_id, occurrences
from telehealth.services.bookable import Bookable, bookable, within
from telehealth.services.parties import Sought, blocked_by
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import require
from telehealth.services.ways import can_be_met, way_of

MOST_WAYS = 3
"""Other times of the same day that are offered for one visit."""
FREE = FieldProblem(field="", code="", detail="")
TAKEN = N_("The specialist has another visit at this time.")
PATIENT_BUSY = N_("The patient has another visit at this time.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A series that is asked for: the first visit's start, the rule of all, and what each of them needs.

    Without a `modality` they are as the service's visits are first of all.
    """

    patient_id: str
    service_id: str
    practitioner_id: str
    start: datetime
    rule: Rule
    needs: Needs = NOTHING
    modality: Modality | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One visit of a series before it is booked; `why` has no code where nothing is in its way.

    `ways` are free times of the same day otherwise, the nearest first.
    """

    occurrence: Occurrence
    why: FieldProblem
    ways: tuple[datetime, ...]

    @property
    def free(self) -> bool:
        """Whether it can be booked as it is."""
        return not self.why.code


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that decides about a series: who, where, and what is taken of specialist and patient.

    `seats` are the starts of the specialist's group sessions that the patient can still join, with the ids of
    what each session has; `hindrances` say of each need when nothing serves it.
    """

    patient: Patient
    bookable: Bookable
    taken: Sequence[Interval]
    away: Sequence[Interval]
    now: datetime
    seats: Mapping[datetime, frozenset[str]] = field(default_factory=dict)
    hindrances: Mapping[Sought, Hindrance] = field(default_factory=dict)

    def foresee(self, occurrence: Occurrence, zone: ZoneInfo, needs: Needs = NOTHING) -> Foreseen:
        """Return what would become of one visit that needs this; `zone` says what its day is."""
        why = self._why(occurrence.start, needs)
        return Foreseen(occurrence, why, self._ways(occurrence, zone, needs) if why.code else ())

    def _why(self, start: datetime, needs: Needs) -> FieldProblem:
        """Return what is in the way of a visit at `start`."""
        try:
            self.bookable.site_for(start, self.now)
        except BadInput as refused:
            return refused.problems[0]
        service = self.bookable.service
        end = start + service.length
        busy = Interval(start - service.before, end + service.after)
        if start not in self.seats and _meets(self.taken, busy):
            return FieldProblem("start", "taken", TAKEN)
        if _meets(self.away, Interval(start, end)):
            return FieldProblem("start", "patient-busy", PATIENT_BUSY)
        missing = self._missing(start, needs)
        return FieldProblem("start", f"no-{missing[0]}", MISSING[missing[0]]) if missing else FREE

    def _missing(self, start: datetime, needs: Needs) -> list[ResourceKind]:
        """Return the kinds of which none is free then, or shared in the session that the visit joins."""
        shared = self.seats.get(start, frozenset())
        wants = needs.wants().items()
        return [kind for kind, wanted in wants if self.hindrances[kind, wanted].keeps(start, shared)]

    def _ways(self, occurrence: Occurrence, zone: ZoneInfo, needs: Needs) -> tuple[datetime, ...]:
        service = self.bookable.service
        window = within(whole_day(occurrence.local.date(), zone), service, self.now)
        if window is None:
            return ()
        starts = {place.start for place in offered(self.bookable.table, service, window, self.taken)}
        starts |= {each for each in self.seats if self._in(window, each)}
        free = [
            each
            for each in starts
            if not _meets(self.away, Interval(each, each + service.length)) and not self._missing(each, needs)
        ]
        return tuple(sorted(free, key=lambda each: (abs(each - occurrence.start), each))[:MOST_WAYS])

    def _in(self, window: Interval, start: datetime) -> bool:
        """Whether a session that can be joined lies within a window and is still offered."""
        inside = window.start <= start and start + self.bookable.service.length <= window.end
        return inside and self.bookable.site_at(start) is not None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A series before it is booked: each visit with what is in its way; `site` says by which clock.

    All of them take place in one `way`.
    """

    ground: Ground
    site: Location
    visits: Sequence[Foreseen]
    way: Modality


async def foreseen(uow: UnitOfWork, actor: Actor, wanted: Wanted, now: datetime) -> Outlook:
    """Return what would become of every visit of a series.

    Raises BadInput for a rule that means nothing, and for a way that does not go together with the rest.
    """
    first = await bookable(uow, wanted.service_id, wanted.practitioner_id, wanted.start)
    home = await uow.directory.site_of(wanted.practitioner_id)
    if first.practitioner.role is not Role.SPECIALIST or home is None:
        raise NotFound
    site = first.site_at(wanted.start) or home
    zone = ZoneInfo(site.zone)
    found = occurrences(wanted.rule, wanted.start, zone)
    what, span = (wanted.patient_id, wanted.service_id, wanted.practitioner_id), span_of(found)
    base = await ground(uow, actor, Permission.APPOINTMENT_BOOK, what, span, now)
    way = way_of(first.service, wanted.modality, wanted.needs.room)
    can_be_met(way, base.patient)
    base = await with_needs(uow, base, [wanted.needs], span)
    return Outlook(base, site, [base.foresee(each, zone, wanted.needs) for each in found], way)


async def ground(
    uow: UnitOfWork,
    actor: Actor,
    permission: Permission,
    what: tuple[str, str, str],
    span: Interval,
    now: datetime,
) -> Ground:
    """Look up in a few queries what decides about visits that start within `span`; raises NotFound.

    `what` are the ids of patient, service and specialist.
    """
    patient_id, service_id, practitioner_id = what
    patient = await uow.patients.get(patient_id)
    if patient is None:
        raise NotFound
    require(actor, permission, Subject(organizations=(patient.organization_id,)))
    around = Interval(span.start - A_DAY, span.end + 2 * A_DAY)
    offering = await uow.schedules.offering(service_id, around, practitioner_id)
    if offering is None or offering.practitioner is None:
        raise NotFound
    table = (await uow.schedules.timetables(offering, around, practitioner_id)).get(practitioner_id)
    busy, service = uow.appointments.busy, offering.service
    return Ground(
        patient,
        Bookable(offering.practitioner, service, table or Timetable(())),
        (await busy(ResourceKind.PRACTITIONER, [practitioner_id], around))[practitioner_id],
        (await busy(ResourceKind.PATIENT, [patient_id], around))[patient_id],
        now,
        await _seats(uow, service, practitioner_id, around),
    )


async def _seats(
    uow: UnitOfWork, service: HealthcareService, practitioner_id: str, window: Interval
) -> dict[datetime, frozenset[str]]:
    if service.capacity == 1:
        return {}
    found = await uow.appointments.sessions(service.id, [practitioner_id], window)
    return {each.start: each.resources for each in found if each.left(service)}


async def with_needs(
    uow: UnitOfWork, base: Ground, needs: Iterable[Needs], span: Interval, own: Sequence[Party] = ()
) -> Ground:
    """Return the same with when nothing serves each of these needs; their `own` parties do, and are free.

    Raises BadInput for a new need that nothing ever serves.
    """
    sought = {each for one in needs for each in one.wants().items()}
    around, length = Interval(span.start - A_DAY, span.end + 2 * A_DAY), base.bookable.service.length
    whose = base.patient.organization_id
    found = await blocked_by(uow, whose, sought, around, length, base.now, had=own, freed=own)
    return replace(base, hindrances=found)


def chosen(
    found: Sequence[Occurrence], left_out: frozenset[str], instead: Mapping[str, datetime], zone: ZoneInfo
) -> list[tuple[Occurrence, bool]]:
    """Return the visits that are booked, and whether each one's time was chosen for itself; raises BadInput.

    A time that takes another's place is an occurrence of its own (RFC 5545, EXDATE and RDATE).
    """
    unknown = (left_out | set(instead)) - {each.id for each in found}
    if unknown or left_out & set(instead):
        raise BadInput(FieldProblem("left_out", "unknown", "No visit of this series is at this time."))
    kept = [
        (Occurrence(_wall(instead[each.id], zone), instead[each.id]), True)
        if each.id in instead
        else (each, False)
        for each in found
        if each.id not in left_out
    ]
    if len({local_id(each.local) for each, _ in kept}) < len(kept):
        raise BadInput(FieldProblem("instead", "twice", "Two visits of the series would be at one time."))
    if len(kept) < 2:  # noqa: PLR2004 (one visit is no series)
        raise BadInput(FieldProblem("left_out", "too-few", "A series has two visits at least."))
    return kept


def span_of(found: Sequence[Occurrence]) -> Interval:
    """Return from the first start to the last."""
    starts = [each.start for each in found]
    return Interval(min(starts), max(starts) + A_DAY)


def _wall(start: datetime, zone: ZoneInfo) -> datetime:
    return start.astimezone(zone).replace(tzinfo=None)


def _meets(spans: Sequence[Interval], span: Interval) -> bool:
    return any(each.overlaps(span) for each in spans)
