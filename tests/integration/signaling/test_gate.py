"""Before the upgrade: who is turned away, with which words, and that nothing of Socket.IO runs for them."""

import asyncio

import aiohttp
import pytest

from signaling.limits import Rate
from telehealth.domain.access import Actor
from telehealth.domain.notices import SessionsEnded
from tests.integration.signaling.house import (
    ORIGIN,
    PATIENT,
    STAFF,
    VISIT,
    House,
    Served,
    serving,
    tight,
)
from tests.integration.signaling.raw import Raw

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
ADDRESS = "/socket.io/?EIO=4&transport=websocket"


async def answer(
    served: Served, headers: dict[str, str], path: str = ADDRESS, method: str = "GET"
) -> tuple[int, str]:
    """Return status and code; 101 and an empty code for a connection that came to be."""
    async with aiohttp.ClientSession() as session:
        try:
            async with session.request(method, served.url + path, headers={**HANDSHAKE, **headers}) as got:
                if got.status == 101:
                    return 101, ""
                assert got.content_type == "application/problem+json"
                problem = await got.json()
                assert set(problem) == {"type", "title", "status", "code", "detail"}
                assert problem["status"] == got.status
                assert served.server.connections().sockets == 0
                return got.status, problem["code"]
        except aiohttp.ClientError:
            return 0, ""


async def connects(served: Served, headers: dict[str, str], visit: str | None = None) -> bool:
    try:
        raw = await Raw.connect(served, headers, visit=visit)
    except aiohttp.WSServerHandshakeError:
        return False
    await raw.close()
    return True


@pytest.mark.parametrize(
    "path,method",
    [
        ("/socket.io/?EIO=4&transport=polling", "GET"),
        ("/socket.io/?EIO=4&transport=polling", "POST"),
        ("/socket.io/?EIO=4", "GET"),
        ("/socket.io/?EIO=3&transport=websocket", "GET"),
        ("/socket.io/?EIO=4&transport=websocket&sid=abc", "GET"),
        ("/socket.io/?EIO=4&transport=polling&sid=abc", "GET"),
        ("/socket.io/?EIO=4&transport=websocket&j=1", "GET"),
        (ADDRESS, "POST"),
        (ADDRESS, "OPTIONS"),
        (ADDRESS, "DELETE"),
    ],
)
async def test_anything_but_a_fresh_websocket_is_refused(served: Served, path: str, method: str) -> None:
    assert await answer(served, STAFF, path, method) == (400, "websocket-only")


@pytest.mark.parametrize("missing", sorted(HANDSHAKE))
async def test_a_handshake_with_a_hole_is_refused(served: Served, missing: str) -> None:
    holed = {"Connection": "keep-alive"} if missing == "Connection" else {missing: ""}
    assert await answer(served, {**STAFF, **holed}) == (400, "websocket-only")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        ORIGIN + ".evil.example",
        "http://visits.example.org",
        ORIGIN + ":8443",
    ],
)
async def test_a_page_from_elsewhere_is_refused(served: Served, origin: str) -> None:
    assert await answer(served, {**STAFF, "Origin": origin}) == (403, "bad-origin")


async def test_our_own_page_and_a_client_without_origin_come_in(served: Served) -> None:
    assert await connects(served, {**STAFF, "Origin": ORIGIN})
    assert await connects(served, STAFF)
    assert await connects(served, PATIENT, VISIT)


@pytest.mark.parametrize(
    "headers,query",
    [
        ({}, ""),
        ({"Cookie": "staff=nobody"}, ""),
        ({"Cookie": "visit=bo"}, ""),
        ({"Cookie": "visit=bo"}, "&visit=another-visit"),
        ({"Cookie": "visit=cy"}, f"&visit={VISIT}"),
        ({"Cookie": "visit=bo"}, "&visit=" + "v" * 65),
        ({"Cookie": "other=bo"}, f"&visit={VISIT}"),
    ],
)
async def test_a_stranger_is_refused(served: Served, headers: dict[str, str], query: str) -> None:
    assert await answer(served, headers, ADDRESS + query) == (401, "not-signed-in")


async def test_one_address_may_connect_sixty_times_a_minute() -> None:
    async with serving(tight(connects_of_session=Rate(100, 100))) as served:
        served.clock.stop()
        for _ in range(60):
            assert await answer(served, {}) == (401, "not-signed-in")
        assert await answer(served, STAFF) == (429, "too-fast")
        assert await connects(served, {**STAFF, "X-Test-Address": "127.0.0.9"})
        served.clock.turn(1)
        assert await connects(served, STAFF)


async def test_one_session_may_connect_ten_times_a_minute(served: Served) -> None:
    for _ in range(10):
        assert await connects(served, STAFF)
    async with (
        aiohttp.ClientSession() as session,
        session.get(served.url + ADDRESS, headers={**HANDSHAKE, **STAFF}) as refused,
    ):
        assert refused.status == 429
        assert int(refused.headers["Retry-After"]) > 0
    assert await connects(served, {"Cookie": "staff=amara2"})
    served.clock.turn(6)
    assert await connects(served, STAFF)


async def test_who_has_no_cookie_uses_up_nobodys_session(served: Served) -> None:
    for _ in range(20):
        await answer(served, {**STAFF, "Origin": "https://evil.example"})
    assert await connects(served, STAFF)


async def test_old_counts_are_forgotten(served: Served) -> None:
    await connects(served, STAFF)
    served.clock.turn(61)
    served.server.tick()
    assert len(served.server._gate._addresses) == len(served.server._gate._sessions) == 0


async def test_a_server_that_is_full_or_draining_says_so() -> None:
    async with serving(tight(connections=0)) as served:
        assert await answer(served, STAFF) == (503, "draining")
    async with serving() as served:
        await served.server.drain()
        assert await answer(served, STAFF) == (503, "draining")


class BrokenHouse(House):
    async def staff(self, token: str) -> Actor | None:
        raise OSError("the database is away")


async def test_a_house_that_fails_is_no_open_door() -> None:
    async with serving(house=BrokenHouse()) as served:
        assert await answer(served, STAFF) == (503, "draining")


async def test_a_session_that_ends_between_upgrade_and_connect_does_not_get_in(served: Served) -> None:
    raw = await Raw.connect(served, STAFF, hello=False)
    await served.server.announce(SessionsEnded(("session-amara",)))
    await raw.send("40")
    assert (await raw.frame()).startswith("44")
    assert served.server.connections().connections == 0
    assert await raw.is_cut()
    await raw.close()


async def test_what_connect_says_about_itself_counts_nothing(served: Served) -> None:
    raw = await Raw.connect(served, PATIENT, visit=VISIT, hello=False)
    await raw.send('40{"token":"staff=amara","visit":"another"}')
    await raw.frame()
    await raw.emit("watch", {}, number=1)
    assert "not-permitted" in await raw.frame()
    await raw.close()


async def test_a_drain_says_good_bye_and_is_over_in_time(served: Served) -> None:
    polite = await Raw.connect(served, PATIENT, visit=VISIT)
    silent = await Raw.connect(served, STAFF, hello=False)
    async with asyncio.timeout(10):
        await asyncio.gather(served.server.drain(), served.server.drain())
    assert await polite.frame() == '42["draining",{"retry":2}]'
    assert served.server.connections().sockets == 0
    for raw in (polite, silent):
        assert await raw.is_cut()
        await raw.close()


async def test_a_drain_tells_nobody_that_the_other_left(served: Served) -> None:
    bo = await Raw.connect(served, PATIENT, visit=VISIT)
    amara = await Raw.connect(served, STAFF)
    await bo.emit("enter", {"epoch": 0, "since": 0})
    await amara.emit("enter", {"visit": VISIT, "epoch": 0, "since": 0})
    await served.server.settled()
    await asyncio.sleep(0.1)
    told = len(served.house.told)
    await served.server.drain()
    frames = []
    while (message := await bo.socket.receive()).type is aiohttp.WSMsgType.TEXT:
        frames.append(message.data)
    assert not any('"here":false' in frame for frame in frames)
    await served.server.settled()
    assert len(served.house.told) == told
    await bo.close()
    await amara.close()
