"""Recording a call with consent: who has agreed, whether anything may be written, and what is kept of it.

The rule is one line: something is written only while everyone who is present has agreed (`Consents.phase`).
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """Where a recording stands, as every page shows it."""

    OFF = "off"
    ASKING = "asking"
    ON = "on"
    PAUSED = "paused"


class Why(StrEnum):
    """Why nothing is recorded any more."""

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    ALONE = "alone"
    BROKEN = "broken"
    OVER = "over"


class Answer(StrEnum):
    """What somebody said to being recorded; WITHDREW: they had agreed before."""

    AGREED = "agreed"
    DECLINED = "declined"
    WITHDREW = "withdrew"


@dataclass(frozen=True, slots=True)
class Consents:
    """Whom a recording was asked of and who has agreed. Every step returns what holds from then on.

    ```
    off ──ask──▶ asking ──all agree──▶ on ──somebody comes──▶ paused ──all agree, or who was asked goes──▶ on
    asking, on, paused ──somebody declines, withdraws or stops it; nobody else is left; it breaks──▶ off
    ```
    """

    asker: str = ""
    present: frozenset[str] = frozenset()
    agreed: frozenset[str] = frozenset()
    began: bool = False
    why: Why | None = None

    @property
    def phase(self) -> Phase:
        """Return where the recording stands; it is on only while everyone who is present has agreed."""
        if not self.asker:
            return Phase.OFF
        if self.present <= self.agreed:
            return Phase.ON
        return Phase.PAUSED if self.began else Phase.ASKING

    @property
    def missing(self) -> frozenset[str]:
        """Return who is present and has not agreed."""
        return self.present - self.agreed if self.asker else frozenset()

    def moved(self, present: Collection[str]) -> "Consents":
        """These are present now: who has gone is asked again when they come back."""
        here = frozenset(present)
        if not self.asker:
            return replace(self, present=here)
        if self.asker not in here or len(here) == 1:
            return self.off(Why.ALONE)
        return _noted(replace(self, present=here, agreed=self.agreed & here))

    def agree(self, who: str) -> "Consents":
        """Somebody who is present agrees; anybody else's word counts nothing."""
        if not self.asker or who not in self.present:
            return self
        return _noted(replace(self, agreed=self.agreed | {who}))

    def off(self, why: Why) -> "Consents":
        """It is over, for everybody: nobody's consent outlives it."""
        return Consents(why=why) if self.asker else self


def _noted(consents: Consents) -> Consents:
    return replace(consents, began=consents.began or consents.phase is Phase.ON)


def asked(by: str, present: Collection[str]) -> Consents:
    """Return what holds once somebody has asked everybody: who asks has agreed."""
    return Consents(asker=by, present=frozenset(present), agreed=frozenset({by})).moved(present)


@dataclass(frozen=True, slots=True)
class View:
    """One picture of a recording with everybody's sound: whose it is, and how much of it was closed well.

    `records` is None where the recorder was killed: whatever opens is the recording.
    """

    participant: str
    name: str
    records: int | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded in one visit from one question on: its key, and until when it is kept.

    `began_at` None: not everyone agreed. `key` is 32 secret bytes in hex, of this recording alone.
    """

    id: str
    visit_id: str
    patient_id: str
    organization_id: str
    asked_at: datetime
    kept_until: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    erased_at: datetime | None = None
    version: int = 0
    key: str = field(default="", repr=False)
    views: tuple[View, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """What one person said to one recording, when, and to what: it is kept when the recording is erased."""

    id: str
    recording_id: str
    visit_id: str
    patient_id: str
    organization_id: str
    participant: str
    actor_kind: str
    actor_id: str
    answer: Answer
    terms: str
    said_at: datetime
