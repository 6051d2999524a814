"""Strangers at the ports of a call, and one member who knows no manners: the call goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

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
from tests.services.strangers import Door, doors_of, spray

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


async def sprayed(doors: list[Door]) -> None:
    """Send all of it to all of them again and again."""
    for _ in range(ROUNDS):
        spray(doors)
        await asyncio.sleep(0.02)


def reached(told: Introduction) -> list[Door]:
    return [door for each in told.candidates for door in doors_of(each.candidate)]


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
        yield both, reached(offer) + reached(answer)


async def goes_on(both: list[ProbePeer]) -> None:
    """So much more sound and a further picture come in on both sides."""
    async with asyncio.timeout(20):
        await asyncio.gather(
            *(peer.received(peer.seen.sounds + SOUNDS, peer.seen.pictures + 1) for peer in both)
        )


async def test_junk_and_foreign_handshakes_at_the_ports_of_a_call_do_nothing() -> None:
    async with call(lambda _: []) as (both, doors):
        await asyncio.gather(sprayed(doors), goes_on(both))
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
        await asyncio.gather(sprayed([*doors, ("127.0.0.1", relay.settings.port)]), goes_on(both))
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
