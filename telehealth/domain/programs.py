"""Programs of other houses' systems that work by themselves: what they may do, and for how long they may."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from telehealth.domain.record import FROM_OUTSIDE, READABLE

SCOPE = re.compile(r"system/(?P<type>\*|[A-Za-z]{1,40})\.(?P<verbs>[a-z*]{1,5})", re.ASCII)
VERBS = {
    "read": "r",
    "rs": "r",
    "write": "w",
    "cu": "w",
    "cud": "w",
    "*": "rw",
    "cruds": "rw",
}
"""What a scope lets a program do, in both of SMART's spellings: read and search, create and update."""
MOST_SCOPES = 50
TOKEN_LIFE = timedelta(minutes=5)
"""As long as SMART's backend services recommend at most."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program of an organization; `keys` are public, a JSON Web Key Set. Ended, it does nothing."""

    id: str
    organization_id: str
    name: str
    scopes: tuple[str, ...]
    keys: str
    made_at: datetime
    ended_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ProgramToken:
    """What a program has been given for some minutes; `digest` is the SHA-256 of it."""

    digest: bytes
    program_id: str
    scopes: tuple[str, ...]
    expires_at: datetime


def proper(scope: str) -> bool:
    """Whether a scope is one that can be given here."""
    found = SCOPE.fullmatch(scope)
    return found is not None and found["verbs"] in VERBS and found["type"] in {"*", *READABLE}


def reads(scopes: Iterable[str], type_: str) -> bool:
    """Whether scopes let their holder read this type."""
    return type_ in READABLE and _allows(scopes, type_, "r")


def writes(scopes: Iterable[str], type_: str) -> bool:
    """Whether scopes let their holder write this type."""
    return type_ in FROM_OUTSIDE and _allows(scopes, type_, "w")


def granted(asked: Collection[str], allowed: Collection[str]) -> tuple[str, ...]:
    """Return those of the scopes that are asked for which are wholly allowed, each once."""
    return tuple(each for each in dict.fromkeys(asked) if proper(each) and _within(each, allowed))


def _within(scope: str, allowed: Collection[str]) -> bool:
    type_, verbs = _parts(scope)
    return all(_allows(allowed, type_, verb) for verb in verbs)


def _allows(scopes: Iterable[str], type_: str, verb: str) -> bool:
    parts = (_parts(each) for each in scopes if proper(each))
    return any(kind in {"*", type_} and verb in verbs for kind, verbs in parts)


def _parts(scope: str) -> tuple[str, str]:
    type_, _, verbs = scope.removeprefix("system/").partition(".")
    return type_, VERBS[verbs]
