"""What clients send: untrusted value in, typed message out, and back (PROTOCOL.md, From the client)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from signaling.carried import Carried, parse_carried
from signaling.fields import (
    Body,
    as_object,
    flag,
    lines,
    optional_text,
    optional_whole,
    text,
    whole,
    word,
    words,
)
from signaling.held import ENDS, Held, format_held, parse_held
from signaling.measured import Measured, parse_measured
from signaling.recordings import PARSERS_OF_RECORDS, Record, RecordOffer
from signaling.refusals import Misread
from signaling.shares import Shares, format_shares, parse_shares
from telehealth.domain.conversation import PROBLEMS, TEXT_LIMIT, Kind, Phrase, Speech

MAX_SDP = 48 * 1024
MAX_CANDIDATE = 2048
MAX_OFFER_ID = 64
MAX_UFRAG = 256  # RFC 8839, 5.4
MAX_MID = MAX_VISIT = MAX_KEY = 64

STATES = frozenset({"good", "fair", "poor", "audio-only", "reconnecting"})
DESCRIPTIONS = frozenset({"offer", "answer"})
KINDS = DESCRIPTIONS | {"candidate", "end-of-candidates"}

Wire = dict[str, object]


@dataclass(frozen=True, slots=True)
class Watch:
    """Staff follow their own clinic."""

    event: ClassVar[str] = "watch"

    def wire(self) -> Wire:
        """Write the body."""
        return {}


@dataclass(frozen=True, slots=True)
class Description:
    """An SDP: `kind` is offer or answer, `id` names the offer."""

    kind: str
    id: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Enter:
    """Take the seat in a room; `visit` None: the visitor's own; `epoch` 0: a new peer connection.

    `prepared`: only to get the connection ready, as the server has asked with `prepare`. `epoch` and `since`
    are those of the first pair, `pairs` those of the others. `offer` is the first signal of a new epoch.
    """

    event: ClassVar[str] = "enter"
    visit: str | None
    epoch: int
    since: int
    prepared: bool = False
    pairs: tuple[Held, ...] = ()
    offer: Description | None = None

    def wire(self) -> Wire:
        """Write the body."""
        body: Wire = {"visit": self.visit, "epoch": self.epoch, "since": self.since}
        if self.prepared:
            body["prepared"] = True
        if self.pairs:
            body["pairs"] = format_held(self.pairs)
        if self.offer:
            body["offer"] = {"id": self.offer.id, "sdp": self.offer.sdp}
        return body


@dataclass(frozen=True, slots=True)
class Candidate:
    """One ICE candidate; an empty `candidate` is the browser's own end mark of a generation."""

    candidate: str
    mid: str | None
    index: int | None
    ufrag: str | None


@dataclass(frozen=True, slots=True)
class EndOfCandidates:
    """No more candidates come for `ufrag`."""

    ufrag: str | None


Content = Description | Candidate | EndOfCandidates


@dataclass(frozen=True, slots=True)
class Signal:
    """What a member sends to another one, numbered within pair, member and epoch from 1.

    `to` None: to the other of the first pair.
    """

    event: ClassVar[str] = "signal"
    epoch: int
    seq: int
    content: Content
    to: str | None = None

    def wire(self) -> Wire:
        """Write the body."""
        to: Wire = {"to": self.to} if self.to else {}
        return {"epoch": self.epoch, "seq": self.seq, **to, **format_content(self.content)}


@dataclass(frozen=True, slots=True)
class Media:
    """Whether microphone and camera are on, whether the page is hidden, and what is sent beside them."""

    event: ClassVar[str] = "media"
    audio: bool
    video: bool
    away: bool = False
    shares: Shares = ()

    def wire(self) -> Wire:
        """Write the body."""
        told = {"audio": self.audio, "video": self.video, "away": self.away}
        return told | format_shares(self.shares)


@dataclass(frozen=True, slots=True)
class Probe:
    """Ask whether this connection is alive."""

    event: ClassVar[str] = "probe"
    n: int

    def wire(self) -> Wire:
        """Write the body."""
        return {"n": self.n}


@dataclass(frozen=True, slots=True)
class Quality:
    """The one word for the own line."""

    event: ClassVar[str] = "quality"
    state: str

    def wire(self) -> Wire:
        """Write the body."""
        return {"state": self.state}


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave on purpose."""

    event: ClassVar[str] = "leave"

    def wire(self) -> Wire:
        """Write the body."""
        return {}


@dataclass(frozen=True, slots=True)
class Say:
    """Say something in writing; its id is the client's, so that saying it again says it once."""

    event: ClassVar[str] = "say"
    speech: Speech

    def wire(self) -> Wire:
        """Write the body."""
        said = self.speech
        return {"id": said.key, "kind": said.kind.value, "phrase": said.phrase.value, "text": said.text}


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Ask for what was said after number `since`."""

    event: ClassVar[str] = "catch-up"
    since: int

    def wire(self) -> Wire:
        """Write the body."""
        return {"since": self.since}


Further = Measured | Carried | Record | RecordOffer
ClientMessage = Watch | Enter | Signal | Media | Probe | Quality | Leave | Say | CatchUp | Further


def parse_content(body: Body) -> Content:
    """Read the part of a signal that is meant for the other side."""
    kind = word(body, "kind", KINDS)
    if kind in DESCRIPTIONS:
        return _description(kind, body)
    ufrag = optional_text(body, "ufrag", MAX_UFRAG)
    if kind == "end-of-candidates":
        return EndOfCandidates(ufrag)
    candidate = text(body, "candidate", MAX_CANDIDATE, least=0)
    mid, index = optional_text(body, "sdpMid", MAX_MID), optional_whole(body, "sdpMLineIndex")
    if candidate and not candidate.startswith("candidate:"):
        raise Misread("'candidate' must begin with 'candidate:'.")
    if mid is None and index is None:
        raise Misread("A candidate needs 'sdpMid' or 'sdpMLineIndex'.")
    return Candidate(candidate, mid, index, ufrag)


def _description(kind: str, body: Body) -> Description:
    return Description(kind, text(body, "id", MAX_OFFER_ID), lines(body, "sdp", MAX_SDP))


def format_content(content: Content) -> Wire:
    """Write what `parse_content` reads."""
    match content:
        case Description(kind, offer, sdp):
            return {"kind": kind, "id": offer, "sdp": sdp}
        case Candidate(candidate, mid, index, ufrag):
            return {
                "kind": "candidate",
                "candidate": candidate,
                "sdpMid": mid,
                "sdpMLineIndex": index,
                "ufrag": ufrag,
            }
        case EndOfCandidates(ufrag):
            return {"kind": "end-of-candidates", "ufrag": ufrag}


def _enter(body: Body) -> Enter:
    prepared = "prepared" in body and flag(body, "prepared")
    pairs = parse_held(as_object(body["pairs"])) if "pairs" in body else ()
    visit, epoch = optional_text(body, "visit", MAX_VISIT), whole(body, "epoch")
    offer = _description("offer", as_object(body["offer"])) if "offer" in body else None
    if offer and epoch:
        raise Misread("'offer' begins a new epoch.")
    return Enter(visit, epoch, whole(body, "since"), prepared, pairs, offer)


def _signal(body: Body) -> Signal:
    to = word(body, "to", ENDS) if body.get("to") is not None else None
    return Signal(whole(body, "epoch", 1), whole(body, "seq", 1), parse_content(body), to)


def _media(body: Body) -> Media:
    away = "away" in body and flag(body, "away")
    return Media(flag(body, "audio"), flag(body, "video"), away, parse_shares(body))


def _say(body: Body) -> Say:
    kind, phrase = Kind(word(body, "kind", set(Kind))), Phrase(word(body, "phrase", set(Phrase)))
    said = words(body, "text", TEXT_LIMIT)
    if bool(phrase) == bool(said.strip()):
        raise Misread("Either 'phrase' or 'text' says something.")
    if (kind is Kind.PROBLEM) != (phrase in PROBLEMS):
        raise Misread("A problem is told by one of its own phrases, and by nothing else.")
    return Say(Speech(text(body, "id", MAX_KEY), kind, phrase, said))


PARSERS: dict[str, Callable[[Body], ClientMessage]] = {
    "watch": lambda _: Watch(),
    "enter": _enter,
    "signal": _signal,
    "media": _media,
    "probe": lambda body: Probe(whole(body, "n")),
    "quality": lambda body: Quality(word(body, "state", STATES)),
    "carried": parse_carried,
    "measured": parse_measured,
    "leave": lambda _: Leave(),
    "say": _say,
    "catch-up": lambda body: CatchUp(whole(body, "since")),
    **PARSERS_OF_RECORDS,
}
"""The explicit allow-list: an event that is not here does not exist."""


def parse_client(event: str, body: object) -> ClientMessage:
    """Read one event; Misread for a body that PROTOCOL.md does not allow, KeyError for an unknown event."""
    return PARSERS[event](as_object(body))


def format_client(message: ClientMessage) -> tuple[str, Wire]:
    """Write what `parse_client` reads: event and body."""
    return message.event, message.wire()
