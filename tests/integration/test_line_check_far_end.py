"""The far end of a line's check: a browser's stand-in measures with the real process."""

import asyncio
import re
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from signaling.media.echo import COMES, DOWN, MOST_SENT, TRIP, UP
from signaling.media.pool import COMING, FarEnds, with_address
from signaling.turn import Relay
from telehealth.domain.errors import BadInput, ManyTesting

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Browser:
    """What a browser does in a check, by the same library as the far end."""

    connection: RTCPeerConnection = field(
        default_factory=lambda: RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
    )
    heard: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    channel: Any = None

    async def offer(self) -> str:
        self.channel = self.connection.createDataChannel("check", ordered=False, maxRetransmits=0)
        self.channel.on("message", self.heard.put_nowait)
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def answered(self, sdp: str) -> None:
        opened = asyncio.Event()
        self.channel.on("open", opened.set)
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        async with asyncio.timeout(10):
            await opened.wait()

    async def hears(self, count: int) -> list[bytes]:
        async with asyncio.timeout(10):
            return [await self.heard.get() for _ in range(count)]


GREETING = bytes.fromhex("16feff0000000000000000005a0100004e000000000000004e") + bytes(78)
"""A ClientHello, and no more of it."""


def spray(sdp: str) -> None:
    """Send greetings and junk to every port of the far end from somewhere else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as somebody:
        for host, port in re.findall(r" (\d+\.\d+\.\d+\.\d+) (\d+) typ host", sdp):
            for junk in (GREETING, bytes(100), b"\x17\xfe\xfd" + bytes(60), b"") * 20:
                somebody.sendto(junk, (host, int(port)))


@pytest.fixture
async def far_ends() -> AsyncIterator[FarEnds]:
    made = FarEnds(Relay(("turn:relay.example",), b"secret"), peers=2)
    yield made
    await made.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    made = Browser()
    yield made
    await made.connection.close()


async def test_what_is_sent_comes_back_as_it_was_asked_for(far_ends: FarEnds, browser: Browser) -> None:
    """All of it on one connection, whoever else sends there; what is no question gets no answer."""
    sdp = await far_ends.answer(await browser.offer(), "here")
    spray(sdp)
    await browser.answered(sdp)
    spray(sdp)
    for junk in ("text", b"", b"\x07" + bytes(20), bytes(1300)):
        browser.channel.send(junk)
    browser.channel.send(struct.pack("!BI", TRIP, 70_000) + bytes(35))
    [echo] = await browser.hears(1)
    assert (echo[:5], len(echo)) == (struct.pack("!BI", TRIP, 70_000), 40)
    browser.channel.send(struct.pack("!BI", UP, 3) + bytes(995))
    [stamp] = await browser.hears(1)
    assert (stamp[:5], len(stamp)) == (struct.pack("!BI", UP, 3), 9)
    order = struct.pack("!BIHHH", DOWN, 10, 3, 500, 20)
    browser.channel.send(order)
    browser.channel.send(order)  # it might have been lost
    train = await browser.hears(3)
    assert sorted(struct.unpack_from("!BI", each)[1] for each in train) == [10, 11, 12]
    stamps = sorted(struct.unpack_from("!I", each, 5)[0] for each in train)
    assert stamps[-1] - stamps[0] >= 35
    browser.channel.send(struct.pack("!BIHHH", DOWN, 20, 65535, 65535, 0))
    got = 0
    with suppress(TimeoutError):  # on a busy machine some are lost; nothing is sent again
        while True:
            async with asyncio.timeout(2):
                got += len(await browser.heard.get())
    assert MOST_SENT / 4 < got <= MOST_SENT, "each check has its share of the line, whatever it orders"


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not so():  # noqa: ASYNC110 (another process is waited for)
            await asyncio.sleep(0.02)


async def test_a_few_check_at_a_time_and_what_is_no_offer_takes_no_place(far_ends: FarEnds) -> None:
    """And the end of the process, whoever brought it about, is the end of these checks only."""
    for offer in ("", "junk", "v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 0\n", "v=0\nm=application x\n"):
        with pytest.raises(BadInput):
            await far_ends.answer(offer, "here")
        assert far_ends.busy == 0
    first, second, third = Browser(), Browser(), Browser()
    await first.answered(await far_ends.answer(await first.offer(), "here"))
    await far_ends.answer(await second.offer(), "here")
    with pytest.raises(ManyTesting):
        await far_ends.answer(await third.offer(), "here")
    await first.connection.close()
    await until(lambda: far_ends.busy == 1)
    process = far_ends.process
    assert process is not None
    process.kill()
    await until(lambda: far_ends.process is not process)
    assert far_ends.busy == 0
    await third.connection.close()
    fourth = Browser()
    await fourth.answered(await far_ends.answer(await fourth.offer(), "here"))
    for each in (second, fourth):
        await each.connection.close()


async def test_who_only_asks_takes_few_places_and_not_for_long() -> None:
    """Two of one address wait for their browsers, for some seconds; a check that goes on counts no more."""
    far_ends = FarEnds(Relay(), peers=6)
    asking, coming = Browser(), Browser()
    offer = await asking.offer()
    await coming.answered(await far_ends.answer(await coming.offer(), "here"))
    began = time.monotonic()
    for _ in range(COMING):
        await far_ends.answer(offer, "here")
    with pytest.raises(ManyTesting):
        await far_ends.answer(offer, "here")
    await far_ends.answer(offer, "there")
    async with asyncio.timeout(COMES + 6):
        while far_ends.busy > 1:  # noqa: ASYNC110 (another process is waited for)
            await asyncio.sleep(0.02)
    assert time.monotonic() - began >= COMES
    coming.channel.send(struct.pack("!BI", UP, 3))
    assert len(await coming.hears(1)) == 1, "whose browser has come goes on"
    await far_ends.answer(offer, "here")
    for each in (asking, coming):
        await each.connection.close()
    await far_ends.close()


async def test_the_far_end_rests_when_nobody_checks() -> None:
    """Its libraries take more memory than the idle server may; who checks while it goes asks another one."""
    far_ends = FarEnds(Relay(), idle=0)
    for _ in range(2):
        with pytest.raises(BadInput):
            await far_ends.answer("junk", "here")
        await until(lambda: far_ends.process is None)
    await far_ends.close()


def test_the_relay_is_open_for_a_minute() -> None:
    [server] = FarEnds(Relay(("turn:relay.example",), b"secret")).relays("a", NOW)
    assert server["username"].startswith(f"{int(NOW.timestamp()) + 60}:")
    assert FarEnds(Relay()).relays("a", NOW) == []


def test_behind_a_nat_the_address_that_the_world_knows_is_told() -> None:
    own = ("10.0.0.5 4000", "fd00::2 4001")
    sdp = "\r\n".join(["v=0", *(f"a=candidate:1 1 udp 2130706431 {each} typ host" for each in own)])
    told = with_address(sdp, "192.0.2.7").splitlines()
    assert told[1].split(" ")[4:6] == ["192.0.2.7", "4000"]
    assert told[2].split(" ")[4:6] == ["fd00::2", "4001"]
