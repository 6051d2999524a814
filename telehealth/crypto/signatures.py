"""Signatures over notes and audit heads: Ed25519 (RFC 8032), and the digest of canonical JSON (RFC 8785)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import TypeAlias

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from telehealth.crypto.errors import NotCanonical

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | Decimal | bool | None"
_Plain: TypeAlias = "dict[str, _Plain] | list[_Plain] | str | int | float | bool | None"


def public_of(private: bytes) -> bytes:
    """The public key, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign(private: bytes, digest: bytes) -> bytes:
    """The signature, 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(digest)


def verify(public: bytes, signature: bytes, digest: bytes) -> bool:
    """Whether the signature over this digest was made with the private key of `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, digest)
    except (InvalidSignature, ValueError):
        return False
    return True


def canonical(value: Json) -> bytes:
    """A JSON value as the bytes of RFC 8785: one text for every way to write the same value.

    Numbers are IEEE doubles there, so a Decimal is taken when a double says the same (72.50 is 72.5).
    Raises NotCanonical for anything else.
    """
    try:
        return rfc8785.dumps(_plain(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        message = f"the value has no canonical JSON form: {error}"
        raise NotCanonical(message) from error


def canonical_digest(value: Json, salt: bytes) -> bytes:
    """SHA-256 over salt and canonical JSON: what is signed. The salt keeps short notes from being guessed."""
    return sha256(salt + canonical(value)).digest()


def _plain(value: Json) -> _Plain:
    """The value in the types that the canonical writer takes."""
    if isinstance(value, Decimal):
        return _double(value)
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    message = f"{type(value).__name__} is no type of JSON"
    raise NotCanonical(message)


def _double(number: Decimal) -> float:
    double = float(number)
    if not number.is_finite() or Decimal(repr(double)) != number:
        message = f"the number {number} has more digits than a double"
        raise NotCanonical(message)
    return double
