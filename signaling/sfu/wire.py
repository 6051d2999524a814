"""Janus' messages, as far as we speak them: what is sent as one JSON object, what comes back read with care.

Pure. The names are those of Janus 1.1 (its documentation: "JSON messages", "VideoRoom plugin").
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signaling.candidates import without_candidates
from signaling.messages import Candidate, Content, EndOfCandidates

PLUGIN = "janus.plugin.videoroom"
PROTOCOL = "janus-protocol"
LARGEST = 512 * 1024
"""Bytes of one message; an offer for twelve people takes about 60,000."""
FINAL = frozenset({"success", "error", "event"})
LASTING = frozenset({"keepalive", "trickle"})
"""What is answered by `ack` and by nothing after it."""
NOWHERE = "candidate:1 1 udp 1 192.0.2.1 9 typ host"
"""An address for documentation (RFC 5737): nobody is there."""


class SfuUnreadable(ValueError):
    """What came is no message of Janus."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of Janus: `kind` is its own word, `sender` the handle that it is about."""

    kind: str
    transaction: str
    sender: int
    data: Mapping[str, Any] = field(default_factory=dict)
    """Of the plugin where it speaks, else Janus' own."""
    sdp: str = ""
    error: str = ""


def asked(kind: str, transaction: str, secret: str, **more: object) -> str:
    """Write one request."""
    body = {"janus": kind, "transaction": transaction, "apisecret": secret, **more}
    return json.dumps({name: value for name, value in body.items() if value is not None})


def heard(text: str) -> Heard:
    """Read one message; raises SfuUnreadable."""
    try:
        body = json.loads(text)
        plugin = body.get("plugindata", {}).get("data", {})
        data = plugin or body.get("data", {})
        failure = body.get("error", {}).get("reason", "") or plugin.get("error", "")
        sdp = body.get("jsep", {}).get("sdp", "")
        kind, number = str(body["janus"]), str(body.get("transaction", ""))
        return Heard(kind, number, int(body.get("sender", 0)), data, sdp, failure)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SfuUnreadable(text[:40]) from error


def jsep(kind: str, sdp: str) -> dict[str, str]:
    """Write a description, which tells nobody's address."""
    return {"type": kind, "sdp": without_candidates(sdp)}


def trickled(content: Content) -> dict[str, object]:
    """Write that a candidate came, or that no more come.

    Janus has to hear of one before it answers a browser that knocks. As it is told no address, it can be made
    to knock at none: the browsers know where Janus is, and that is enough for them to meet.
    """
    match content:
        case Candidate(text, mid, index) if text:
            found = {"candidate": NOWHERE, "sdpMid": mid, "sdpMLineIndex": index}
            return {name: value for name, value in found.items() if value is not None}
        case Candidate() | EndOfCandidates():
            return {"completed": True}
        case _:
            raise SfuUnreadable("no candidate")


def begins_dtls(offer: str) -> str:
    """Let the browser begin the DTLS handshake: it can a round trip before Janus could."""
    return offer.replace("a=setup:actpass", "a=setup:active")
