"""PROTOCOL.md, tests/data/messages.json and the parsers say the same."""

import json
import re
from pathlib import Path

import pytest

from signaling import announcements, batches, held, messages, negotiation, room
from signaling.fields import MAX_DEPTH
from signaling.limits import Limits
from signaling.refusals import SENTENCES, Code
from telehealth.config import Config
from telehealth.domain import guests
from telehealth.domain.conversation import GUESTS_LIMIT, PROBLEMS, TEXT_LIMIT, UTTERANCE_LIMIT, Phrase
from telehealth.services.carrying import MESH
from telehealth.services.conversation import PAGE as TOLD_AT_ONCE

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "signaling/PROTOCOL.md").read_text(encoding="utf-8")
LITERALS = json.loads((ROOT / "tests/data/messages.json").read_text(encoding="utf-8"))
SECTION = re.compile(r"^### ([^\n]+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"(client|server|ack|json) `([a-z-]+)`(.*)")


def from_the_page() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {name: {} for name in ("client", "forms", "server", "acks", "json")}
    for heading, text in SECTION.findall(PAGE):
        literals = re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)
        assert len(literals) == 1, f"{heading} must show exactly one literal"
        value = json.loads(literals[0])
        match = HEADING.fullmatch(heading)
        if match is None:
            found["acks"][heading] = value
        elif match[3]:
            found["forms"][match[2] + match[3]] = value
        else:
            found[{"ack": "acks"}.get(match[1], match[1])][match[2]] = value
    return found


def test_the_page_and_the_data_file_hold_the_same_literals() -> None:
    assert from_the_page() == LITERALS


def test_every_event_stands_on_the_page() -> None:
    assert set(LITERALS["client"]) == set(messages.PARSERS)
    assert set(LITERALS["server"]) == set(announcements.PARSERS)


@pytest.mark.parametrize("event", sorted(LITERALS["client"]))
def test_a_literal_from_the_client_is_read_and_written_back(event: str) -> None:
    body = LITERALS["client"][event]
    assert messages.format_client(messages.parse_client(event, body)) == (event, body)


@pytest.mark.parametrize("form", sorted(LITERALS["forms"]))
def test_each_further_form_is_read_and_written_back(form: str) -> None:
    event, body = form.partition(" ")[0], LITERALS["forms"][form]
    if event in messages.PARSERS:
        assert messages.format_client(messages.parse_client(event, body)) == (event, body)
    else:
        assert announcements.format_server(announcements.parse_server(event, body)) == (event, body)


@pytest.mark.parametrize("event", sorted(LITERALS["server"]))
def test_a_literal_from_the_server_is_read_and_written_back(event: str) -> None:
    body = LITERALS["server"][event]
    assert announcements.format_server(announcements.parse_server(event, body)) == (event, body)


def test_every_refusal_stands_on_the_page_with_a_sentence() -> None:
    table = set(re.findall(r"^\| `([a-z-]+)` \|", PAGE[: PAGE.index("## From the client")], re.MULTILINE))
    assert table == set(Code) == set(SENTENCES)
    assert LITERALS["acks"]["refusal"]["detail"] == SENTENCES[LITERALS["acks"]["refusal"]["code"]]


def test_the_literals_of_a_page_without_a_websocket_are_read_and_written() -> None:
    json_, limits = LITERALS["json"], Limits()
    said = json.dumps(json_["events"]).encode()
    assert batches.parse_batch(said, limits.batch).wire() == json_["events"]
    assert batches.format_news(json_["news"]["news"], over=False) == json_["news"]
    name = batches.parse_name(json.dumps(json_["end"]).encode())
    assert json_["connected"] == {"ok": True, "connection": name}


def sentences() -> list[str]:
    """What the page has to say about the limits in force, written with their figures."""
    limits, sdp, candidate = Limits(), messages.MAX_SDP // 1024, messages.MAX_CANDIDATE // 1024
    events, costly = limits.events, limits.costly_events
    address, session = limits.connects_of_address, limits.connects_of_session
    return [
        f"up to {negotiation.KEPT_SIGNALS} signals or {negotiation.KEPT_BYTES // 1024} kB",
        f"SDP above {sdp} kB or a candidate above {candidate} kB",
        f"or {negotiation.CANDIDATES} candidates a negotiation",
        f"above {events.per_second:g} events a second (burst {events.burst:g})",
        f"{costly.per_second:g} a second (burst {costly.burst:g}) of those",
        f"{limits.refusals.burst:g} refusals in quick succession",
        f"more than {address.burst:g} connects a minute from one address",
        f"or {session.burst:g} from one session",
        f"CONNECT within {limits.connect_within:g} s",
        f"at {limits.queued_packets} waiting packets",
        f"at most {MAX_DEPTH} deep; a whole message is at most {limits.message_bytes // 1024} kB",
        f"above {limits.requests.per_second:g} requests a second (burst {limits.requests.burst:g})",
        f"sends up to {limits.batch} events in order",
        f"waits up to {limits.hold:g} s for news",
        f"body took more than {limits.body_within:g} s",
        f"body is above {limits.message_bytes // 1024} kB",
        f"asks nothing for {limits.silence.total_seconds():g} s is a lost socket",
        f"leaves {limits.queued_packets} news unfetched",
        f"a member's socket is gone ({limits.grace.total_seconds():g} s at most",
        f"a line of up to {TEXT_LIMIT} characters",
        f"or {UTTERANCE_LIMIT} things were said in it",
        f"{GUESTS_LIMIT} of them were said by guests",
        f"Up to {TOLD_AT_ONCE} of what was said",
        f"then not heard for {room.SILENCE.total_seconds():g} s",
    ]


@pytest.mark.parametrize("sentence", sentences())
def test_the_limits_on_the_page_are_the_ones_in_force(sentence: str) -> None:
    assert sentence in PAGE.replace("\n", " ")


def test_every_phrase_stands_on_the_page_under_its_kind() -> None:
    text = next(text for heading, text in SECTION.findall(PAGE) if heading == "client `say`")
    before, _, after = text.partition("for a `problem` always one of")
    named = set(re.findall(r"`([a-z-]+)`", before)) - {"kind", "chat", "caption", "problem", "text", "phrase"}
    assert named == set(Phrase) - PROBLEMS - {Phrase.OWN}
    assert set(re.findall(r"`([a-z-]+)`", after[: after.index(".")])) == PROBLEMS


def test_two_connections_a_session_and_four_seats_a_room_stand_on_the_page() -> None:
    assert (Limits().connections_of_session, MESH, Config().sfu_above) == (2, 4, 4)
    assert held.GUESTS == guests.ALL_INVITATIONS
    assert "Two connections per session." in PAGE
    assert "One room per visit, four seats" in PAGE
    assert Limits().refused_connects == 3
    assert "three refused CONNECTs end the connection" in PAGE
