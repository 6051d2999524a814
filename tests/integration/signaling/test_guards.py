"""Each known defect of the libraries is closed, and the attack works where its guard is taken away.

If an attack stops working without its guard, the library has healed: the guard may go.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import aiohttp
import pytest

from signaling import gate, guards
from signaling.frames import CountedSocket
from signaling.limits import Limits, Rate
from tests.integration.signaling.house import (
    FRESH,
    GENEROUS,
    PATIENT,
    STAFF,
    VISIT,
    Served,
    offer,
    remains,
    serving,
    tight,
)
from tests.integration.signaling.raw import IMPATIENT, Raw

Attack = Callable[[Served, float], Awaitable[bool]]
"""Takes the seconds to wait for the connection to be cut; returns whether the attack worked."""

GUARDED = 5.0
UNGUARDED = 0.3


def frames(*sent: str | bytes) -> Attack:
    """An attack that works when these frames leave the connection open."""

    async def attack(served: Served, patience: float) -> bool:
        raw = await Raw.connect(served, PATIENT, visit=VISIT)
        await raw.send(*sent)
        cut = await raw.is_cut(patience)
        await raw.close()
        return not cut

    return attack


async def junk(served: Served, patience: float) -> bool:
    """Leave a ghost: somebody who is listed as connected and has no socket."""
    raw = await Raw.connect(served, PATIENT, visit=VISIT)
    await raw.send("x")
    await raw.is_cut(patience)
    await raw.close()
    return await remains(lambda: served.server.connections().connections > 0)


async def attachments(served: Served, patience: float) -> bool:
    """Make the server keep a heap of attachments for one event."""
    raw = await Raw.connect(served, PATIENT, visit=VISIT)
    with suppress(ConnectionError, aiohttp.ClientError):
        await raw.send('451000-["probe",{"_placeholder":true,"num":0}]', *[b"x" * 60_000] * 50)

    def few() -> bool:
        packets = served.server._wire._binary_packet.values()
        return not raw.socket.closed and sum(len(packet.attachments) for packet in packets) <= 40

    reader = asyncio.create_task(raw.is_cut(GUARDED))
    heap = not await remains(few, GUARDED) and not raw.socket.closed
    reader.cancel()
    await raw.close()
    return heap


async def not_reading(served: Served, patience: float) -> bool:
    """Sit in a room, read nothing, and let the other side fill the server's memory."""

    def small(address: Any) -> socket.socket:
        made = socket.socket(address[0], address[1], address[2])
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return made

    amara = await Raw.connect(served, STAFF)
    await amara.emit("enter", FRESH)
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(socket_factory=small))
    address = f"{served.url}/socket.io/?EIO=4&transport=websocket&visit={VISIT}"
    deaf = Raw(session, await session.ws_connect(address, headers=PATIENT, timeout=IMPATIENT))
    await deaf.send("40")
    await deaf.emit("enter", {"epoch": 0, "since": 0})
    while not (await deaf.frame()).startswith('42["roster"'):
        pass
    deaf.socket._response.connection.transport.pause_reading()  # type: ignore[union-attr]
    most = 0
    for seq in range(1, 600):
        await amara.emit("signal", {**offer(1, seq), "sdp": "x" * 40_000})
        waiting = [each.queue.qsize() for each in served.server._wire.eio.sockets.values()]
        most = max([most, *waiting])
        if len(waiting) < 2:
            break
    await amara.close()
    await deaf.close()
    return most > 200


async def never_connecting(served: Served, patience: float) -> bool:
    raw = await Raw.connect(served, PATIENT, visit=VISIT, hello=False)
    cut = await raw.is_cut(patience + 0.5)
    await raw.close()
    return not cut


def wire(*sent: bytes) -> Attack:
    """An attack that works when these bytes, below the library's messages, leave the connection open."""

    async def attack(served: Served, patience: float) -> bool:
        raw = await Raw.connect(served, PATIENT, visit=VISIT)
        transport = raw.socket._response.connection.transport  # type: ignore[union-attr]
        assert transport is not None
        for piece in sent:
            transport.write(piece)
            await asyncio.sleep(0)
        cut = await raw.is_cut(patience)
        await raw.close()
        return not cut

    return attack


def masked(first: int) -> bytes:
    """An empty frame as clients send it: head, then a mask for nothing."""
    return bytes((first, 0x80)) + b"mask"


PING, UNSOLICITED_PONG, BEGINNING, FURTHER = (masked(first) for first in (0x89, 0x8A, 0x01, 0x00))


async def polling(served: Served, patience: float) -> bool:
    """Open a session that anybody who learns its sid can read without a cookie."""
    served.server._wire.eio.transports = ["polling", "websocket"]
    address = f"{served.url}/socket.io/?EIO=4&transport=polling&visit={VISIT}"
    async with aiohttp.ClientSession() as session, session.get(address, headers=PATIENT) as answer:
        return answer.status == 200


async def compressed(served: Served, patience: float) -> bool:
    """Make the server keep 100 KiB of compressor for this connection."""
    address = f"{served.url}/socket.io/?EIO=4&transport=websocket&visit={VISIT}"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address, headers=PATIENT, compress=15) as connected,
    ):
        return connected.compress != 0


async def outstaying(served: Served, patience: float) -> bool:
    """Keep the socket open through a drain by never answering the closing handshake."""
    raw = await Raw.connect(served, PATIENT, visit=VISIT)
    raw.socket._response.connection.transport.pause_reading()  # type: ignore[union-attr]
    await asyncio.wait_for(served.server.drain(), 8)
    left = await remains(lambda: served.server.connections().sockets > 0)
    await raw.close()
    return left


def permissive(name: str, value: object) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(guards, name, value)


def inherited(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.delattr(guards.GuardedServer, name)


def unlimited(**changes: Any) -> Limits:
    return tight(**changes)


ANY_EVENT = permissive("allowed_event", lambda *_: True)
ANY_FRAME = permissive("acceptable", lambda frame: frame is not None)
MUCH = Rate(1e9, 1e9)


def neither_frame_nor_message(patch: pytest.MonkeyPatch) -> None:
    """Two guards stand in the way of this one."""
    ANY_FRAME(patch)
    inherited("_handle_eio_message")(patch)


def never_abort(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guards.GuardedServer, "abort_all", lambda self: None)
    patch.setattr(guards.GuardedServer, "close", lambda self, sid: None)


def with_compression(patch: pytest.MonkeyPatch) -> None:
    real = CountedSocket
    patch.setattr(
        guards, "CountedSocket", lambda allowed, **options: real(allowed, **{**options, "compress": True})
    )


def any_transport(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gate, "is_websocket", lambda request: True)


ATTACKS: dict[str, tuple[Attack, Limits, Callable[[pytest.MonkeyPatch], None] | Limits]] = {
    "a forged disconnect": (frames('42["disconnect","x"]'), tight(), ANY_EVENT),
    "a forged connect": (frames('42["connect",{"HTTP_COOKIE":"staff=amara"}]'), tight(), ANY_EVENT),
    "an unknown event": (frames('42["admin",{}]'), tight(), ANY_EVENT),
    "an event without a name": (frames('42[{"probe":1}]'), tight(), ANY_EVENT),
    "two arguments": (frames('42["probe",{"n":1},{"n":2}]'), tight(), ANY_EVENT),
    "another namespace": (frames('42/admin,["probe",{"n":1}]'), tight(), ANY_EVENT),
    "binary attachments": (attachments, tight(), ANY_FRAME),
    "a binary frame": (frames(b"\x04hello"), tight(), neither_frame_nor_message),
    "an acknowledgement nobody asked for": (frames('431["x"]'), tight(), ANY_FRAME),
    "junk": (junk, tight(), ANY_FRAME),
    "JSON without end": (frames("42" + "[" * 60_000), tight(), inherited("_handle_eio_message")),
    "JSON that is none": (frames('42["probe",{'), tight(), inherited("_handle_eio_message")),
    "a number without end": (frames("42[" + "9" * 5000 + "]"), tight(), inherited("_handle_eio_message")),
    "a message too large": (
        frames('42["probe",{"n":1,"x":"' + "x" * 70_000 + '"}]'),
        tight(),
        unlimited(message_bytes=1_000_000),
    ),
    "a flood of pongs": (frames(*["3"] * 600), tight(), unlimited(frames=MUCH)),
    "a flood of websocket pings": (wire(PING * 600), tight(), unlimited(frames=MUCH)),
    "a flood of websocket pongs": (wire(UNSOLICITED_PONG * 600), tight(), unlimited(frames=MUCH)),
    "a flood in small pieces": (wire(*[PING[:1], PING[1:]] * 600), tight(), unlimited(frames=MUCH)),
    "fragments without end": (wire(BEGINNING + FURTHER * 600), tight(), unlimited(frames=MUCH)),
    "a member who does not read": (
        not_reading,
        GENEROUS,
        unlimited(queued_packets=10**9, events=MUCH, frames=MUCH),
    ),
    "never connecting": (never_connecting, tight(connect_within=0.4), unlimited(connect_within=3600)),
    "three refused connects": (frames(*["40/admin,"] * 3), tight(), unlimited(refused_connects=10**6)),
    "connecting again and again": (frames(*["40"] * 3), tight(), unlimited(refused_connects=10**6)),
    "polling": (polling, tight(), any_transport),
    "compression": (compressed, tight(), with_compression),
    "outstaying a drain": (outstaying, tight(), never_abort),
}


@pytest.mark.parametrize("name", ATTACKS)
async def test_a_guard_holds(name: str) -> None:
    attack, limits, _ = ATTACKS[name]
    async with serving(limits) as served:
        assert not await attack(served, GUARDED)


@pytest.mark.parametrize("name", ATTACKS)
async def test_the_attack_works_without_the_guard(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attack, limits, off = ATTACKS[name]
    if isinstance(off, Limits):
        limits = off
    else:
        off(monkeypatch)
    async with serving(limits) as served:
        assert await attack(served, UNGUARDED)
        served.server._wire.abort_all()
        for line in list(served.server._wire.eio.lines.values()):
            line.abort()


async def sid_is_logged(caplog: pytest.LogCaptureFixture) -> bool:
    caplog.set_level(logging.DEBUG)
    async with serving() as served:
        raw = await Raw.connect(served, PATIENT, visit=VISIT)
        await raw.emit("probe", {"n": 1}, number=1)
        await raw.frame()
        await raw.close()
    return any(raw.open["sid"] in record.getMessage() for record in caplog.records)


async def test_the_bearer_secret_is_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert not await sid_is_logged(caplog)


async def test_the_library_would_log_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "silent_logger", lambda: logging.getLogger("talkative"))
    assert await sid_is_logged(caplog)
