"""The events of recording with consent: what members say to it, and what all are told (PROTOCOL.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from signaling.fields import Body, as_object, lines, text, whole, word, words
from signaling.held import IDS
from signaling.instants import MAX_WORD
from signaling.refusals import Misread
from telehealth.domain.recording import Phase

MAX_ID = 64
MAX_MID = 64
MAX_SDP = 48 * 1024
VIEWS = 8
"""Pictures in one recording: more than sit in a call."""
STEPS = frozenset({"ask", "agree", "decline", "stop"})

Wire = dict[str, object]


@dataclass(frozen=True, slots=True)
class Record:
    """A member's word about recording; `id` names the recording, and is empty for `ask`."""

    event: ClassVar[str] = "record"
    do: str
    id: str = ""

    def wire(self) -> Wire:
        """Write the body."""
        return {"do": self.do, "id": self.id}


@dataclass(frozen=True, slots=True)
class RecordOffer:
    """The specialist's offer of what is to be recorded; `views` says in which section whose picture comes."""

    event: ClassVar[str] = "record-offer"
    id: str
    sdp: str
    views: Mapping[str, str]

    def wire(self) -> Wire:
        """Write the body."""
        return {"id": self.id, "sdp": self.sdp, "views": dict(self.views)}


@dataclass(frozen=True, slots=True)
class Recording:
    """Where the recording stands, for one member: `asked`: their answer is missing; `why` it is over."""

    event: ClassVar[str] = "recording"
    id: str
    state: Phase
    asked: bool
    missing: tuple[str, ...]
    why: str
    days: int

    def wire(self) -> Wire:
        """Write the body."""
        return {
            "id": self.id,
            "state": self.state.value,
            "asked": self.asked,
            "missing": list(self.missing),
            "why": self.why,
            "days": self.days,
        }


def parse_record(body: Body) -> Record:
    """Read a member's word."""
    do = word(body, "do", STEPS)
    named = text(body, "id", MAX_ID, least=0 if do == "ask" else 1)
    return Record(do, named)


def parse_record_offer(body: Body) -> RecordOffer:
    """Read the specialist's offer."""
    views = as_object(body.get("views"))
    if len(views) > VIEWS or any(len(mid) > MAX_MID for mid in views):
        raise Misread("'views' names too much.")
    whose = {mid: word(views, mid, IDS) for mid in views}
    if len(set(whose.values())) < len(whose):
        raise Misread("'views' names somebody twice.")
    return RecordOffer(text(body, "id", MAX_ID), lines(body, "sdp", MAX_SDP), whose)


def parse_recording(body: Body) -> Recording:
    """Read what all are told."""
    missing, asked = body.get("missing"), body.get("asked")
    if not isinstance(missing, list) or not isinstance(asked, bool):
        raise Misread("'missing' must be a list, 'asked' true or false.")
    who = tuple(word({"one": each}, "one", IDS) for each in missing)
    state = Phase(word(body, "state", set(Phase)))
    why = words(body, "why", MAX_WORD)
    return Recording(text(body, "id", MAX_ID, least=0), state, asked, who, why, whole(body, "days"))


PARSERS_OF_RECORDS: Mapping[str, Callable[[Body], Record | RecordOffer]] = {
    "record": parse_record,
    "record-offer": parse_record_offer,
}
