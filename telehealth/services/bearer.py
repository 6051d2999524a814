"""Secrets that people carry (cookies, one-time links): making them, and what of them may be kept."""

from telehealth.crypto.tokens import TOKEN_LENGTH, session_digest, session_token
from telehealth.services.ports import Chance


def new_token(chance: Chance) -> tuple[str, bytes]:
    """Return a new secret of 43 characters and the SHA-256 that the database keeps of it."""
    token = session_token(chance)
    return token, session_digest(token)


def digest_of(token: str) -> bytes | None:
    """Return the digest to look a secret up by, or None for a text that never was one."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    return session_digest(token)
