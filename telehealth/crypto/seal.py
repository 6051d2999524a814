"""Sealing one value: AES-256-GCM under a key of its own, with a commitment to that key.

version 1 | salt 32 | commitment 32 | nonce 12 | ciphertext | tag 16: 93 bytes more than the plaintext.
GCM alone does not commit to its key (one ciphertext can open under two keys), so the commitment is compared
first, in constant time; README.md, steps 3 and 4.
"""

from collections.abc import Sequence
from hmac import compare_digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from telehealth.crypto.derive import derive, fields
from telehealth.crypto.errors import SealBroken

VERSION = b"\x01"
SALT = 32
COMMITMENT = 32
NONCE = 12
TAG = 16
OVERHEAD = len(VERSION) + SALT + COMMITMENT + NONCE + TAG


def seal(
    key: bytes, purpose: str, associated: Sequence[str], plaintext: bytes, *, salt: bytes, nonce: bytes
) -> bytes:
    """`plaintext` sealed under `key` for one purpose and one place.

    `salt` is 32 and `nonce` 12 fresh random bytes. `associated` are unchanging ids that say where the value
    stands; the same ids in the same order open it. Raises UnknownPurpose; ValueError for a salt or nonce of
    the wrong length.
    """
    if len(salt) != SALT or len(nonce) != NONCE:
        message = f"a seal needs a salt of {SALT} and a nonce of {NONCE} bytes"
        raise ValueError(message)
    cipher, commitment = _keys(key, purpose, salt)
    ciphertext = AESGCM(cipher).encrypt(nonce, plaintext, fields((purpose, *associated)))
    return VERSION + salt + commitment + nonce + ciphertext


def unseal(key: bytes, purpose: str, associated: Sequence[str], sealed: bytes) -> bytes:
    """The plaintext again; raises SealBroken when the value, its key, purpose or place is another one."""
    if len(sealed) < OVERHEAD or sealed[:1] != VERSION:
        message = "not a sealed value of a version this program knows"
        raise SealBroken(message)
    salt, rest = sealed[1 : 1 + SALT], sealed[1 + SALT :]
    stated, rest = rest[:COMMITMENT], rest[COMMITMENT:]
    nonce, ciphertext = rest[:NONCE], rest[NONCE:]
    cipher, commitment = _keys(key, purpose, salt)
    if not compare_digest(stated, commitment):
        message = "sealed under another key or for another purpose"
        raise SealBroken(message)
    try:
        return AESGCM(cipher).decrypt(nonce, ciphertext, fields((purpose, *associated)))
    except InvalidTag:
        message = "the sealed value was changed or stands in another place"
        raise SealBroken(message) from None


def _keys(key: bytes, purpose: str, salt: bytes) -> tuple[bytes, bytes]:
    """The AES-256 key and the commitment of one sealed value."""
    both = derive(key, purpose, salt=salt, length=64)
    return both[:32], both[32:]
