"""Strangers at the ports of a call: what they send there, and one who listens where nobody should knock."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aioice import stun
from OpenSSL import SSL

Door = tuple[str, int]
"""An address and a UDP port."""
FOUND = re.compile(r"candidate:\S+ \d udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ", re.IGNORECASE)


def doors_of(told: str) -> list[Door]:
    """Return the IPv4 ports that candidates or a description name."""
    return [(host, int(port)) for host, port in FOUND.findall(told)]


def hello() -> bytes:
    """The first message of somebody else's DTLS handshake."""
    client = SSL.Connection(SSL.Context(SSL.DTLS_METHOD))
    client.set_connect_state()
    with pytest.raises(SSL.WantReadError):
        client.do_handshake()
    return client.bio_read(2000)


def rubbish() -> list[bytes]:
    """One of each kind that a port of a call tells apart by its first byte, and what is of no kind."""
    binding = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    binding.attributes["USERNAME"] = "no:body"
    binding.add_message_integrity(b"guessed")
    refusal = stun.Message(stun.Method.BINDING, stun.Class.ERROR)
    refusal.attributes["ERROR-CODE"] = (487, "Role Conflict")
    refresh = stun.Message(stun.Method.REFRESH, stun.Class.REQUEST)
    refresh.attributes["LIFETIME"] = 0
    return [
        hello(),
        b"\x15\xfe\xfd\0\0\0\0\0\0\0\x09\0\x02\x02\x00",
        bytes(binding),
        bytes(refusal),
        bytes(refresh),
        b"\x80\x6f" + os.urandom(160),
        b"\x80\xc8" + os.urandom(60),
        b"\x40\x00\xff\xff" + os.urandom(8),
        b"",
        os.urandom(1200),
    ]


def spray(doors: list[Door], times: int = 1) -> None:
    """Send all of it to all of them, from an address that nobody has asked."""
    kinds = rubbish()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for door in doors * times:
            for each in kinds:
                stranger.sendto(each, door)


class Bystander:
    """Somebody who has nothing to do with a call, and hears whether anybody knocks."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.port = int(listening.getsockname()[1])

    def named_in(self, sdp: str) -> str:
        """Return a description that offers this port at each of its addresses, and at this machine's own."""
        hosts = sorted({host for host, _ in doors_of(sdp)} | {"127.0.0.1"})
        more = [self.candidate(host) for host in hosts]
        kept = [each for each in sdp.splitlines() if each != "a=end-of-candidates"]
        media = [at for at, line in enumerate(kept) if line.startswith("m=")][1:2] or [len(kept)]
        return "\r\n".join([*kept[: media[0]], *(f"a={each}" for each in more), *kept[media[0] :], ""])

    def candidate(self, host: str) -> str:
        """Return the candidate by which this port is offered."""
        return f"candidate:77 1 udp 2130706431 {host} {self.port} typ host"

    @property
    def heard(self) -> bytes:
        """What has come, or nothing."""
        try:
            return self._listening.recv(2000)
        except BlockingIOError:
            return b""


@contextmanager
def bystander() -> Iterator[Bystander]:
    """Listen on a port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("0.0.0.0", 0))
        listening.setblocking(False)
        yield Bystander(listening)
