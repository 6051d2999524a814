"""What a visit may need beside patient and specialist: a room, a device, an interpreter."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telehealth.domain.appointment import Appointment, Claim, ResourceKind
from telehealth.domain.scheduling import Interval

NEEDED = (ResourceKind.ROOM, ResourceKind.DEVICE, ResourceKind.INTERPRETER)
"""The kinds that an organization keeps a list of, in the order in which they are told."""
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Resource:
    """A room, device or interpreter of a site, with the pauses around its visits.

    `languages` (BCP 47) are those that an interpreter speaks. What is retired is booked no more, but visits
    that have it keep it.
    """

    id: str
    organization_id: str
    location_id: str
    kind: ResourceKind
    name: str
    languages: tuple[str, ...] = ()
    before_minutes: int = 0
    after_minutes: int = 0
    retired_at: datetime | None = None
    version: int = 0

    @property
    def before(self) -> timedelta:
        """The pause before a visit."""
        return timedelta(minutes=self.before_minutes)

    @property
    def after(self) -> timedelta:
        """The pause after a visit, such as cleaning."""
        return timedelta(minutes=self.after_minutes)

    def around(self, visit: Interval) -> Interval:
        """Return for how long it is busy with a visit."""
        return Interval(visit.start - self.before, visit.end + self.after)


@dataclass(frozen=True, slots=True)
class Party:
    """A resource that an appointment has; `wanted` is the language that its interpreter is there for.

    `taken` is for how long it was claimed; None before that.
    """

    resource: Resource
    wanted: str = ""
    taken: Interval | None = None

    def claim(self, appointment: Appointment) -> Claim:
        """Return what the appointment takes of it."""
        busy = self.resource.around(Interval(appointment.start, appointment.end))
        return Claim(self.resource.kind, self.resource.id, busy.start, busy.end, self.wanted)


@dataclass(frozen=True, slots=True)
class Needs:
    """A room and a device, by the id of one or of a site for any there; the language of an interpreter."""

    room: str = ""
    device: str = ""
    interpreter: str = ""

    @property
    def all(self) -> tuple[str, str, str]:
        """What is wanted of each kind, in the order of `NEEDED`; empty for nothing."""
        return self.room, self.device, self.interpreter

    def wants(self) -> dict[ResourceKind, str]:
        """Return what is wanted of each kind that is needed."""
        return {kind: wanted for kind, wanted in zip(NEEDED, self.all, strict=True) if wanted}


NOTHING = Needs()


def serves(resource: Resource, kind: ResourceKind, wanted: str, *, had: bool = False) -> bool:
    """Whether a resource is one of those wanted; a retired one only for a visit that `had` it before."""
    if resource.kind is not kind or (resource.retired_at is not None and not had):
        return False
    if kind is ResourceKind.INTERPRETER:
        return wanted in resource.languages
    return wanted in {resource.id, resource.location_id}


def needs_of(parties: Iterable[Party]) -> Needs:
    """Return what a visit needs at another time: any room of the site, the very device, the language."""
    needs = NOTHING
    for each in parties:
        if each.resource.kind is ResourceKind.ROOM:
            needs = replace(needs, room=each.resource.location_id)
        elif each.resource.kind is ResourceKind.DEVICE:
            needs = replace(needs, device=each.resource.id)
        else:
            needs = replace(needs, interpreter=each.wanted)
    return needs


def in_order(resource: Resource) -> tuple[bool, int, str, str]:
    """Return what puts resources in order: those in use first, then by kind and name."""
    kind = NEEDED.index(resource.kind)
    return resource.retired_at is not None, kind, resource.name.casefold(), resource.id


class Blocked:
    """The starts at which a visit of some length cannot be, as open spans: what touches does not meet."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans: list[Span] = []
        for start, end in sorted(spans):
            if self.spans and start < self.spans[-1][1]:
                self.spans[-1] = (self.spans[-1][0], max(end, self.spans[-1][1]))
            else:
                self.spans.append((start, end))

    def __contains__(self, start: datetime) -> bool:
        """Whether a visit cannot start then."""
        at = bisect_left(self.spans, (start,))
        return at > 0 and start < self.spans[at - 1][1]

    def met(self, other: "Blocked") -> "Blocked":
        """Return the starts that are blocked both here and there."""
        found, mine, theirs = [], iter(self.spans), iter(other.spans)
        one, two = next(mine, None), next(theirs, None)
        while one and two:
            start, end = max(one[0], two[0]), min(one[1], two[1])
            if start < end:
                found.append((start, end))
            if one[1] < two[1]:
                one = next(mine, None)
            else:
                two = next(theirs, None)
        return Blocked(found)


def blocked(resource: Resource, busy: Sequence[Interval], length: timedelta) -> Blocked:
    """Return when no visit of this length may start for one resource, its pauses kept on both sides."""
    return Blocked((each.start - resource.after - length, each.end + resource.before) for each in busy)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something that a visit needs: when none of those `able` to serve it is free."""

    able: frozenset[str]
    blocked: Blocked

    def keeps(self, start: datetime, shared: Collection[str] = ()) -> bool:
        """Whether a visit cannot be then; in a group session that shares one of them it can."""
        return start in self.blocked and self.able.isdisjoint(shared)
