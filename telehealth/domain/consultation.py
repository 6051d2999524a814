"""The life of a virtual visit (FHIR Encounter, class VR): a table of steps and what is known at each."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from telehealth.domain.errors import IdentityNotConfirmed, WrongState
from telehealth.domain.queue import Priority, TextMe


class VisitStatus(StrEnum):
    """Where a visit stands. The words that people read are in the templates."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    WAITING = "waiting"
    IN_PROGRESS = "in-progress"
    FINISHED = "finished"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    MISSED = "missed"
    UNSEEN = "unseen"
    """The patient waited, and nobody let them in: not to be held against them."""


class VisitEvent(StrEnum):
    """What can happen to a visit."""

    ARRIVE = "arrive"
    WAIT = "wait"
    STEP_OUT = "step-out"
    ADMIT = "admit"
    END = "end"
    SIGN = "sign"
    CANCEL = "cancel"
    MISS = "miss"
    RECALL = "recall"
    ATTEND = "attend"
    OVERLOOK = "overlook"
    MOVE = "move"


S, E = VisitStatus, VisitEvent

TRANSITIONS: dict[tuple[VisitStatus, VisitEvent], VisitStatus] = {
    (S.BOOKED, E.ARRIVE): S.ARRIVED,
    (S.MISSED, E.ARRIVE): S.ARRIVED,
    (S.UNSEEN, E.ARRIVE): S.ARRIVED,
    (S.ARRIVED, E.ARRIVE): S.ARRIVED,
    (S.ARRIVED, E.WAIT): S.WAITING,
    (S.WAITING, E.ARRIVE): S.WAITING,
    (S.WAITING, E.WAIT): S.WAITING,
    (S.WAITING, E.STEP_OUT): S.ARRIVED,
    (S.WAITING, E.ADMIT): S.IN_PROGRESS,
    (S.IN_PROGRESS, E.ADMIT): S.IN_PROGRESS,
    (S.IN_PROGRESS, E.ARRIVE): S.IN_PROGRESS,
    (S.IN_PROGRESS, E.WAIT): S.IN_PROGRESS,
    (S.IN_PROGRESS, E.SIGN): S.IN_PROGRESS,
    (S.IN_PROGRESS, E.END): S.FINISHED,
    (S.FINISHED, E.END): S.FINISHED,
    (S.COMPLETED, E.END): S.COMPLETED,
    (S.FINISHED, E.SIGN): S.COMPLETED,
    (S.COMPLETED, E.SIGN): S.COMPLETED,
    (S.BOOKED, E.CANCEL): S.CANCELLED,
    (S.ARRIVED, E.CANCEL): S.CANCELLED,
    (S.WAITING, E.CANCEL): S.CANCELLED,
    (S.MISSED, E.CANCEL): S.CANCELLED,
    (S.UNSEEN, E.CANCEL): S.CANCELLED,
    (S.BOOKED, E.MISS): S.MISSED,
    (S.ARRIVED, E.MISS): S.MISSED,
    (S.MISSED, E.RECALL): S.BOOKED,
    (S.MISSED, E.ATTEND): S.FINISHED,
    (S.UNSEEN, E.MISS): S.MISSED,
    (S.UNSEEN, E.ATTEND): S.FINISHED,
    (S.MISSED, E.OVERLOOK): S.UNSEEN,
    (S.ARRIVED, E.OVERLOOK): S.UNSEEN,
    (S.WAITING, E.OVERLOOK): S.UNSEEN,
    (S.BOOKED, E.MOVE): S.BOOKED,
    (S.ARRIVED, E.MOVE): S.BOOKED,
    (S.WAITING, E.MOVE): S.BOOKED,
    (S.MISSED, E.MOVE): S.BOOKED,
    (S.UNSEEN, E.MOVE): S.BOOKED,
}
"""Every step there is; a missing pair is refused. A reload or a second press never moves a visit back."""

AWAITED = frozenset({VisitStatus.BOOKED, VisitStatus.MISSED})
"""The patient has not come, so whether an invitation reached them matters."""
CLOSED = frozenset({S.FINISHED, S.COMPLETED, S.CANCELLED})
HERE = frozenset({S.ARRIVED, S.WAITING, S.IN_PROGRESS})
UNBEGUN = frozenset({S.BOOKED, S.ARRIVED, S.WAITING, S.MISSED, S.UNSEEN})
"""Such a visit can be moved and cancelled, and a closed clinic keeps it from taking place."""


class Device(StrEnum):
    """What the patient's own check of camera and microphone has shown, or that they asked to be phoned."""

    UNKNOWN = "unknown"
    TESTING = "testing"
    READY = "ready"
    SOUND_ONLY = "sound-only"
    BLOCKED = "blocked"
    MISSING = "missing"
    BUSY = "busy"
    UNSUPPORTED = "unsupported"
    PHONE = "phone"


class Connection(StrEnum):
    """The one word for a line's quality (experience.md)."""

    UNKNOWN = "unknown"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    AUDIO_ONLY = "audio-only"
    RECONNECTING = "reconnecting"
    AWAY = "away"


class Hold(StrEnum):
    """What one browser's session is to a visit whose link may be open in several."""

    FREE = "free"
    """Nobody has entered the waiting room yet."""
    BOUND = "bound"
    """The person's device: the seat and the place in line are here."""
    ASKING = "asking"
    """Another browser, which waits for the specialist's word."""
    OTHER = "other"
    """Another browser, which has not asked."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who and where the patient is, as the specialist heard it: kept with the visit for help and call-back.

    `identifiers` holds at least two of: name, birth-date, identifier, phone; of early visits also address.
    """

    identifiers: tuple[str, ...]
    place: str
    callback: str
    confirmed_by: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Consultation:
    """One visit. Instants are UTC; `since` is when the status began; `version` rises with each change.

    `call_on` is the number on which the patient asked to be phoned; empty for a visit by video or sound.
    `bound_to` is the session of the patient's device, `asked_by` that of another browser that wants to be it.
    `transfer_digest` is the HMAC of a code to go on by in another browser; `moved_at` when it was last moved.
    """

    id: str
    appointment_id: str
    organization_id: str
    patient_id: str
    practitioner_id: str
    status: VisitStatus
    since: datetime
    version: int = 0
    device: Device = Device.UNKNOWN
    connection: Connection = Connection.UNKNOWN
    consent_at: datetime | None = None
    waiting_at: datetime | None = None
    admitted_at: datetime | None = None
    ended_at: datetime | None = None
    signed_at: datetime | None = None
    confirmation: Confirmation | None = None
    call_on: str = ""
    relay_only: bool = False
    test: bool = False
    bound_to: str | None = None
    asked_by: str | None = None
    transfer_digest: bytes | None = None
    transfer_until: datetime | None = None
    priority: Priority = Priority.ROUTINE
    text_me: TextMe = TextMe.NO
    moved_at: datetime | None = None

    def hold_of(self, session_id: str) -> Hold:
        """Return what a browser's session is to this visit."""
        if self.bound_to is None:
            return Hold.FREE
        if self.bound_to == session_id:
            return Hold.BOUND
        return Hold.ASKING if self.asked_by == session_id else Hold.OTHER

    def serves(self, session_id: str) -> bool:
        """Whether this browser speaks for the patient: no other one is their device."""
        return self.hold_of(session_id) in {Hold.FREE, Hold.BOUND}

    def come(self, session_id: str) -> Self:
        """Return the visit after a browser came to the waiting room: the first is bound, others ask.

        A code that was asked for while nobody was bound ends here: it may be another browser's.
        """
        match self.hold_of(session_id):
            case Hold.FREE:
                bound = replace(self, version=self.version + 1, bound_to=session_id)
                return replace(bound, transfer_digest=None, transfer_until=None)
            case Hold.OTHER:
                return replace(self, version=self.version + 1, asked_by=session_id)
            case _:
                return self

    def hand_over(self, session_id: str) -> Self:
        """Return the visit with another browser as the patient's device, of which nothing is known yet."""
        asked_by = None if self.asked_by == session_id else self.asked_by
        return replace(
            self,
            version=self.version + 1,
            bound_to=session_id,
            asked_by=asked_by,
            transfer_digest=None,
            transfer_until=None,
            device=Device.PHONE if self.device is Device.PHONE else Device.UNKNOWN,
            connection=Connection.UNKNOWN,
        )

    def handing_over(self, digest: bytes, until: datetime) -> Self:
        """Return the visit with a code by which its person goes on in another browser; the newest counts."""
        return replace(self, version=self.version + 1, transfer_digest=digest, transfer_until=until)

    def turn_away(self) -> Self:
        """Return the visit without the other browser's wish."""
        return replace(self, version=self.version + 1, asked_by=None)

    def without(self, session_id: str) -> Self:
        """Return the visit without a browser that turned out to be nobody's of this visit."""
        if session_id not in {self.bound_to, self.asked_by}:
            return self
        bound_to = None if self.bound_to == session_id else self.bound_to
        asked_by = None if self.asked_by == session_id else self.asked_by
        return replace(self, version=self.version + 1, bound_to=bound_to, asked_by=asked_by)

    def step(self, event: VisitEvent, now: datetime) -> Self:
        """Return the visit after `event`, itself when nothing changes; raises WrongState for no step."""
        after = TRANSITIONS.get((self.status, event))
        if after is None:
            raise WrongState
        if event is VisitEvent.SIGN and self.confirmation is None:
            raise IdentityNotConfirmed
        changes: dict[str, object] = {}
        stamp = {
            VisitEvent.WAIT: "waiting_at",
            VisitEvent.ADMIT: "admitted_at",
            VisitEvent.END: "ended_at",
            VisitEvent.SIGN: "signed_at",
        }.get(event)
        if stamp and getattr(self, stamp) is None:
            changes[stamp] = now
        if event is VisitEvent.END and self.signed_at is not None:
            after = VisitStatus.COMPLETED
        if after is not self.status:
            changes |= {"status": after, "since": now}
        return replace(self, version=self.version + 1, **changes) if changes else self  # type: ignore[arg-type]

    def lapse(self, start: datetime, end: datetime, now: datetime) -> Self:
        """Return the visit after its hours: unseen where the patient waited during them, else missed."""
        waited = self.waiting_at is not None and self.waiting_at < end and self.since > start
        unseen = self.status is VisitStatus.WAITING or waited
        return self.step(VisitEvent.OVERLOOK if unseen else VisitEvent.MISS, now)

    def by_phone(self, number: str, now: datetime) -> Self:
        """Return the visit in line for a phone call to `number`; asking for it is the consent to it."""
        visit = self.step(VisitEvent.WAIT, now)
        if visit.call_on == number:
            return visit
        return replace(
            visit,
            call_on=number,
            device=Device.PHONE,
            consent_at=visit.consent_at or now,
            version=self.version + 1,
        )

    def with_text(self, *, wanted: bool) -> Self:
        """Return the visit with the wish for a message when the turn is near; once written it stays so."""
        if self.status is not VisitStatus.WAITING:
            raise WrongState("Messages go to who is in the waiting room.")
        if self.text_me is TextMe.SENT or wanted == (self.text_me is TextMe.WANTED):
            return self
        word = TextMe.WANTED if wanted else TextMe.NO
        return replace(self, text_me=word, version=self.version + 1)

    def not_by_phone(self) -> Self:
        """Return the visit without the wish to be phoned; its place in line stays."""
        if not self.call_on:
            return self
        return replace(self, call_on="", device=Device.UNKNOWN, version=self.version + 1)


def overdue(visit: Consultation) -> bool:
    """Whether a visit whose hours are over is not going to take place: its patient is not in the room."""
    gone = visit.status is VisitStatus.WAITING and visit.connection is Connection.AWAY
    return gone or visit.status in {VisitStatus.BOOKED, VisitStatus.ARRIVED}
