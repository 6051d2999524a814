"""Passwords: argon2id as OWASP ASVS 5.0 approves it, and what is too weak. Synchronous; see hashing.py."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

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
_MOST_WORDS = 2
_LEET = str.maketrans("01345678@$!+|", "oieasgtbasitl")

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
    `context_words`) or `common` (at most two of the usual words, with whatever digits and signs around).
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
    return "common" if _is_common(letters) else None


def _prepared(text: str) -> str:
    """The same bytes for a password typed on different keyboards (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


def _without(letters: str, context_words: Iterable[str]) -> str:
    """What is left without the context's words, digits and signs; the text itself if no such word occurs."""
    words = {part for word in context_words for part in re.findall(r"\w+", _prepared(word).casefold())}
    left = letters
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _CONTEXT:
            left = left.replace(word, "")
    return letters if left == letters else re.sub(r"[\W\d_]", "", left)


def _is_common(letters: str) -> bool:
    """Whether nothing but common words and sequences is left, as typed or with digits read as letters."""
    if letters in _common():
        return True
    stem = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", letters)
    readings = {
        re.sub(r"[\W\d_]", "", reading)
        for reading in (letters, stem.translate(_LEET), letters.translate(_LEET))
    }
    return any(_is_words(reading, _MOST_WORDS) for reading in readings)


def _is_words(letters: str, most: int) -> bool:
    """Whether the letters are at most `most` common words written together; no letters are no words."""
    if not letters or letters in _common():
        return True
    return most > 1 and any(
        letters[:end] in _common() and _is_words(letters[end:], most - 1) for end in range(1, len(letters))
    )


@cache
def _common() -> frozenset[str]:
    """The list in data/common-passwords.txt; README.md says what it is and is not."""
    text = files("telehealth.crypto").joinpath("data/common-passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(TIME_COST, MEMORY_KIB, LANES, hash_len=32, salt_len=16, type=Type.ID)
