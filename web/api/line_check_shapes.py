"""What the JSON API answers about checks of lines."""

from typing import TypedDict


class RelayShape(TypedDict):
    """One of `iceServers`, good for a minute."""

    urls: list[str]
    username: str
    credential: str


class AnsweredShape(TypedDict):
    """The far end's answer (SDP), and the relays that may be tried."""

    sdp: str
    relays: list[RelayShape]


class PlanShape(TypedDict):
    """How a visit had best begin (video, sound, phone, clinic), and what keeps it from being video."""

    plan: str
    because: str


class CheckShape(TypedDict):
    """The last check of a visit's line: when, by whom, what it advised; bits a second, ms, thousandths.

    `elsewhere`: by another browser than the one that the visit is bound to.
    """

    at: str
    by: str
    plan: str
    because: str
    up: int
    down: int
    trip: int
    loss: int
    elsewhere: bool
