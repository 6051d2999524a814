"""Deriving keys: HKDF-SHA256 with the purpose as `info`, and the one way fields become bytes."""

from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from telehealth.crypto.purposes import known


def fields(parts: Iterable[str]) -> bytes:
    """Texts as bytes that no other texts give: each is UTF-8 after its length (4 bytes, big endian)."""
    encoded = (part.encode() for part in parts)
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def derive(
    secret: bytes, purpose: str, parts: Iterable[str] = (), *, salt: bytes = b"", length: int = 32
) -> bytes:
    """A key of `length` bytes for one purpose (RFC 5869); `parts` narrow it further, say to one visit.

    Raises UnknownPurpose. An empty salt is HKDF's own default of zeros.
    """
    info = known(purpose).encode() + fields(parts)
    return HKDF(SHA256(), length, salt or None, info).derive(secret)
