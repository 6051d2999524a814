"""What the server sends: typed message and wire form as pairs (PROTOCOL.md, From the server)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from signaling.fields import Body, as_object, flag, text, whole, word
from signaling.held import IDS
from signaling.instants import MAX_WORD, instant, parse_instant
from signaling.messages import MAX_VISIT, Content, Wire, format_content, parse_content
from signaling.news import PARSERS_OF_NEWS, News
from signaling.recordings import Recording, parse_recording
from signaling.refusals import Misread
from signaling.shares import Shares, format_shares, parse_shares
from signaling.speech import Said, format_part, parse_part, parse_said
from telehealth.domain.guests import GuestKind

MAX_NAME = 512
VIAS = frozenset({"sfu", "mesh"})


@dataclass(frozen=True, slots=True)
class Visit:
    """The life of a visit moved; `changed` is when the status began. `seat`, `ice`: for whom it lets in."""

    event: ClassVar[str] = "visit"
    visit: str
    status: str
    changed: datetime
    seat: Wire | None = None
    ice: object = ()

    def wire(self) -> Wire:
        """Write the body."""
        body: Wire = {"visit": self.visit, "status": self.status, "changed": instant(self.changed)}
        return body | {"seat": self.seat, "ice": self.ice} if self.seat is not None else body


@dataclass(frozen=True, slots=True)
class ClinicLine:
    """One visit of a specialist's clinic; a `test` stands in no list."""

    event: ClassVar[str] = "clinic"
    visit: str
    status: str
    device: str
    connection: str
    since: datetime
    test: bool
    asking: bool = False

    def wire(self) -> Wire:
        """Write the body."""
        return {
            "visit": self.visit,
            "status": self.status,
            "device": self.device,
            "connection": self.connection,
            "since": instant(self.since),
            "test": self.test,
            "asking": self.asking,
        }


@dataclass(frozen=True, slots=True)
class Prepare:
    """Get the connection of this visit's call ready, or (`on` false) put it away."""

    event: ClassVar[str] = "prepare"
    visit: str
    on: bool

    def wire(self) -> Wire:
        """Write the body."""
        return {"visit": self.visit, "on": self.on}


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the roster; `connection` is a word of `quality` or `unknown`, `part` as in `Said`.

    On the wire, `pinned` marks whom everybody is to see large; `shares` are those of `media`.
    """

    id: str
    role: str
    name: str
    here: bool
    audio: bool
    video: bool
    away: bool
    connection: str
    part: GuestKind | None = None
    shares: Shares = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A member's pair with one more member beyond the first: its epoch, and which part the member has."""

    other: str
    epoch: int
    polite: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """Who sits in the room, the epoch of the reader's first pair, and the reader's further pairs.

    `via` says how media go where there is a forwarding server, `carried` who gets the reader's through it.
    """

    event: ClassVar[str] = "roster"
    epoch: int
    members: tuple[Member, ...]
    pairs: tuple[Pair, ...] = ()
    via: str = ""
    carried: tuple[str, ...] = ()

    def wire(self) -> Wire:
        """Write the body."""
        body: Wire = {"epoch": self.epoch, "members": [format_member(member) for member in self.members]}
        body |= {"pairs": format_pairs(self.pairs)} if self.pairs else {}
        return body | format_way(self)


@dataclass(frozen=True, slots=True)
class Relayed:
    """A signal of another member, stamped with sender and the server's number."""

    event: ClassVar[str] = "signal"
    epoch: int
    seq: int
    sender: str
    content: Content

    def wire(self) -> Wire:
        """Write the body."""
        return {"epoch": self.epoch, "seq": self.seq, "from": self.sender, **format_content(self.content)}


@dataclass(frozen=True, slots=True)
class Replaced:
    """This person goes on elsewhere: `by` another `window` of this browser, or another `device`."""

    event: ClassVar[str] = "replaced"
    by: str = "window"

    def wire(self) -> Wire:
        """Write the body."""
        return {"by": self.by}


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over for the one who gets this."""

    event: ClassVar[str] = "ended"
    visit: str
    reason: str

    def wire(self) -> Wire:
        """Write the body."""
        return {"visit": self.visit, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Draining:
    """The service stops as planned; come back within `retry` seconds, at random."""

    event: ClassVar[str] = "draining"
    retry: int

    def wire(self) -> Wire:
        """Write the body."""
        return {"retry": self.retry}


@dataclass(frozen=True, slots=True)
class SignedOut:
    """The session is over."""

    event: ClassVar[str] = "signed-out"

    def wire(self) -> Wire:
        """Write the body."""
        return {}


ServerMessage = (
    Visit | ClinicLine | Prepare | Roster | Relayed | Replaced | Ended | Draining | SignedOut
) | (Said | News | Recording)


def format_member(member: Member) -> Wire:
    """Write one line of the roster."""
    return {
        "id": member.id,
        "role": member.role,
        "name": member.name,
        "here": member.here,
        "audio": member.audio,
        "video": member.video,
        "away": member.away,
        "connection": member.connection,
        **format_part(member.part),
        **({"pinned": True} if member.part and member.part.pinned else {}),
        **format_shares(member.shares),
    }


def parse_member(body: Body) -> Member:
    """Read what `format_member` writes."""
    return Member(
        text(body, "id", MAX_WORD),
        text(body, "role", MAX_WORD),
        text(body, "name", MAX_NAME, least=0),
        flag(body, "here"),
        flag(body, "audio"),
        flag(body, "video"),
        flag(body, "away"),
        text(body, "connection", MAX_WORD),
        parse_part(body),
        parse_shares(body),
    )


def parse_members(value: object) -> tuple[Member, ...]:
    """Read the list of a roster."""
    if not isinstance(value, list):
        raise Misread("'members' must be a list.")
    return tuple(parse_member(as_object(item)) for item in value)


def format_way(roster: Roster) -> Wire:
    """Write how the reader's media go; nothing where there are direct connections only."""
    return {"via": roster.via, "carried": list(roster.carried)} if roster.via else {}


def format_pairs(pairs: tuple[Pair, ...]) -> Wire:
    """Write a member's further pairs, by the other's id."""
    return {each.other: {"epoch": each.epoch, "polite": each.polite} for each in pairs}


def parse_pairs(value: object) -> tuple[Pair, ...]:
    """Read what `format_pairs` writes."""
    found = {other: as_object(pair) for other, pair in as_object(value).items()}
    return tuple(Pair(other, whole(pair, "epoch"), flag(pair, "polite")) for other, pair in found.items())


def format_server(message: ServerMessage) -> tuple[str, Wire]:
    """Write one message of the server: event and body."""
    return message.event, message.wire()


def _clinic(body: Body) -> ClinicLine:
    visit, status, device, connection = (
        text(body, name, MAX_WORD) for name in ("visit", "status", "device", "connection")
    )
    since, test = parse_instant(body, "since"), flag(body, "test")
    return ClinicLine(visit, status, device, connection, since, test, flag(body, "asking"))


def _visit(body: Body) -> Visit:
    visit, status = text(body, "visit", MAX_VISIT), text(body, "status", MAX_WORD)
    seat = dict(as_object(body["seat"])) if "seat" in body else None
    return Visit(visit, status, parse_instant(body, "changed"), seat, body.get("ice", ()))


def _roster(body: Body) -> Roster:
    members, pairs = parse_members(body.get("members")), parse_pairs(body.get("pairs", {}))
    via, told = word(body, "via", VIAS) if "via" in body else "", body.get("carried", [])
    if not isinstance(told, list) or not IDS.issuperset(told):
        raise Misread("'carried' must be a list of members.")
    return Roster(whole(body, "epoch"), members, pairs, via, tuple(told))


PARSERS: Mapping[str, Callable[[Body], ServerMessage]] = {
    "visit": _visit,
    "clinic": _clinic,
    "prepare": lambda b: Prepare(text(b, "visit", MAX_VISIT), flag(b, "on")),
    "roster": _roster,
    "signal": lambda b: Relayed(
        whole(b, "epoch", 1), whole(b, "seq", 1), text(b, "from", MAX_WORD), parse_content(b)
    ),
    "replaced": lambda body: Replaced(text(body, "by", MAX_WORD)),
    "ended": lambda body: Ended(text(body, "visit", MAX_VISIT), text(body, "reason", MAX_WORD)),
    "draining": lambda body: Draining(whole(body, "retry")),
    "signed-out": lambda _: SignedOut(),
    "said": parse_said,
    "recording": parse_recording,
    **PARSERS_OF_NEWS,
}


def parse_server(event: str, body: object) -> ServerMessage:
    """Read one message of the server (probe peers and tests do); Misread or KeyError as for clients."""
    return PARSERS[event](as_object(body))
