"""The only source of randomness: the operating system's, handed to whoever needs it."""

import secrets
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID


class Chance(Protocol):
    """Where random bytes and new identifiers come from; tests pass a predictable one."""

    def token(self, n: int) -> bytes:
        """`n` bytes that nobody can guess."""
        ...

    def identifier(self, now: datetime) -> str:
        """A new identifier that sorts by its instant."""
        ...


class SystemChance:
    """The operating system's random numbers."""

    def token(self, n: int) -> bytes:
        """`n` random bytes."""
        return secrets.token_bytes(n)

    def identifier(self, now: datetime) -> str:
        """A UUIDv7 text (RFC 9562 section 5.7): 48 bits of milliseconds, then 74 random bits."""
        milliseconds = int(now.astimezone(UTC).timestamp() * 1000)
        value = bytearray(milliseconds.to_bytes(6, "big") + self.token(10))
        value[6] = value[6] & 0x0F | 0x70
        value[8] = value[8] & 0x3F | 0x80
        return str(UUID(bytes=bytes(value)))
