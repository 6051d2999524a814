"""Strangers at the ports of a call, and one member who knows no manners: the call goes on."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aioice import stun
from OpenSSL import SSL

from signaling.media import allocation
from signaling.media.allocation import NoRelay, allocate, relays_of
from signaling.media.peer import Introduction, ProbePeer
from signaling.turn import ice_servers
from telehealth.opening import SystemClock
from telehealth.relay.beside import Beside
from telehealth.relay.configuration import OF_ONE
from tests.conftest import is_missing
from tests.integration.signaling.house import (
    FRESH,
    PATIENT,
    STAFF,
    VISIT,
    Person,
    candidate,
    offer,
    serving,
)
from tests.services import programs
from tests.services.relay import relay_in, running_relay

Door = tuple[str, int]
"""An address and a UDP port."""
ROUNDS = 40
AT_MOST = 200
"""Messages that the other side gets of a flood: the server lets no more through in one epoch."""
HAS = 1
"""Relayed addresses of one peer in its call."""
SOUNDS = 50
"""Blocks of 20 ms that must come in on both sides while strangers do their worst."""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    program = programs.coturn()
    if program is None:
        is_missing("coturn")
    made = relay_in(tmp_path_factory.mktemp("relay"))
    with running_relay(program, made):
        yield made


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
    alert = b"\x15\xfe\xfd\0\0\0\0\0\0\0\x09\0\x02\x02\x00"
    refresh = stun.Message(stun.Method.REFRESH, stun.Class.REQUEST)
    refresh.attributes["LIFETIME"] = 0
    return [
        hello(),
        alert,
        bytes(binding),
        bytes(refresh),
        b"\x80\x6f" + os.urandom(160),
        b"\x80\xc8" + os.urandom(60),
        b"\x40\x00\xff\xff" + os.urandom(8),
        b"",
        os.urandom(1200),
    ]


async def spray(doors: list[Door]) -> None:
    """Send all of it to all of them again and again, from an address that nobody has asked."""
    kinds = rubbish()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for _ in range(ROUNDS):
            for door in doors:
                for each in kinds:
                    stranger.sendto(each, door)
            await asyncio.sleep(0.02)


def doors_of(told: Introduction) -> list[Door]:
    found = [each.candidate.split() for each in told.candidates]
    return [(words[4], int(words[5])) for words in found if ":" not in words[4]]


@asynccontextmanager
async def call(
    servers: Callable[[str], list[dict[str, object]]],
) -> AsyncIterator[tuple[list[ProbePeer], list[Door]]]:
    """Two people who hear and see each other, and where they are reached."""
    async with AsyncExitStack() as stack:
        both = [ProbePeer(servers(who), relay_only=bool(servers(who))) for who in ("s", "p")]
        for peer in both:
            stack.push_async_callback(peer.close)
        amara, bo = both
        offer = await amara.offer()
        answer = await bo.answer(offer.sdp)
        await amara.accept(answer.sdp)
        for peer, told in ((bo, offer), (amara, answer)):
            for found in told.candidates:
                await peer.add(found)
            await peer.add(told.end)
        async with asyncio.timeout(20):
            await asyncio.gather(*(peer.connected() for peer in both))
            await asyncio.gather(*(peer.received(5, 1) for peer in both))
        yield both, doors_of(offer) + doors_of(answer)


async def goes_on(both: list[ProbePeer]) -> None:
    """So much more sound and a further picture come in on both sides."""
    async with asyncio.timeout(20):
        await asyncio.gather(
            *(peer.received(peer.seen.sounds + SOUNDS, peer.seen.pictures + 1) for peer in both)
        )


async def test_junk_and_foreign_handshakes_at_the_ports_of_a_call_do_nothing() -> None:
    async with call(lambda _: []) as (both, doors):
        await asyncio.gather(spray(doors), goes_on(both))
        await goes_on(both)


async def test_junk_at_the_relay_and_stolen_credentials_do_not_end_a_call_through_it(relay: Beside) -> None:
    def servers(who: str) -> list[dict[str, object]]:
        return ice_servers(relay.handed_out, VISIT, who, SystemClock().now())

    async with call(servers) as (both, doors), AsyncExitStack() as stack:
        stolen = relays_of(servers("p"))[0]
        for _ in range(OF_ONE - HAS):
            client = await stack.enter_async_context(allocation._client(stolen, None))
            await client.connect()
            stack.push_async_callback(client.delete)
        with pytest.raises(NoRelay, match="a quota is used up"):
            await allocate(stolen)
        await asyncio.gather(spray([*doors, ("127.0.0.1", relay.settings.port)]), goes_on(both))
        await goes_on(both)


async def test_a_member_with_a_false_name_and_a_flood_stops_nobody() -> None:
    async with serving() as served:
        bo = await Person().connect(served, PATIENT, visit=VISIT)
        amara = await Person().connect(served, STAFF)
        await bo.ask("enter", {"epoch": 0, "since": 0})
        await amara.ask("enter", FRESH)
        await bo.ask("signal", {**offer(1, 1), "from": "s"})
        for seq in range(2, 400):
            await bo.client.emit("signal", candidate(1, seq))
        assert (await amara.ask("signal", offer(1, 1)))["ok"]
        came = amara.all("signal")
        assert {each["from"] for each in came} == {"p"}
        assert len(came) <= AT_MOST
        for person in (bo, amara):
            await person.close()
