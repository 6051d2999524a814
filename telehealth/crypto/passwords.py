"""Passwords: argon2id as OWASP ASVS 5.0 approves it, and what is too weak. Synchronous; see hashing.py."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 256
MEMORY_KIB = 19 * 1024
TIME_COST = 2
LANES = 1

_FEWEST_SIGNS = 5
_OWN_LETTERS = 6
_CONTEXT = 4
_EXAMINED = 24
_SAFE_SCORE = 3

DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$RPNMj+lf7PS2rLd7nZQfqg$OMXRCPbcJw5HOOF+MLBkfOhgI3C7587yLIzGXaXdgRw"
)
"""Verified in place of an unknown account's hash, so that both take as long; no password fits it."""


def hash_password(text: str) -> str:
    """An argon2id hash in PHC form with its own random salt: about 40 ms and 19 MiB."""
    return _hasher().hash(_prepared(text))


def verify_password(password_hash: str, text: str) -> bool:
    """Whether the password fits; False too for a text that is no hash."""
    try:
        return _hasher().verify(password_hash, _prepared(text))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's; hash again at the next sign-in."""
    return _hasher().check_needs_rehash(password_hash)


def weakness(text: str, context_words: Iterable[str] = ()) -> str | None:
    """Why a password is refused, as a stable word, or None.

    `too-short`, `too-long`, `repetitive`, `personal` (little but the person's or the clinic's own words, the
    `context_words`) or `guessable` (within 100 million guesses: usual words, names, dates, rows of keys).
    """
    plain = _prepared(text)
    if len(plain) < MIN_LENGTH:
        return "too-short"
    if len(plain) > MAX_LENGTH:
        return "too-long"
    letters = plain.casefold()
    if len(set(letters)) < _FEWEST_SIGNS:
        return "repetitive"
    if len(_without(letters, context_words)) < _OWN_LETTERS:
        return "personal"
    return "guessable" if _score(plain, context_words) < _SAFE_SCORE else None


def _prepared(text: str) -> str:
    """The same bytes for a password typed on different keyboards (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


def _without(letters: str, context_words: Iterable[str]) -> str:
    """What is left without the context's words, digits and signs; the text itself if no such word occurs."""
    left = letters
    for word in _words(context_words):
        left = left.replace(word, "")
    return letters if left == letters else re.sub(r"[\W\d_]", "", left)


def _words(context_words: Iterable[str]) -> list[str]:
    """Every word of the context that is long enough to tell something, the longest first."""
    parts = {part for word in context_words for part in re.findall(r"\w+", _prepared(word).casefold())}
    return sorted((part for part in parts if len(part) >= _CONTEXT), key=len, reverse=True)


def _score(text: str, context_words: Iterable[str]) -> int:
    """How hard a text is to guess, 0 to 4, by its start and without the signs around it.

    The estimator takes a line's end within a date for a digit and fails: lines become words.
    """
    from zxcvbn import zxcvbn

    line = re.sub(r"\s", " ", text)
    stem = re.sub(r"^[\W_]+|[\W_]+$", "", line) or line
    return int(zxcvbn(stem[:_EXAMINED], _words(context_words))["score"])


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(TIME_COST, MEMORY_KIB, LANES, hash_len=32, salt_len=16, type=Type.ID)
