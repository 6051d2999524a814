"""Where addresses are hidden, no address of a participant passes the server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.candidates import relay_only, without_candidates
from signaling.messages import Candidate, Description, EndOfCandidates

HOME = "198.51.100.77"
RELAYED = (
    f"candidate:3 1 udp 41885439 203.0.113.9 61000 typ relay raddr {HOME} rport 50000 generation 0 ufrag pV2q"
)
HOST = f"candidate:1 1 udp 2122260223 {HOME} 54400 typ host generation 0 ufrag pV2q"
REFLEXIVE = f"candidate:2 1 udp 1686052607 {HOME} 54400 typ srflx raddr 0.0.0.0 rport 0"
SDP = "\r\n".join(
    [
        "v=0",
        f"o=- 46117314 2 IN IP4 {HOME}",
        "s=-",
        "t=0 0",
        "m=audio 54400 UDP/TLS/RTP/SAVPF 111",
        f"c=IN IP4 {HOME}",
        f"a=rtcp:9 IN IP6 2001:db8::{1}",
        f"a={HOST}",
        f"a={REFLEXIVE}",
        f"a={RELAYED}",
        f"a=remote-candidates:1 {HOME} 54400",
        "a=ice-ufrag:pV2q",
        "a=mid:0",
        "",
    ]
)


def candidate(text: str) -> Candidate:
    return Candidate(text, "0", 0, "pV2q")


@pytest.mark.parametrize(
    "text",
    [
        HOST,
        REFLEXIVE,
        HOST.replace("typ host", "typ prflx"),
        "candidate:1 1 udp 1 3c5a.local 9 typ host",
        "candidate:1",
        "candidate:1 1 udp 1 192.0.2.1 9 typ",
        "candidate:1 1 udp 1 192.0.2.1 9 host typ relay",
        HOST + " typ relay",
        "candidate:1 1 udp 1 192.0.2.1 9 typ RELAY",
    ],
)
def test_what_is_not_a_relay_goes_no_further(text: str) -> None:
    assert relay_only(candidate(text)) is None


def test_a_relay_passes_without_the_address_that_asked_for_it() -> None:
    passed = relay_only(candidate(RELAYED))
    assert "203.0.113.9 61000 typ relay raddr 0.0.0.0 rport 0 generation 0" in passed.candidate
    assert HOME not in passed.candidate


def test_an_sdp_loses_every_address_of_its_author_and_nothing_else() -> None:
    passed = relay_only(Description("offer", "k", SDP)).sdp
    assert HOME not in passed
    assert "2001:db8" not in passed
    assert passed.splitlines() == [
        "v=0",
        "o=- 46117314 2 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "m=audio 54400 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        "a=" + RELAYED.replace(f"raddr {HOME} rport 50000", "raddr 0.0.0.0 rport 0"),
        "a=ice-ufrag:pV2q",
        "a=mid:0",
    ]


def test_end_marks_pass() -> None:
    assert relay_only(EndOfCandidates("pV2q")) == EndOfCandidates("pV2q")
    assert relay_only(candidate("")) == candidate("")


@pytest.mark.parametrize("name", ["a=Candidate:", "a=CANDIDATE:", "a=Remote-Candidates:"])
def test_capitals_lead_nobody_anywhere(name: str) -> None:
    """Janus reads them as if they were small."""
    sdp = f"v=0\r\n{name}1 1 udp 1 {HOME} 161 typ host\r\na=mid:0\r\n"
    assert without_candidates(sdp) == "v=0\r\na=mid:0\r\n"
    assert relay_only(Description("offer", "k", sdp)).sdp == "v=0\r\na=mid:0\r\n"


octet = st.integers(1, 254)


@given(
    st.tuples(octet, octet, octet, octet), st.sampled_from(["host", "srflx", "prflx", "relay"]), st.booleans()
)
def test_an_own_address_never_passes_whatever_the_type(
    parts: tuple[int, ...], kind: str, in_sdp: bool
) -> None:
    address = ".".join(map(str, parts))
    carried = "9.9.9.9" if kind == "relay" else address
    text = f"candidate:1 1 udp 5 {carried} 5000 typ {kind} raddr {address} rport 7"
    passed = relay_only(Description("offer", "k", f"v=0\r\na={text}\r\n") if in_sdp else candidate(text))
    seen = passed.sdp if in_sdp else passed.candidate if passed else ""
    assert address not in seen.replace("9.9.9.9", "").replace("0.0.0.0", "")
