"""coturn with the configuration that we write: whom it lets in, what they get, where it leads nobody."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aioice import stun

from signaling.media import allocation
from signaling.media.allocation import Given, NoRelay, RelayServer, allocate, relays_of
from signaling.turn import Relay, ice_servers
from telehealth.opening import SystemClock
from telehealth.relay.beside import Beside
from telehealth.relay.configuration import OF_ONE
from telehealth.relay.troubles import troubles
from tests.conftest import is_missing
from tests.fakes import FakeClock
from tests.services import programs
from tests.services.relay import beyond, certified, relay_in, running_relay

NOW = SystemClock().now()


@pytest.fixture(scope="module")
def program() -> str:
    found = programs.coturn()
    if found is None:
        is_missing("coturn")
    return found


@pytest.fixture(scope="module")
def demo(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """The relay beside a demo with a certificate."""
    folder = tmp_path_factory.mktemp("demo")
    certificate, key = certified(folder, NOW)
    made = relay_in(folder, tls_cert=certificate, tls_key=key)
    with running_relay(program, made):
        yield made


@pytest.fixture(scope="module")
def public(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """A relay as for people elsewhere: no loopback address is open, not even its own."""
    made = beyond(relay_in(tmp_path_factory.mktemp("public")))
    made.write()
    with running_relay(program, made):
        yield made


def server_of(relay: Relay, at: int = 0, who: str = "p") -> RelayServer:
    return relays_of(ice_servers(relay, "visit", who, SystemClock().now()))[at]


async def test_people_get_an_address_by_udp_by_tcp_and_by_tls(demo: Beside) -> None:
    for at, way in enumerate(("transport=udp", "transport=tcp", "turns:")):
        server = server_of(demo.handed_out, at)
        assert way in server.url
        given = await allocate(server, demo.trust())
        assert (given.host, given.remarks) == ("127.0.0.1", ())
        assert 49152 <= given.port <= 65535
    assert await troubles(demo.from_here, SystemClock(), demo.trust()) == []


async def test_a_certificate_of_somebody_else_is_told(demo: Beside) -> None:
    [trouble] = await troubles(demo.from_here, SystemClock())
    assert "turns:127.0.0.1" in trouble
    assert "not trusted" in trouble


async def test_it_understands_every_option_and_says_nothing_of_others(program: str, tmp_path: Path) -> None:
    made = relay_in(tmp_path)
    with running_relay(program, made, "no-such-option\n") as log:
        await allocate(server_of(made.handed_out))
        told = log.read_text()
    unknown = [line for line in told.splitlines() if "Bad configuration format" in line]
    assert unknown
    assert all("no-such-option" in line for line in unknown)


async def test_of_refused_credentials_the_secret_or_the_clock_is_named(demo: Beside) -> None:
    urls = demo.from_here.urls[:1]
    [secret] = await troubles(Relay(urls, b"another"), SystemClock())
    assert "refused with error 401: its secret is not the one" in secret
    [clock] = await troubles(Relay(urls, demo.from_here.secret), FakeClock(NOW - timedelta(hours=3)))
    assert "refused with error 401: its clock is more than 2 h ahead" in clock


async def test_names_of_nobody_and_words_of_others_are_refused(demo: Beside) -> None:
    good = server_of(demo.handed_out)
    other = server_of(demo.handed_out, who="s")
    for bad in (
        replace(good, username=other.username),
        replace(good, username="", credential=""),
        replace(good, username=good.username.replace(":", ":x")),
    ):
        with pytest.raises(NoRelay, match=r"refused with error 40[01]"):
            await allocate(bad)


async def test_a_request_that_was_overheard_is_worth_nothing(demo: Beside) -> None:
    """Whoever copies a whole request and sends it from elsewhere is given no address."""
    sent: list[bytes] = []
    async with allocation._client(server_of(demo.handed_out), None) as client:
        send = client._send
        client._send = lambda data: (sent.append(data), send(data))
        await client.connect()
        await client.delete()
    where = ("127.0.0.1", demo.settings.port)
    overheard = stun.parse_message(sent[1])
    assert {"USERNAME", "NONCE", "MESSAGE-INTEGRITY"} <= set(overheard.attributes)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
        elsewhere.settimeout(5)
        elsewhere.sendto(sent[1], where)
        answer = stun.parse_message(await asyncio.to_thread(elsewhere.recv, 2000))
    assert answer.message_class is stun.Class.ERROR
    assert answer.attributes["ERROR-CODE"][0] in {401, 438}


async def permitted(client: Any, *peers: str) -> list[bool]:
    return [await allocation._permitted(client, peer) for peer in peers]


CLOSED = ["10.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1"]
IN_IPV6 = [
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "fd00::1",
    "fe80::1",
]


async def test_nobody_reaches_what_is_behind_it(public: Beside) -> None:
    async with allocation._client(server_of(public.handed_out), None) as client:
        await client.connect()
        assert await permitted(client, "1.1.1.1") == [True], "people elsewhere are reached"
        peers = ["127.0.0.1", "127.0.0.2", *CLOSED, *IN_IPV6]
        assert await permitted(client, *peers) == [False] * len(peers)
        await client.delete()


async def test_on_one_machine_nothing_else_is_reached_either(demo: Beside) -> None:
    async with allocation._client(server_of(demo.handed_out), None) as client:
        await client.connect()
        assert await permitted(client, "127.0.0.1") == [True]
        peers = ["127.0.0.2", *CLOSED, *IN_IPV6]
        assert await permitted(client, *peers) == [False] * len(peers)
        await client.delete()


async def test_by_ipv6_nobody_reaches_ipv4_behind_it(program: str, tmp_path: Path) -> None:
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    made = beyond(relay_in(tmp_path))
    made = replace(made, settings=replace(made.settings, relay="::1"))
    made.write()
    with running_relay(program, made, "allocation-default-address-family=ipv6\n"):
        async with allocation._client(server_of(made.handed_out), None) as client:
            assert (await client.connect())[0] == "::1"
            assert await permitted(client, "2600::1") == [True]
            assert await permitted(client, *IN_IPV6) == [False] * len(IN_IPV6)
            await client.delete()


async def test_a_relay_that_keeps_its_own_people_apart_is_told(public: Beside) -> None:
    [remark] = (await allocate(server_of(public.handed_out))).remarks
    assert "keeps two people apart" in remark


async def test_one_person_has_so_many_addresses_and_no_more(public: Beside) -> None:
    server = server_of(public.handed_out, who="greedy")
    async with AsyncExitStack() as stack:
        for _ in range(OF_ONE):
            client = await stack.enter_async_context(allocation._client(server, None))
            await client.connect()
            stack.push_async_callback(client.delete)
        with pytest.raises(NoRelay, match="refused with error 486: a quota is used up"):
            await allocate(server)
        assert isinstance(await allocate(server_of(public.handed_out, who="modest")), Given)
