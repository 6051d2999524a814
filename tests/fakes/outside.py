"""Time, chance, hashing, sockets and messengers that a test holds in its hands."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from telehealth.crypto.signatures import public_of, sign
from telehealth.domain.notices import Notice
from telehealth.services.ports import OutgoingMessage

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, **parts: float) -> None:
        self.at += timedelta(**parts)


class FakeChance:
    """Bytes and ids that come in the same order each time."""

    def __init__(self, seed: str = "") -> None:
        self._seed, self._count = seed, 0

    def token(self, length: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"{self._seed}{self._count}".encode()).digest(length)

    def identifier(self, now: datetime) -> str:
        milliseconds = int(now.timestamp() * 1000)
        return str(UUID(bytes=milliseconds.to_bytes(6, "big") + b"\x70\x00\x80" + self.token(7)))


class FakeHashing:
    """Hashes that cost nothing and remember how often they were asked for."""

    def __init__(self) -> None:
        self.verified: list[str] = []

    async def hash(self, text: str) -> str:
        return f"hash({text})"

    async def verify(self, hashed: str, text: str) -> bool:
        self.verified.append(hashed)
        return hashed in {f"hash({text})", f"old hash({text})"}

    def outdated(self, hashed: str) -> bool:
        return hashed.startswith("old")


class OneFarEnd:
    """A far end that answers every offer alike, with a relay that is no server."""

    async def answer(self, offer: str, whose: str) -> str:
        return f"answer to {len(offer)}"

    def relays(self, name: str, now: datetime) -> list[dict[str, Any]]:
        return [{"urls": ["turn:relay.example"], "username": name, "credential": now.isoformat()}]


class Pens:
    """Signing keys made of the signer's id; remembers whose were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def _private(self, practitioner_id: str) -> bytes:
        return practitioner_id.encode().ljust(32, b"\x01")[:32]

    def public(self, practitioner_id: str) -> bytes:
        self.asked.append(practitioner_id)
        return public_of(self._private(practitioner_id))

    def sign(self, practitioner_id: str, digest: bytes) -> bytes:
        return sign(self._private(practitioner_id), digest)


class Announced:
    """An announcer that keeps what it was told."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    async def announce(self, notice: Notice) -> None:
        self.notices.append(notice)


class Remembered:
    """A key store's memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def recall(self, name: str) -> str:
        return self.kept.get(name, "")

    def remember(self, name: str, text: str) -> None:
        self.kept[name] = text


class Posted:
    """A messenger that keeps what it was given, or fails as told."""

    def __init__(self) -> None:
        self.messages: list[OutgoingMessage] = []
        self.failure: Exception | None = None

    async def send(self, message: OutgoingMessage) -> None:
        if self.failure is not None:
            raise self.failure
        self.messages.append(message)
