"""The hash chain under the audit log; leaf and link differ in their first byte (RFC 6962 section 2.1)."""

from hashlib import sha256

GENESIS = bytes(32)
"""What the first link stands on."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry, 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def link(previous: bytes, leaf: bytes) -> bytes:
    """The chain's head after one more entry: 32 bytes that stand for all entries so far, in their order."""
    return sha256(b"\x01" + previous + leaf).digest()
