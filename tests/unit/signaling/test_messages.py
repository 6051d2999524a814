"""What clients send is never trusted; what passes comes out as it went in."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import announcements as a
from signaling import messages as m
from signaling import news as n
from signaling import speech as s
from signaling.carried import Carried
from signaling.fields import MAX_WHOLE, shallow
from signaling.held import IDS, Held
from signaling.measured import FIGURES, LATEST_MARK, Measured
from signaling.refusals import Code, Misread
from signaling.shares import KINDS, MOST
from telehealth.domain.conversation import PROBLEMS, TEXT_LIMIT, Kind, Phrase, Speech
from telehealth.domain.guests import GuestKind
from telehealth.domain.line_record import Look, Marks, Path, Way
from telehealth.domain.words import is_a_line

OFFER = {"epoch": 1, "seq": 1, "kind": "offer", "id": "k3v9", "sdp": "v=0\r\n"}
CANDIDATE = {
    "epoch": 1,
    "seq": 2,
    "kind": "candidate",
    "candidate": "candidate:1 1 udp 1 192.0.2.7 9 typ host",
}

SAY = {"id": "1", "kind": "chat", "phrase": "", "text": "Good morning"}

counts = st.integers(0, MAX_WHOLE)
numbers = st.integers(1, MAX_WHOLE)
printable = st.text(st.characters(codec="utf-8").filter(str.isprintable), min_size=1, max_size=40)
maybe = st.none() | printable
words = st.just("") | printable
sdps = st.lists(printable, min_size=1, max_size=5).map("\r\n".join)
contents = st.one_of(
    st.builds(m.Description, st.sampled_from(["offer", "answer"]), printable, sdps),
    st.builds(m.Candidate, printable.map("candidate:".__add__), maybe, counts, maybe),
    st.builds(m.Candidate, st.just(""), printable, st.none(), maybe),
    st.builds(m.EndOfCandidates, maybe),
)
spoken = st.text(max_size=TEXT_LIMIT).filter(lambda each: is_a_line(each) and bool(each.strip()))
kinds = st.sampled_from([Kind.CHAT, Kind.CAPTION])
phrases = st.sampled_from(sorted(set(Phrase) - PROBLEMS - {Phrase.OWN}))
speeches = st.one_of(
    st.builds(Speech, printable, kinds, st.just(Phrase.OWN), spoken),
    st.builds(Speech, printable, kinds, phrases, st.just("")),
    st.builds(Speech, printable, st.just(Kind.PROBLEM), st.sampled_from(sorted(PROBLEMS)), st.just("")),
)
ids = st.sampled_from(sorted(IDS))
shares = st.dictionaries(printable, st.sampled_from(sorted(KINDS)), max_size=MOST).map(
    lambda told: tuple(sorted(told.items()))
)
claims = st.dictionaries(ids, st.tuples(counts, counts), max_size=3).map(
    lambda held: tuple(Held(other, *facts) for other, facts in held.items())
)
looks = st.builds(
    Look,
    at=st.just(0),
    path=st.sampled_from(Path),
    way=st.sampled_from(Way),
    **{name: st.integers(least, most) for name, (_, least, most) in FIGURES.items()},
)
marks = st.builds(Marks, *(st.none() | st.integers(0, LATEST_MARK) for _ in fields(Marks)))
client_messages = st.one_of(
    st.just(m.Watch()),
    st.just(m.Leave()),
    st.builds(m.Enter, maybe, counts, counts, st.booleans(), claims),
    st.builds(m.Signal, numbers, numbers, contents, st.none() | ids),
    st.builds(m.Media, st.booleans(), st.booleans(), st.booleans(), shares),
    st.builds(m.Probe, counts),
    st.builds(m.Quality, st.sampled_from(sorted(m.STATES))),
    st.builds(m.Say, speeches),
    st.builds(m.CatchUp, counts),
    st.builds(Carried, numbers, st.dictionaries(ids, numbers).map(lambda told: frozenset(told.items()))),
    st.builds(Measured, looks, st.none() | marks),
)
instants = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis wants the ends naive
    timezones=st.just(UTC),
).map(lambda at: at.replace(microsecond=0))
parts = st.none() | st.sampled_from(GuestKind)
members = st.builds(
    a.Member, printable, printable, printable, *(st.booleans() for _ in range(4)), printable, parts, shares
)
pairs = st.dictionaries(ids, st.tuples(counts, st.booleans()), max_size=3).map(
    lambda told: tuple(a.Pair(other, *facts) for other, facts in told.items())
)
server_messages = st.one_of(
    st.builds(a.Visit, printable, printable, instants),
    st.builds(a.ClinicLine, printable, printable, printable, printable, instants),
    st.builds(a.Prepare, printable, st.booleans()),
    st.builds(a.Roster, counts, st.lists(members, max_size=3).map(tuple), pairs),
    st.builds(
        a.Roster,
        counts,
        st.just(()),
        pairs,
        st.sampled_from(["sfu", "mesh"]),
        st.lists(ids, max_size=3).map(tuple),
    ),
    st.builds(a.Relayed, numbers, numbers, printable, contents),
    st.builds(n.Place, printable, counts, st.none() | counts, counts, words, st.booleans(), instants),
    st.builds(n.Message, printable),
    st.builds(n.Running, counts, words, st.booleans(), words),
    st.builds(n.Priority, printable, printable),
    st.builds(n.Guest, printable, printable, printable),
    st.builds(n.Moved, printable),
    st.just(n.Queue()),
    st.builds(a.Ended, printable, printable),
    st.builds(s.Said, numbers, printable, printable, spoken, kinds, phrases, spoken, instants, parts),
    st.builds(a.Draining, counts),
    st.sampled_from([a.Replaced(), a.Replaced("device"), a.SignedOut()]),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=20,
)


@given(client_messages)
def test_what_a_client_may_send_comes_back_the_same(message: m.ClientMessage) -> None:
    assert m.parse_client(*m.format_client(message)) == message


@given(server_messages)
def test_what_the_server_sends_comes_back_the_same(message: a.ServerMessage) -> None:
    assert a.parse_server(*a.format_server(message)) == message


@given(st.sampled_from(sorted(m.PARSERS)), anything)
def test_whatever_arrives_is_read_or_refused_and_nothing_else(event: str, body: object) -> None:
    try:
        m.parse_client(event, body)
    except Misread as refusal:
        assert refusal.code in {Code.BAD_MESSAGE, Code.TOO_LARGE}  # noqa: PT017


@given(
    st.dictionaries(
        st.sampled_from(["epoch", "seq", "kind", "id", "sdp", "candidate", "sdpMid", "ufrag"]), anything
    )
)
def test_no_field_of_a_signal_can_crash_the_reader(body: dict[str, object]) -> None:
    for kind in m.KINDS:
        try:
            m.parse_client("signal", {**body, "kind": kind})
        except Misread:
            continue


@pytest.mark.parametrize(
    "event,body",
    [
        ("enter", {"epoch": -1, "since": 0}),
        ("enter", {"epoch": True, "since": 0}),
        ("enter", {"epoch": 1.0, "since": 0}),
        ("enter", {"epoch": 2**31, "since": 0}),
        ("enter", {"epoch": 0}),
        ("enter", {"visit": 7, "epoch": 0, "since": 0}),
        ("enter", {"visit": "a\nb", "epoch": 0, "since": 0}),
        ("enter", {"epoch": 0, "since": 0, "pairs": []}),
        ("enter", {"epoch": 0, "since": 0, "pairs": {"g13": {"epoch": 1, "since": 0}}}),
        ("enter", {"epoch": 0, "since": 0, "pairs": {"g1": {"epoch": 1}}}),
        ("enter", {"epoch": 0, "since": 0, "pairs": {"g1": 1}}),
        ("signal", {**OFFER, "to": "everyone"}),
        ("signal", {**OFFER, "to": 1}),
        ("signal", {**OFFER, "kind": "hello"}),
        ("signal", {**OFFER, "kind": ["offer"]}),
        ("signal", {**OFFER, "epoch": 0}),
        ("signal", {**OFFER, "seq": 0}),
        ("signal", {**OFFER, "id": ""}),
        ("signal", {**OFFER, "id": None}),
        ("signal", {**OFFER, "sdp": ""}),
        ("signal", {**OFFER, "sdp": 5}),
        ("signal", {**OFFER, "sdp": "v=0\r\n\x00"}),
        ("signal", {**OFFER, "sdp": "v=0\r\n\ud800"}),
        ("signal", CANDIDATE),
        ("signal", {**CANDIDATE, "sdpMid": "0", "candidate": "a=candidate:1"}),
        ("signal", {**CANDIDATE, "sdpMid": "0", "candidate": "candidate:1\r\na=evil"}),
        ("signal", {**CANDIDATE, "sdpMid": 0}),
        ("signal", {**CANDIDATE, "sdpMLineIndex": "0"}),
        ("media", {"audio": "yes", "video": True}),
        ("media", {"audio": True}),
        ("media", {"audio": True, "video": True, "away": "yes"}),
        ("media", {"audio": True, "video": True, "shares": {"a": "face"}}),
        ("media", {"audio": True, "video": True, "shares": dict.fromkeys("abcde", "screen")}),
        ("media", {"audio": True, "video": True, "shares": ["a"]}),
        ("probe", {"n": "7"}),
        ("quality", {"state": "splendid"}),
        ("quality", {"state": {"good": 1}}),
        ("say", SAY | {"kind": "whisper"}),
        ("say", SAY | {"phrase": "louder"}),
        ("say", SAY | {"text": ""}),
        ("say", SAY | {"text": " \u00a0 "}),
        ("say", SAY | {"text": "two\nlines"}),
        ("say", SAY | {"text": "\u202ereversed"}),
        ("say", SAY | {"text": "\ud800"}),
        ("say", SAY | {"text": None}),
        ("say", SAY | {"phrase": "anything", "text": ""}),
        ("say", SAY | {"phrase": "bad-sound", "text": ""}),
        ("say", SAY | {"kind": "problem"}),
        ("say", SAY | {"kind": "problem", "phrase": "louder", "text": ""}),
        ("say", SAY | {"id": ""}),
        ("say", {"id": "1", "kind": "chat", "text": "no phrase named"}),
        ("catch-up", {"since": -1}),
        ("catch-up", {}),
        ("watch", None),
        ("watch", []),
        ("watch", "{}"),
        ("watch", {"a": [[[[[]]]]]}),
    ],
)
def test_a_wrong_body_is_a_bad_message(event: str, body: object) -> None:
    with pytest.raises(Misread) as refusal:
        m.parse_client(event, body)
    assert refusal.value.code == Code.BAD_MESSAGE


@pytest.mark.parametrize(
    "body",
    [
        {**OFFER, "sdp": "x" * (m.MAX_SDP + 1)},
        {**OFFER, "sdp": "é" * (m.MAX_SDP // 2 + 1)},
        {**OFFER, "id": "x" * (m.MAX_OFFER_ID + 1)},
        {**CANDIDATE, "sdpMid": "0", "candidate": "candidate:" + "x" * m.MAX_CANDIDATE},
    ],
)
def test_what_is_too_long_is_too_large(body: object) -> None:
    with pytest.raises(Misread) as refusal:
        m.parse_client("signal", body)
    assert refusal.value.code == Code.TOO_LARGE


def test_a_text_is_as_long_as_five_hundred_signs_of_any_script() -> None:
    said = m.parse_client("say", SAY | {"text": "👩\u200d👩\u200d👧 \u0646\u200c\u0645".ljust(500, "ع")})
    assert isinstance(said, m.Say)
    with pytest.raises(Misread) as refusal:
        m.parse_client("say", SAY | {"text": "ع" * 501})
    assert refusal.value.code == Code.TOO_LARGE


def test_the_largest_sdp_still_passes() -> None:
    assert m.parse_client("signal", {**OFFER, "sdp": "x" * m.MAX_SDP})


def test_members_that_are_not_named_are_ignored_and_not_written() -> None:
    message = m.parse_client("signal", {**OFFER, "from": "s", "room": "x", "usernameFragment": "x"})
    assert m.format_client(message) == ("signal", OFFER)


def test_an_unknown_event_has_no_parser() -> None:
    for event in ("connect", "disconnect", "message", "", "__class__"):
        with pytest.raises(KeyError):
            m.parse_client(event, {})


def test_a_roster_needs_a_list_and_a_visit_an_instant() -> None:
    with pytest.raises(Misread):
        a.parse_server("roster", {"epoch": 1, "members": {}})
    with pytest.raises(Misread):
        a.parse_server("visit", {"visit": "v", "status": "waiting", "changed": "yesterday"})


def test_depth_is_counted_through_lists_and_objects() -> None:
    assert shallow({"a": [{"b": [1]}]})
    assert not shallow({"a": [{"b": [[1]]}]})
