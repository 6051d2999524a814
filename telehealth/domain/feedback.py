"""What a patient says about a visit with one tap, and how their line was: the two are read side by side."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from telehealth.domain.consultation import Connection


class Answer(StrEnum):
    """How a visit went, by the words of the page."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Trouble(StrEnum):
    """What was wrong. Words only: nobody may tell their troubles into a field that is read tomorrow."""

    SOUND = "sound"
    PICTURE = "picture"
    UNDERSTANDING = "understanding"
    WAITING = "waiting"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One patient's answer about one visit; `version` counts how often it was given or changed."""

    visit_id: str
    patient_id: str
    practitioner_id: str
    organization_id: str
    answer: Answer
    troubles: tuple[Trouble, ...]
    given_at: datetime
    version: int = 1

    def says(self, answer: Answer, troubles: tuple[Trouble, ...]) -> bool:
        """Whether this is what it says already."""
        return (self.answer, self.troubles) == (answer, troubles)


def in_order(troubles: Iterable[Trouble]) -> tuple[Trouble, ...]:
    """Return troubles once each, as the page lists them."""
    named = frozenset(troubles)
    return tuple(each for each in Trouble if each in named)


@dataclass(frozen=True, slots=True)
class Counted:
    """How often an answer was given together with these troubles."""

    answer: Answer
    troubles: tuple[Trouble, ...]
    times: int


@dataclass(frozen=True, slots=True)
class Track:
    """How the patient's line was during one call: seconds in bad words before `since`, and the word since.

    `lost` is the time of connecting again or away from the page, `breaks` how often somebody came back from
    there: who never did may have left on purpose, and who was back within `BLINK` only loaded the page again
    or changed networks. `version` counts the words.
    """

    visit_id: str
    word: Connection
    since: datetime
    slow: int = 0
    sound_only: int = 0
    lost: int = 0
    breaks: int = 0
    version: int = 0

    def then(self, word: Connection, now: datetime) -> Self:
        """Return the track after the line got another word. However its words change, a gap is one."""
        version = self.version + 1
        if self.gone and word in LOST:
            return replace(self, word=word, version=version)
        blink = self.gone and now - self.since < BLINK
        told = replace(self, since=max(self.since, now)) if blink else self.until(now)
        back = self.gone and not blink
        return replace(told, word=word, breaks=self.breaks + back, version=version)

    def over(self, end: datetime) -> Self:
        """Return the track of a call that has ended; what nobody came back from is not counted."""
        return self if self.gone else self.until(end)

    @property
    def gone(self) -> bool:
        """Whether the patient was not connected at the end."""
        return self.word in LOST

    def until(self, end: datetime) -> Self:
        """Return the track with the present word counted up to `end`."""
        seconds = max(0, round((end - self.since) / timedelta(seconds=1)))
        counted = COUNTED.get(self.word)
        changes = {counted: getattr(self, counted) + seconds} if counted else {}
        return replace(self, since=max(self.since, end), **changes)

    @property
    def good(self) -> bool:
        """Whether the line was good enough all along."""
        return not (self.slow or self.sound_only or self.breaks or self.gone)


BLINK = timedelta(seconds=10)
"""Loading the page again takes so long on a slow line, and the call goes on in the seat that was kept."""
LOST = frozenset({Connection.RECONNECTING, Connection.AWAY})
COUNTED = {
    Connection.POOR: "slow",
    Connection.AUDIO_ONLY: "sound_only",
    Connection.RECONNECTING: "lost",
    Connection.AWAY: "lost",
}
