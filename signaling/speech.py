"""What is told about something that was said in writing: typed message and wire form as a pair."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from signaling.fields import Body, text, whole, word, words
from signaling.instants import MAX_WORD, instant, parse_instant
from signaling.messages import MAX_KEY, Wire
from telehealth.domain.conversation import TEXT_LIMIT, Kind, Phrase, Utterance
from telehealth.domain.guests import GuestKind

MAX_NAME = 512


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody in the call said something: number and sender are the server's, `id` is the sender's own.

    `part` is what a guest is in the visit, None for patient and specialist.
    """

    event: ClassVar[str] = "said"
    seq: int
    id: str
    sender: str
    name: str
    kind: Kind
    phrase: Phrase
    text: str
    at: datetime
    part: GuestKind | None = None

    def wire(self) -> Wire:
        """Write the body."""
        return {
            "seq": self.seq,
            "id": self.id,
            "from": self.sender,
            "name": self.name,
            "kind": self.kind.value,
            "phrase": self.phrase.value,
            "text": self.text,
            "at": instant(self.at),
            **format_part(self.part),
        }


def said(utterance: Utterance) -> Said:
    """Return what is told about an utterance."""
    return Said(
        utterance.seq,
        utterance.key,
        utterance.sender,
        utterance.name,
        utterance.kind,
        utterance.phrase,
        utterance.text,
        utterance.said_at,
        utterance.part,
    )


def parse_said(body: Body) -> Said:
    """Read what `Said.wire` writes."""
    return Said(
        whole(body, "seq", 1),
        text(body, "id", MAX_KEY),
        text(body, "from", MAX_WORD),
        words(body, "name", MAX_NAME),
        Kind(word(body, "kind", set(Kind))),
        Phrase(word(body, "phrase", set(Phrase))),
        words(body, "text", TEXT_LIMIT),
        parse_instant(body, "at"),
        parse_part(body),
    )


def format_part(part: GuestKind | None) -> Wire:
    """Write what a guest is in the visit; nothing for patient and specialist."""
    return {"part": part.value} if part else {}


def parse_part(body: Body) -> GuestKind | None:
    """Read what `format_part` writes."""
    return GuestKind(word(body, "part", set(GuestKind))) if "part" in body else None
