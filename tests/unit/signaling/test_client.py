"""The probes' Socket.IO client, against a server that speaks the wire by script."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from aiohttp.web import Application, HTTPUnauthorized, Request, StreamResponse, WebSocketResponse

from signaling.announcements import Ended, Visit
from signaling.client import SignalSocket, SocketTrouble
from signaling.messages import Probe, Watch

Talk = Callable[[WebSocketResponse], Awaitable[None]]
VISIT = '42["visit",{"visit":"v1","status":"%s","changed":"2026-11-23T09:31:07Z"}]'


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[tuple[ClientSession, str]]:
    async def handler(request: Request) -> StreamResponse:
        assert request.query["EIO"] == "4"
        assert request.query["transport"] == "websocket"
        socket = WebSocketResponse()
        await socket.prepare(request)
        await talk(socket)
        await socket.close()
        return socket

    app = Application()
    app.router.add_get("/socket.io/", handler)
    async with TestServer(app) as server, ClientSession() as session:
        yield session, str(server.make_url("")).rstrip("/")


async def welcome(socket: WebSocketResponse) -> None:
    await socket.send_str('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}')
    assert await socket.receive_str() == "40"
    await socket.send_str('40{"sid":"b"}')


def scripted(*says: str, until_closed: bool = True) -> Talk:
    async def talk(socket: WebSocketResponse) -> None:
        await welcome(socket)
        for each in says:
            await socket.send_str(each)
        if until_closed:
            await socket.receive()

    return talk


async def answering(socket: WebSocketResponse) -> None:
    """Acknowledge every event: `probe` with its number, everything else with a refusal."""
    await welcome(socket)
    async for frame in socket:
        number, event, body = frame.data[2], *json.loads(frame.data[3:])
        told = (
            {"ok": True, **body}
            if event == "probe"
            else {"ok": False, "code": "not-permitted", "detail": "No."}
        )
        await socket.send_str(f"43{number}{json.dumps([told])}")


async def test_an_event_is_acknowledged_under_its_own_number() -> None:
    async with serving(answering) as (session, url):
        socket = await SignalSocket.open(session, url)
        assert await asyncio.gather(socket.say(Probe(7)), socket.say(Probe(8))) == [
            {"ok": True, "n": 7},
            {"ok": True, "n": 8},
        ]
        await socket.close()


async def test_a_refusal_has_the_servers_code_and_words() -> None:
    async with serving(answering) as (session, url):
        socket = await SignalSocket.open(session, url)
        with pytest.raises(SocketTrouble, match="No") as refused:
            await socket.say(Watch())
        assert refused.value.code == "not-permitted"
        await socket.close()


async def test_what_came_before_anyone_asked_is_not_lost() -> None:
    ended = '42["ended",{"visit":"v1","reason":"ended"}]'
    async with serving(scripted(VISIT % "waiting", VISIT % "in-progress", ended)) as (session, url):
        socket = await SignalSocket.open(session, url)
        assert (await socket.first(Ended)).reason == "ended"
        assert (await socket.first(Visit)).status == "waiting"
        assert (await socket.first(Visit, lambda told: told.status == "in-progress")).visit == "v1"
        await socket.close()


async def test_a_ping_is_answered() -> None:
    heard = asyncio.Event()

    async def talk(socket: WebSocketResponse) -> None:
        await welcome(socket)
        await socket.send_str("2")
        if await socket.receive_str() == "3":
            heard.set()

    async with serving(talk) as (session, url):
        socket = await SignalSocket.open(session, url)
        async with asyncio.timeout(5):
            await heard.wait()
        await socket.close()


@pytest.mark.parametrize("last", ["41", "1"])
async def test_a_closed_connection_ends_whatever_waits_for_it(last: str) -> None:
    async with serving(scripted(last)) as (session, url):
        socket = await SignalSocket.open(session, url)
        with pytest.raises(SocketTrouble, match="closed the socket"):
            await socket.first(Ended)
        with pytest.raises(SocketTrouble, match="closed the socket"):
            await socket.say(Probe(1))
        await socket.close()


async def test_an_event_that_is_never_acknowledged_ends_with_the_connection() -> None:
    async def talk(socket: WebSocketResponse) -> None:
        await welcome(socket)
        await socket.receive()

    async with serving(talk) as (session, url):
        socket = await SignalSocket.open(session, url)
        with pytest.raises(SocketTrouble, match="closed the socket"):
            await socket.say(Probe(1))
        await socket.close()


@pytest.mark.parametrize("said", ['42["gossip",{}]', '42["visit",{"visit":7}]', "42nonsense", '42["visit"]'])
async def test_what_the_protocol_does_not_know_is_trouble(said: str) -> None:
    async with serving(scripted(said)) as (session, url):
        socket = await SignalSocket.open(session, url)
        with pytest.raises(SocketTrouble, match="does not know"):
            await socket.first(Visit)
        await socket.close()


async def test_a_refused_handshake_names_the_status() -> None:
    async def refuse(request: Request) -> StreamResponse:
        raise HTTPUnauthorized

    app = Application()
    app.router.add_get("/socket.io/", refuse)
    async with TestServer(app) as server, ClientSession() as session:
        with pytest.raises(SocketTrouble, match="refused the socket with status 401"):
            await SignalSocket.open(session, str(server.make_url("")).rstrip("/"))


@pytest.mark.parametrize("answer", ['44{"message":"no"}', "1", "nothing"])
async def test_a_refused_connect_lets_nobody_in(answer: str) -> None:
    async def talk(socket: WebSocketResponse) -> None:
        await socket.send_str('0{"sid":"a"}')
        await socket.receive_str()
        await socket.send_str(answer)

    async with serving(talk) as (session, url):
        with pytest.raises(SocketTrouble, match="does not let the socket in"):
            await SignalSocket.open(session, url)


async def test_a_server_that_hangs_up_at_once_is_told() -> None:
    async def talk(socket: WebSocketResponse) -> None:
        return

    async with serving(talk) as (session, url):
        with pytest.raises(SocketTrouble, match="before it was connected"):
            await SignalSocket.open(session, url)


async def test_an_address_where_nobody_listens_is_told() -> None:
    async with ClientSession() as session:
        with pytest.raises(SocketTrouble, match="could not be opened"):
            await SignalSocket.open(session, "http://127.0.0.1:9")
