"""Reports that other services sign with a shared secret: HMAC-SHA-256 over `timestamp.body`, as hex."""

from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac_digest


def hook_signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """Return the signature of a body at a time (seconds since 1970, as digits)."""
    return hmac_digest(secret, timestamp.encode() + b"." + body, sha256).hex()


def hook_fits(secret: bytes, timestamp: str, body: bytes, signature: str) -> bool:
    """Whether the signature is the secret's, compared in constant time."""
    return compare_digest(hook_signature(secret, timestamp, body).encode(), signature.encode())
