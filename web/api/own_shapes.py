"""What the JSON API answers to whoever books alone. Nothing here tells whether the clinic knows a person."""

from typing import TypedDict


class OpenWayShape(TypedDict):
    """One way of a visit: by video, by phone, or assisted, for which somebody comes to a `place`."""

    name: str
    modality: str
    place: str


class OpenServiceShape(TypedDict):
    """A service that anybody may book, in which ways, and whom to call about it."""

    id: str
    name: str
    minutes: int
    organization: str
    phone: str
    ways: list[OpenWayShape]


class OpenSlotShape(TypedDict):
    """One free time; `zone` is its site's."""

    start: str
    end: str
    zone: str
    practitioner: str


class OpenSlotList(TypedDict):
    """Free times, each once, the earliest first; `next` is from where to look on, null where that is all."""

    slots: list[OpenSlotShape]
    next: str | None


class OwnBookingShape(TypedDict):
    """How far somebody has come; `token` names the booking and is a secret.

    A time is `held` until `held_until`, then it is `over`; a code makes the visit `booked`.
    """

    token: str
    state: str
    start: str
    end: str
    zone: str
    practitioner: str
    modality: str
    place: str
    held_until: str | None
