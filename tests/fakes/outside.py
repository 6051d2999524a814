"""Time, chance, hashing, sockets and messengers that a test holds in its hands."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

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
        return hashed == f"hash({text})"


class Announced:
    """An announcer that keeps what it was told."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    async def announce(self, notice: Notice) -> None:
        self.notices.append(notice)


class Posted:
    """A messenger that keeps what it was given, or fails as told."""

    def __init__(self) -> None:
        self.messages: list[OutgoingMessage] = []
        self.failure: Exception | None = None

    async def send(self, message: OutgoingMessage) -> None:
        if self.failure is not None:
            raise self.failure
        self.messages.append(message)
