"""The call: both sides take their seats, introduce their peers through the server, and hear and see."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from signaling.announcements import Relayed
from signaling.client import SignalSocket
from signaling.media.allocation import allocate, relays_of
from signaling.media.peer import Introduction, ProbePeer
from signaling.messages import Content, Description, Enter, Probe, Signal
from telehealth.probe.arriving import Sockets
from telehealth.probe.http import Caller
from telehealth.probe.timeline import Timeline
from telehealth.probe.trouble import Trouble

SOUNDS = 50
"""Audible blocks of 20 ms that each side must decode."""
PICTURES = 10
"""Moving pictures that each side must decode."""
OFFER = "probe-1"


class Side:
    """One side of the call: a seat in the room and a peer."""

    def __init__(self, name: str, socket: SignalSocket, ack: dict[str, Any]) -> None:
        self.name = name
        self.epoch: int = ack["epoch"]
        self.ice: list[dict[str, Any]] = ack["ice"]
        self.relay_only: bool = ack["relayOnly"]
        self.peer = ProbePeer(self.ice, relay_only=self.relay_only)
        self._socket = socket
        self._sent = 0

    async def offer(self) -> None:
        """Send the offer and its candidates."""
        await self._introduce("offer", await self.peer.offer())

    async def follow(self) -> None:
        """Take what the other side sends, in its order, until cancelled or the socket breaks."""
        async for message in self._socket.messages():
            if isinstance(message, Relayed) and message.epoch == self.epoch:
                await self._take(message.content)

    async def _take(self, content: Content) -> None:
        if not isinstance(content, Description):
            await self.peer.add(content)
        elif content.id != OFFER:
            raise Trouble(f"the {self.name}'s side was sent a description of another offer")
        elif content.kind == "offer":
            await self._introduce("answer", await self.peer.answer(content.sdp))
        else:
            await self.peer.accept(content.sdp)

    async def _introduce(self, kind: str, told: Introduction) -> None:
        contents: list[Content] = [Description(kind, OFFER, told.sdp), *told.candidates, told.end]
        for content in contents:
            self._sent += 1
            await self._socket.say(Signal(self.epoch, self._sent, content))

    def tally(self) -> str:
        """Say what this side has decoded so far."""
        seen = self.peer.seen
        return (
            f"the {self.name}'s side decoded {seen.sounds} of {SOUNDS} sounds "
            f"and {seen.pictures} of {PICTURES} pictures"
        )


@asynccontextmanager
async def calling(
    staff: Caller, sockets: Sockets, visit: str, timeline: Timeline, *, turn: bool
) -> AsyncGenerator[None]:
    """Connect both sides and see that media flow; what is done inside is done during the call."""
    async with AsyncExitStack() as hanging_up:
        async with timeline.step("enter"):
            specialist, patient = await _enter(sockets, visit, hanging_up)
        if turn:
            await _try_relays(staff, specialist, timeline)
        async with timeline.step("connect", seconds=30) as step:
            step.waits_for = lambda: "the two sides found no way to each other"
            await _connect(specialist, patient)
        await _exchange(sockets, specialist, patient, timeline)
        yield


async def _enter(sockets: Sockets, visit: str, hanging_up: AsyncExitStack) -> tuple[Side, Side]:
    sides = []
    for name, socket, named in (
        ("specialist", sockets.specialist, visit),
        ("patient", sockets.patient, None),
    ):
        ack = await socket.say(Enter(named, 0, 0))
        missing = {"epoch", "ice", "relayOnly"} - ack.keys()
        if missing:
            raise Trouble(f"the acknowledgement of 'enter' has no '{min(missing)}'")
        side = Side(name, socket, ack)
        hanging_up.push_async_callback(side.peer.close)
        sides.append(side)
    specialist, patient = sides
    if specialist.epoch != patient.epoch:
        raise Trouble(f"the two sides were given epochs {specialist.epoch} and {patient.epoch}")
    return specialist, patient


async def _try_relays(staff: Caller, side: Side, timeline: Timeline) -> None:
    """Ask every TURN server that is handed out for an address, and say what came of it."""
    relays = relays_of(side.ice)
    async with timeline.step("turn", seconds=5 + 6 * len(relays)) as step:
        for relay in relays:
            given = await allocate(relay, staff.tls)
            timeline.note(f"{relay.url} gives the relayed address {given.host}, port {given.port}.")
            for remark in given.remarks:
                timeline.note(f"But {remark}.")
        step.detail = (
            f"{len(relays)} relays work" if relays else "no TURN server is handed out: calls go direct only"
        )


async def _connect(specialist: Side, patient: Side) -> None:
    """Introduce the two to each other; the specialist offers."""

    async def both() -> None:
        await specialist.offer()
        await asyncio.gather(specialist.peer.connected(), patient.peer.connected())

    await _unless_trouble(both(), specialist.follow(), patient.follow())


async def _exchange(sockets: Sockets, specialist: Side, patient: Side, timeline: Timeline) -> None:
    """Wait until each side has heard and seen the other; the sockets must answer meanwhile."""
    async with timeline.step("media", seconds=30) as step:
        step.waits_for = lambda: f"{specialist.tally()}, {patient.tally()}"
        await asyncio.gather(
            *(side.peer.received(SOUNDS, PICTURES) for side in (specialist, patient)),
            *(socket.say(Probe(1)) for socket in (sockets.specialist, sockets.patient)),
        )
        step.detail = f"each side decoded {SOUNDS} sounds and {PICTURES} pictures of the other"


async def _unless_trouble(work: Coroutine[Any, Any, None], *beside: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end; what is `beside` it never ends by itself, and its trouble ends everything."""
    working = asyncio.ensure_future(work)
    tasks = [working, *(asyncio.ensure_future(each) for each in beside)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
