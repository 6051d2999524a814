"""How far a change of one visit of a series goes, and where it takes the others: decided without storage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from telehealth.domain.appointment import Appointment
from telehealth.domain.consultation import UNBEGUN
from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.scheduling import Interval
from telehealth.domain.sentences import N_
from telehealth.domain.series import Occurrence, Reach, resolved
from telehealth.services.repositories import DayRow
from telehealth.services.series import Standing
from telehealth.services.series_plan import Foreseen, Ground

APART = N_("The time of this visit was chosen for itself. Move it alone, or another visit of the series.")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which visit is changed, as it was read in `version`, and how far that goes."""

    appointment_id: str
    version: int
    reach: Reach


@dataclass(frozen=True, slots=True)
class Move:
    """Where a wished visit goes: the others keep their distance in days and get its wall time.

    `kept` are occurrences that stay as they are, `instead` those that get a time of their own.
    """

    wish: Wish
    start: datetime
    kept: frozenset[str] = frozenset()
    instead: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Concerned:
    """A series, the wished visit, and all visits that the change goes to, by start."""

    found: Standing
    chosen: DayRow
    rows: list[DayRow]

    @property
    def zone(self) -> ZoneInfo:
        """By whose clock the series was agreed."""
        return ZoneInfo(self.found.series.zone)


@dataclass(frozen=True, slots=True)
class MoveOutlook:
    """What a move would do to each visit that it goes to."""

    concerned: Concerned
    visits: list[tuple[DayRow, Foreseen]]


def reached(found: Standing, chosen: DayRow, reach: Reach, now: datetime) -> Concerned:
    """Return the visits that a change goes to; what has begun or is over stays as it is."""

    def goes_to(row: DayRow) -> bool:
        ahead = row.visit.status in UNBEGUN and row.appointment.start > now
        after = reach is Reach.ALL or row.appointment.start > chosen.appointment.start
        return row.visit.id == chosen.visit.id or (reach is not Reach.THIS and ahead and after)

    return Concerned(found, chosen, [row for row in found.rows if goes_to(row)])


def movable(concerned: Concerned, move: Move) -> Concerned:
    """Return those that move together; a visit whose time was chosen for itself stays where it is.

    Raises BadInput where the wished visit is such a one, or stays when it is.
    """
    chosen = concerned.chosen.appointment
    if chosen.apart:
        raise BadInput(FieldProblem("reach", "apart", APART))
    if chosen.start == move.start:
        raise BadInput(FieldProblem("start", "same-time", "The visit is at this time already."))
    return replace(concerned, rows=[row for row in concerned.rows if not row.appointment.apart])


def shifted(concerned: Concerned, move: Move) -> list[Occurrence]:
    """Return where each visit goes."""
    zone, chosen = concerned.zone, concerned.chosen
    wall = move.start.astimezone(zone).replace(tzinfo=None)
    days = wall.date() - _agreed(chosen.appointment, zone).date()
    return [
        Occurrence(wall, move.start)
        if row.visit.id == chosen.visit.id
        else resolved(datetime.combine(_agreed(row.appointment, zone).date() + days, wall.time()), zone)
        for row in concerned.rows
    ]


def answered(
    concerned: Concerned, found: Sequence[Occurrence], move: Move
) -> list[tuple[DayRow, Occurrence, bool]]:
    """Return the visits that move, where each goes, and whether that was chosen for itself."""
    known = {row.appointment.recurrence for row in concerned.rows}
    if (move.kept | set(move.instead)) - known or move.kept & set(move.instead) or move.kept == known:
        raise BadInput(FieldProblem("kept", "unknown", "No visit of this series is at this time."))
    wanted = []
    for row, to in zip(concerned.rows, found, strict=True):
        name = row.appointment.recurrence
        if name in move.instead:
            start = move.instead[name]
            wall = start.astimezone(concerned.zone).replace(tzinfo=None)
            wanted.append((row, Occurrence(wall, start), True))
        elif name not in move.kept:
            wanted.append((row, to, False))
    return wanted


def without_own(base: Ground, concerned: Concerned) -> Ground:
    """Return what is taken by others: what these visits take themselves is in nobody's way.

    Each takes one span; the same spans of others in its group session stay.
    """
    own = [Interval(row.appointment.start, row.appointment.end) for row in concerned.rows]

    def others(spans: Sequence[Interval]) -> list[Interval]:
        left = list(spans)
        for each in own:
            taken = next((span for span in left if span.overlaps(each)), None)
            if taken is not None:
                left.remove(taken)
        return left

    return replace(base, taken=others(base.taken), away=others(base.away))


def _agreed(appointment: Appointment, zone: ZoneInfo) -> datetime:
    """Return the agreed wall time by the series' clock, also where clocks jump over it."""
    if appointment.zone == zone.key:
        return datetime.fromisoformat(appointment.local_start)
    return appointment.start.astimezone(zone)
