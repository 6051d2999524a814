"""A wish that somebody leaves on a waiting list by themselves; a code shows that they can be reached."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from telehealth.domain.own_booking import CODE_TRIES, Asked
from telehealth.domain.waitlist import ALWAYS, Suits

KEPT = timedelta(days=92)
"""So long somebody waits by their own wish, and so long their browser is known by it."""
CODE_GOOD_FOR = timedelta(minutes=10)
MOST_WISHES = 5
"""Wishes for one service with one phone number or address: a family's."""


@dataclass(frozen=True, slots=True)
class OwnWish:
    """One browser's wish. `digest` is the SHA-256 of its cookie, `code` was sent to the contact at `made_at`.

    `waiting_id` is the place on the list once the code was typed; who it is for is not kept here then.
    """

    id: str
    organization_id: str
    service_id: str
    digest: bytes
    made_at: datetime
    waiting_id: str = ""
    tries: int = 0
    version: int = 0
    asked: Asked | None = None
    suits: Suits = ALWAYS
    code: str = ""

    def ask(self, asked: Asked, suits: Suits, code: str, now: datetime) -> Self:
        """Return it with other answers and a new code, sent now; the tries stay spent."""
        return replace(
            self, asked=asked, suits=suits, code=code, made_at=now, waiting_id="", version=self.version + 1
        )

    def good(self, now: datetime) -> bool:
        """Whether a code can still be typed."""
        return bool(self.code) and self.tries < CODE_TRIES and now < self.made_at + CODE_GOOD_FOR

    def mistype(self) -> Self:
        """Return it after a wrong code."""
        return replace(self, tries=self.tries + 1, version=self.version + 1)

    def wait(self, waiting_id: str) -> Self:
        """Return it with its place on the list."""
        return replace(self, waiting_id=waiting_id, asked=None, code="", tries=0, version=self.version + 1)
