"""What the JSON API tells of those who came without an appointment."""

from typing import TypedDict

from web.api.shapes import Named


class WalkInShape(TypedDict):
    """Somebody in a queue, by ids; `from_organization` is the clinic that sent them on last, `because` why.

    `visit` is what they were called to. Empty is nobody, nothing, none.
    """

    id: str
    organization: str
    service: str
    patient: str
    triage: str
    arrived_at: str
    status: str
    since: str
    reason: str
    why: str
    from_organization: str
    because: str
    visit: str


class WhoShape(TypedDict):
    """Who somebody in a queue is."""

    name: str
    birth_date: str


class QueueEntryShape(TypedDict):
    """One row of a queue: how many are before them and for about how many minutes.

    Both are null for who cannot be called: they have left, were called, or wait where it is `closed_until`.
    """

    walk_in: WalkInShape
    who: WhoShape
    clinic: str
    ahead: int | None
    minutes: int | None
    closed_until: str | None


class QueueShape(TypedDict):
    """Who came for one service: those who can be called in turn, then the others by arrival."""

    service: Named
    entries: list[QueueEntryShape]


class QueuesShape(TypedDict):
    """The queues that concern the reader."""

    queues: list[QueueShape]


class WaitingShape(TypedDict):
    """How many wait without an appointment."""

    waiting: int


class CalledShape(TypedDict):
    """The visit that was made for now."""

    visit: str


class OwnPlaceShape(TypedDict):
    """The own place of who holds a link: `state` is waiting, left, called, or over for an earlier day.

    `place` and `wait` say it in words; `ahead` and `minutes` are null for who cannot be called.
    """

    state: str
    ahead: int | None
    minutes: int | None
    place: str
    wait: str
    organization: str
    phone: str
