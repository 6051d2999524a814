"""Pairs of Socket.IO clients that send signals to each other, each from an address of its own in 127.0.0.0/8.

The frames are Socket.IO's; the client does no more than it must (it tells frames apart and reads no JSON),
so that on two cores the server is what is measured.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter

import aiohttp

EVENTS_PER_SECOND = 38.0
"""Below the 40 that the shipped limits allow each connection."""
SIZE = 2000
PATIENCE = 10.0


class Unexpected(Exception):
    """A server refused or lost what it had to pass on; the text is its frame."""


@dataclass(frozen=True, slots=True)
class Way:
    """How one client comes in: the server, its own address, its cookie, the visit, and what it asks first."""

    url: str
    address: str
    cookie: str
    visit: str
    enter: str = ""


@dataclass(slots=True)
class Talker:
    """One side of a pair. `answered` is set when the last signal was acknowledged and has arrived."""

    socket: aiohttp.ClientWebSocketResponse
    peer: "Talker | None" = None
    seq: int = 0
    sent_at: float = 0.0
    waiting: int = 0
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    delays: list[float] = field(default_factory=list)
    trouble: str = ""

    async def say(self) -> None:
        """Send one signal and wait until it is acknowledged and the other side has it."""
        self.seq += 1
        self.waiting = 2
        self.answered.clear()
        self.sent_at = perf_counter()
        await self.socket.send_str(signal(self.seq))
        try:
            async with asyncio.timeout(PATIENCE):
                await self.answered.wait()
        except TimeoutError:
            raise Unexpected(self.trouble or f"signal {self.seq} was not passed on") from None

    def step(self) -> None:
        """Count the acknowledgement or the arrival."""
        self.waiting -= 1
        if self.waiting == 0:
            self.answered.set()

    async def listen(self) -> None:
        """Take what comes until the connection ends."""
        async for message in self.socket:
            frame: str = message.data
            if frame.startswith("43"):
                if '"ok":true' not in frame:
                    self.trouble = frame
                    continue
                self.step()
            elif frame.startswith('42["signal"') and self.peer is not None:
                self.peer.delays.append(perf_counter() - self.peer.sent_at)
                self.peer.step()
            elif frame == "2":
                await self.socket.send_str("3")


def signal(seq: int) -> str:
    """Return the frame of one offer of 2 kB, asking for acknowledgement number `seq`."""
    head = f'42{seq}["signal",{{"epoch":1,"seq":{seq},"kind":"offer","id":"offer-{seq}","sdp":"'
    return f'{head}{SDP[: SIZE - len(head) - 3]}"}}]'


SDP = "v=0\\r\\n" + "a=rtpmap:111 opus/48000/2    " * 100
"""Text of an SDP's kind, as it stands in JSON; cutting it anywhere leaves it readable."""


async def come_in(session: aiohttp.ClientSession, way: Way) -> Talker:
    """Connect one client as far as it can speak."""
    socket = await session.ws_connect(
        f"{way.url}/socket.io/?EIO=4&transport=websocket&visit={way.visit}",
        headers={"Cookie": way.cookie} if way.cookie else {},
        max_msg_size=0,
    )
    await expect(socket, "0")
    await socket.send_str("40")
    await expect(socket, "40")
    if way.enter:
        await socket.send_str(f'420["enter",{way.enter}]')
        while not (frame := await socket.receive_str(timeout=PATIENCE)).startswith("430"):
            pass
        if '"ok":true' not in frame or '"epoch":1' not in frame:
            raise Unexpected(frame)
    return Talker(socket)


async def expect(socket: aiohttp.ClientWebSocketResponse, start: str) -> None:
    """Receive one frame of the handshake."""
    frame = await socket.receive_str(timeout=PATIENCE)
    if not frame.startswith(start):
        raise Unexpected(frame)


@dataclass(slots=True)
class Crowd:
    """All pairs of one server."""

    talkers: list[Talker] = field(default_factory=list)
    closing: list[Callable[[], Awaitable[object]]] = field(default_factory=list)

    async def add(self, ways: tuple[Way, Way]) -> None:
        """Let a pair come in."""
        pair = []
        for way in ways:
            connector = aiohttp.TCPConnector(local_addr=(way.address, 0))
            session = aiohttp.ClientSession(connector=connector)
            self.closing.append(session.close)
            pair.append(await come_in(session, way))
        for one, other in (pair, reversed(pair)):
            one.peer = other
            listening = asyncio.create_task(one.listen())
            self.closing.append(one.socket.close)
            one.socket._bench = listening  # type: ignore[attr-defined]  # keeps the task alive
        self.talkers += pair

    async def talk(self, seconds: float, per_second: float) -> list[float]:
        """Let everybody speak, at most so often; return how long each signal took to the other side."""
        for each in self.talkers:
            each.delays.clear()
        began = perf_counter()
        until, gap = began + seconds, 1 / per_second

        async def speak(talker: Talker, first: float) -> None:
            due = began + first
            while due < until:
                await asyncio.sleep(max(0.0, due - perf_counter()))
                if perf_counter() >= until:
                    return
                await talker.say()
                due = max(due + gap, perf_counter())

        spread = [gap * number / len(self.talkers) for number in range(len(self.talkers))]
        await asyncio.gather(*(speak(each, at) for each, at in zip(self.talkers, spread, strict=True)))
        return [delay for each in self.talkers for delay in each.delays]

    async def close(self) -> None:
        """Let everybody go."""
        await asyncio.gather(*(close() for close in reversed(self.closing)))
