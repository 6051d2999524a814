"""What Janus is told: of nobody's address."""

from signaling.messages import Candidate, EndOfCandidates
from signaling.sfu.wire import NOWHERE, jsep, trickled

INSIDE = "candidate:1 1 udp 2122260223 10.0.0.7 54400 typ host generation 0"
SDP = f"v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na={INSIDE}\r\n"


def test_a_candidate_is_told_without_its_address() -> None:
    told = trickled(Candidate(INSIDE, "0", 0, "pV2q"))
    assert told == {"candidate": NOWHERE, "sdpMid": "0", "sdpMLineIndex": 0}


def test_a_description_holds_no_address_either() -> None:
    told = jsep("offer", SDP)["sdp"]
    assert "10.0.0.7" not in told
    assert "a=mid:0" in told


def test_that_no_more_come_is_told() -> None:
    assert trickled(EndOfCandidates("pV2q")) == {"completed": True}
    assert trickled(Candidate("", "0", 0, None)) == {"completed": True}
