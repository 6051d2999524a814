"""Keeping addresses to themselves: only relay candidates pass, alone or inside SDP (RFC 8839, 5.1).

The host and server-reflexive candidates of a patient tell where they live; a relay candidate's `raddr` tells
it as well, and so do the `c=`, `o=` and `a=rtcp` lines of an SDP. The browser is told to use relays only
too, but only this filter is in our hands.
"""

import re
from dataclasses import replace

from signaling.messages import Candidate, Content, Description

RELATED = re.compile(r" raddr \S+ rport \S+")
CANDIDATES = ("a=candidate:", "a=end-of-candidates", "a=remote-candidates:")
TYPE_POSITION = 7  # candidate:foundation component transport priority address port "typ" type
NOWHERE = " raddr 0.0.0.0 rport 0"
ADDRESS_LINES = re.compile(r"^(c=|o=.* |a=rtcp:\d+ )IN IP[46] \S+$")


def is_relay(candidate: str) -> bool:
    """Whether this is a candidate of type relay, with or without the `a=` in front."""
    words = candidate.split()
    return len(words) > TYPE_POSITION and words[TYPE_POSITION - 1 : TYPE_POSITION + 1] == ["typ", "relay"]


def without_origin(candidate: str) -> str:
    """Return a relay candidate that no longer tells which address asked for the relay."""
    return RELATED.sub(NOWHERE, candidate)


def relayed_sdp(sdp: str) -> str:
    """Return `sdp` with relay candidates only and without any address of its author."""
    kept = (_relayed_line(line) for line in sdp.splitlines())
    return "".join(line + "\r\n" for line in kept if line is not None)


def _relayed_line(line: str) -> str | None:
    if line.startswith("a=candidate:"):
        return without_origin(line) if is_relay(line) else None
    if _leads_somewhere(line) and not line.startswith("a=end-of-candidates"):
        return None
    match = ADDRESS_LINES.match(line)
    return f"{match[1]}IN IP4 0.0.0.0" if match else line


def _leads_somewhere(line: str) -> bool:
    """Whether a line of an SDP is about candidates; Janus reads it in capitals, too (its sdp.c)."""
    return line.lower().startswith(CANDIDATES)


def relay_only(content: Content) -> Content | None:
    """Return what may be forwarded of `content` where addresses are hidden, None for nothing at all."""
    match content:
        case Description(_, _, sdp):
            return replace(content, sdp=relayed_sdp(sdp))
        case Candidate(candidate) if candidate:
            return replace(content, candidate=without_origin(candidate)) if is_relay(candidate) else None
        case _:
            return content


def without_candidates(sdp: str) -> str:
    """Return a description without addresses: its author comes to us, and has us knock nowhere."""
    return "".join(f"{line}\r\n" for line in sdp.splitlines() if not _leads_somewhere(line))
