"""What this door needs from the house, as Protocols: who somebody is and where they may sit."""

from collections.abc import Mapping
from typing import Literal, Protocol

from aiohttp.web import Request

from telehealth.domain.access import Actor
from telehealth.domain.conversation import Heard, Speech, Utterance
from telehealth.domain.line_record import Look, Marks
from telehealth.domain.recording import Answer, Recording, Why
from telehealth.domain.seating import NextInLine, Seat

Credential = tuple[Literal["staff", "visit", "guest"], str | None, str]
"""The kind of cookie, the visit or guest it is for, and its value."""


class Doorkeeper(Protocol):
    """The service behind this door. Everything may raise telehealth.domain.errors.Refused."""

    async def staff(self, token: str) -> Actor | None:
        """Return who holds this staff cookie."""

    async def visitor(self, visit_id: str, token: str) -> Actor | None:
        """Return who holds this visit's cookie."""

    async def guest(self, guest_id: str, token: str) -> Actor | None:
        """Return who holds this guest's cookie."""

    async def seat(self, actor: Actor, visit_id: str) -> Seat:
        """Return the actor's seat in the call; NotFound when there is no such visit for them."""

    async def prepared_seat(self, actor: Actor, visit_id: str) -> Seat:
        """Return the seat of the next in line, to be made ready before admission; NotAdmitted otherwise."""

    async def next_in_line(self, practitioner_id: str) -> NextInLine | None:
        """Return the visit whose call may be prepared for this specialist now."""

    async def say(self, actor: Actor, visit_id: str, speech: Speech, seat: Seat) -> Utterance:
        """Keep what a member of the call says; on disk when this returns, and once for each key."""

    async def hear(self, actor: Actor, visit_id: str, since: int) -> Heard:
        """Return what was said after number `since`, as much as is told at once."""

    async def presence(self, actor: Actor, visit_id: str, here: bool) -> None:  # noqa: FBT001 - the service's own shape
        """Take note that somebody came or has been gone for the whole grace."""

    def measured(self, visit_id: str, member: str, look: Look, marks: Marks | None) -> bool:
        """Take note of what a member of the call has measured; False when it comes too soon."""

    async def connection(self, actor: Actor, visit_id: str, word: str) -> None:
        """Take note of the one word for somebody's line."""


class RecordingKeeper(Protocol):
    """The service that keeps what everybody said to being recorded. The first two may raise Refused."""

    days: int
    """How long a recording is kept."""

    async def ask(self, actor: Actor, visit_id: str, participant: str) -> Recording:
        """Take note that the specialist wants to record their running call; asking is agreeing."""

    async def answer(
        self, actor: Actor, visit_id: str, recording_id: str, participant: str, answer: Answer
    ) -> None:
        """Keep what somebody in the call says to being recorded; on disk when this returns."""

    async def begun(self, recording_id: str) -> None:
        """Take note that everybody has agreed and that it is written from now on."""

    async def ended(self, recording_id: str, why: Why, records: Mapping[str, int] | None) -> None:
        """Take note that it is over, and how much of each tape there is; None when nobody knows."""


class Credentials(Protocol):
    """Whoever names the cookies."""

    def credentials(self, request: Request) -> Credential | None:
        """Return the credential that a socket's first request carries."""

    def address(self, request: Request) -> str:
        """Return the address of the client; X-Forwarded-For counts from trusted proxies only."""

    def vouches(self, request: Request, session_id: str) -> bool:
        """Whether a request carries the token that only pages of this session can read."""
