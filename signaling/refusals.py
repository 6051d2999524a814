"""Every code an event can be refused with, and the sentence that goes with it."""

from enum import StrEnum

from telehealth.domain.errors import NotFound, Refused, TooMany, Unavailable, WrongState


class Code(StrEnum):
    """Stable words for programs (PROTOCOL.md, Acknowledgements)."""

    NOT_ADMITTED = "not-admitted"
    OTHER_DEVICE = "other-device"
    NOT_A_MEMBER = "not-a-member"
    STALE_EPOCH = "stale-epoch"
    STALE_SEQUENCE = "stale-sequence"
    BAD_MESSAGE = "bad-message"
    TOO_LARGE = "too-large"
    TOO_FAST = "too-fast"
    SESSION_LOCKED = "session-locked"
    NOT_FOUND = "not-found"
    NOT_PERMITTED = "not-permitted"
    WRONG_STATE = "wrong-state"
    ROOM_FULL = "room-full"
    UNAVAILABLE = "unavailable"


SENTENCES: dict[str, str] = {
    Code.NOT_ADMITTED: "Nobody has let you in yet.",
    Code.OTHER_DEVICE: "This visit is open on another phone or computer.",
    Code.NOT_A_MEMBER: "Enter the room first.",
    Code.STALE_EPOCH: "That belongs to an earlier connection of this call.",
    Code.STALE_SEQUENCE: "That has arrived before.",
    Code.BAD_MESSAGE: "That message cannot be understood.",
    Code.TOO_LARGE: "That message is too large.",
    Code.TOO_FAST: "Too many messages. Please wait a second.",
    Code.SESSION_LOCKED: "The screen is locked. Please enter your password.",
    Code.NOT_FOUND: "There is nothing here.",
    Code.NOT_PERMITTED: "This is not for you.",
    Code.WRONG_STATE: "That cannot be done now.",
    Code.ROOM_FULL: "Both seats in this call are taken.",
    Code.UNAVAILABLE: "The service is busy. Please try again in a moment.",
}


class Misread(Exception):
    """A message from outside that is not what PROTOCOL.md says; `code` is `bad-message` or `too-large`."""

    def __init__(self, detail: str, code: Code = Code.BAD_MESSAGE) -> None:
        self.code = code
        self.detail = detail
        super().__init__(detail)


BY_CLASS: tuple[tuple[type[Refused], Code], ...] = (
    (NotFound, Code.NOT_FOUND),
    (WrongState, Code.WRONG_STATE),
    (TooMany, Code.TOO_FAST),
    (Unavailable, Code.UNAVAILABLE),
    (Refused, Code.NOT_PERMITTED),
)


def code_of(refused: Refused) -> Code:
    """Return this protocol's code for a refusal of a service: its own where it is one, else its kind's."""
    if refused.code in SENTENCES:
        return Code(refused.code)
    return next(code for kind, code in BY_CLASS if isinstance(refused, kind))
