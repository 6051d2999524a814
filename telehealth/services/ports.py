"""What services need from outside, as Protocols: time, chance, keys, hashing, sockets and messengers."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from telehealth.calendars import Entry
from telehealth.domain.notices import Notice
from telehealth.services.repositories import UnitOfWork


class Clock(Protocol):
    """The present, aware and in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""


class Chance(Protocol):
    """Unpredictable bytes and identifiers."""

    def token(self, length: int) -> bytes:
        """Return `length` unpredictable bytes."""

    def identifier(self, now: datetime) -> str:
        """Return a new UUIDv7 as text."""


class Hashing(Protocol):
    """Password hashing in a bounded pool; raises Unavailable-like `Busy` when its queue is full."""

    async def hash(self, text: str) -> str:
        """Return the argon2id hash of `text`."""

    async def verify(self, hashed: str, text: str) -> bool:
        """Whether `text` is what was hashed."""

    def outdated(self, hashed: str) -> bool:
        """Whether the hash was made with other parameters than today's."""


class LinkKeys(Protocol):
    """Visit-link tokens: derived, never stored."""

    def derive(self, visit_id: str, person_id: str, generation: int) -> str:
        """Return the 43-character token."""

    def spoken(self, visit_id: str, person_id: str, generation: int) -> str:
        """Return the 8-character code for reading out over the phone, derived like the token."""

    def guest(self, visit_id: str, guest_id: str) -> str:
        """Return the 43-character token of a guest's link."""

    def digest(self, token: str) -> bytes:
        """Return the HMAC that the database keeps of a token or a spoken code."""


class BrowserKeys(Protocol):
    """Marks of browsers in which an account's owner has signed in: made and known, never stored."""

    def mark(self, name: bytes, owner: Iterable[str]) -> str:
        """Return the mark of the browser `name` (16 bytes) for one owner as it is now."""

    def name(self, mark: str, owner: Iterable[str]) -> bytes:
        """Return the name of the browser with this mark; empty when it is not this owner's."""


class SigningKeys(Protocol):
    """Each signer's own Ed25519 key, made at first use and wrapped at rest."""

    def public(self, practitioner_id: str) -> bytes:
        """Return the raw public key (32 bytes), making the pair when there is none."""

    def sign(self, practitioner_id: str, digest: bytes) -> bytes:
        """Return the 64-byte signature over a 32-byte digest."""


class Units(Protocol):
    """The two ways into storage; both are transactions."""

    def writing(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a read-write unit: committed and on disk when the block ends well, rolled back otherwise."""

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a read-only unit for things whose reading leaves no audit entry."""


class FarEnd(Protocol):
    """The other end of a check of somebody's line, of which there are a few."""

    async def answer(self, offer: str, whose: str) -> str:
        """Return the answer to a browser's offer (SDP); raises ManyTesting, Unavailable, BadInput.

        `whose` is the network that asks: it has a few places at a time that no browser has come to.
        """

    def relays(self, name: str, now: datetime) -> list[dict[str, Any]]:
        """Return `iceServers` that open the relay to the check of this name, for a minute."""


class Announcer(Protocol):
    """Tells connected people at once; losing a notice is never losing data (pages read their state again)."""

    async def announce(self, notice: Notice) -> None:
        """Hand `notice` to everyone concerned, on every node."""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """What a mail tells the reader's calendar: the visit as it stood at `made_at`, and three texts."""

    entry: Entry
    title: str
    advice: str
    place: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A rendered message. `to` is an address or an E.164 number; `key` stays the same over retries.

    An SMS is its `text` alone; an e-mail has also a subject, an HTML part, the name of its `sender`, and
    where it is about visits' times, what calendars need: one part for each visit or series.
    """

    key: str
    to: str
    subject: str
    text: str
    html: str = ""
    sender: str = ""
    calendars: tuple[CalendarPart, ...] = ()


class Messenger(Protocol):
    """A way out for one channel; returns when the next hop has taken the message, raises on failure."""

    async def send(self, message: OutgoingMessage) -> None:
        """Send one message."""


class NotTold(Exception):
    """A program was not told of news. `code` is stable and names no one; `final` ones are not tried again."""

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code, self.final = code, final


class Hook(Protocol):
    """The way to programs that want to be told of what is new."""

    async def tell(self, endpoint: str, header: Sequence[str], text: str) -> None:
        """Send a message, an empty one too; returns when it was taken, raises NotTold."""
