"""Janus with the shipped configuration: people hear each other through it, strangers nothing; it may die."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from signaling.forwarding import Carry, Drop, Hand, Spoken
from signaling.media.peer import ProbePeer
from signaling.messages import Description
from signaling.sfu.forwarder import Access, Forwarder
from signaling.sfu.hall import Hall, Keys
from signaling.sfu.janus import Janus, SfuGone, SfuRefused
from telehealth.crypto.chance import SystemChance
from telehealth.sfu.beside import Sfu, forwarding
from tests.conftest import is_missing
from tests.services.sfu import running_sfu, sfu_in

VISIT = "01960c5e-6f5b-7c3a-9d55-0f6a1c2b3d4e"


@pytest.fixture(scope="module")
def sfu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sfu]:
    made = sfu_in(tmp_path_factory.mktemp("sfu"))
    if made is None:
        is_missing("Janus")
    with running_sfu(made):
        yield made


@asynccontextmanager
async def kept(forwarder: Forwarder) -> AsyncIterator[Forwarder]:
    """Keep in touch with Janus as long as the block lasts."""
    task = asyncio.create_task(forwarder.run())
    try:
        await until(lambda: forwarder.up)
        yield forwarder
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(truth: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not truth():  # noqa: ASYNC110 (another program does it)
            await asyncio.sleep(0.02)


class Person:
    """Somebody whose two peer connections are made of what the forwarder says."""

    def __init__(self, who: str, forwarder: Forwarder) -> None:
        self.who, self._forwarder = who, forwarder
        self.up, self.down = (ProbePeer((), relay_only=False) for _ in range(2))
        self.offers: list[str] = []

    async def send(self, visit: str) -> None:
        self._forwarder.order(Carry(visit, self.who, 1, 1))
        made = await self.up.offer()
        self._forwarder.order(Hand(visit, self.who, "up", 1, Description("offer", "i1", made.sdp)))
        for found in (*made.candidates, made.end):
            self._forwarder.order(Hand(visit, self.who, "up", 1, found))

    async def take(self, said: Spoken) -> None:
        assert isinstance(said.content, Description)
        if said.lane == "up":
            await self.up.accept(said.content.sdp)
            return
        self.offers.append(said.content.sdp)
        if len(self.offers) > 1:
            return  # the library cannot answer twice
        made = await self.down.answer(said.content.sdp)
        answer = Description("answer", said.content.id, made.sdp)
        for content in (answer, *made.candidates, made.end):
            self._forwarder.order(Hand(said.visit_id, self.who, "down", 1, content))

    async def close(self) -> None:
        await self.up.close()
        await self.down.close()


def feeds(offer: str) -> set[str]:
    """Return what an offer of Janus names as sent."""
    return {line.split(":")[1].split()[0] for line in offer.splitlines() if line.startswith("a=msid:")}


async def test_people_of_a_visit_hear_and_see_each_other_and_nobody_of_another_visit(sfu: Sfu) -> None:
    async with kept(sfu.forwarder(SystemChance())) as forwarder:
        bo, amara, cy = people = [Person(who, forwarder) for who in ("p", "s", "g1")]
        places = {"p": VISIT, "s": VISIT, "g1": "another"}
        taking: set[asyncio.Task[None]] = set()

        def told(said: Spoken) -> None:
            [person] = [each for each in people if each.who == said.who]
            assert said.visit_id == places[said.who]
            taking.add(asyncio.get_running_loop().create_task(person.take(said)))

        forwarder.told = told
        try:
            async with asyncio.timeout(20):
                for person in people:
                    await person.send(places[person.who])
                await asyncio.gather(bo.down.received(20, 2), amara.down.received(20, 2), cy.up.connected())
            assert (feeds(bo.offers[0]), feeds(amara.offers[0])) == ({"s.1"}, {"p.1"})
            assert cy.offers == [], "a stranger gets nothing"
            forwarder.order(Drop(VISIT, "s"))
            await until(lambda: len(bo.offers) > 1)
            assert "a=inactive" in bo.offers[1], "who is gone is not sent any more"
        finally:
            await asyncio.gather(*taking, *(person.close() for person in people))


async def test_who_comes_right_after_the_last_has_left_is_carried(sfu: Sfu) -> None:
    async with kept(sfu.forwarder(SystemChance())) as forwarder:
        bo, taking = Person("p", forwarder), set[asyncio.Task[None]]()
        forwarder.told = lambda said: taking.add(asyncio.get_running_loop().create_task(bo.take(said)))
        forwarder.order(Carry(VISIT, "s", 1, 1))
        forwarder.order(Drop(VISIT))
        try:
            await bo.send(VISIT)
            async with asyncio.timeout(20):
                await bo.up.connected()
        finally:
            await asyncio.gather(*taking, bo.close())


async def test_rooms_open_to_nobody_without_the_secret_the_key_and_the_pin(sfu: Sfu) -> None:
    url, secret, key = f"ws://127.0.0.1:{sfu.settings.port}", sfu.settings.secret, sfu.settings.admin_key
    async with ClientSession() as http:
        for wrong in ("", "guessed"):
            with pytest.raises(SfuRefused, match="Unauthorized"):
                await Janus.open(http, url, wrong, lambda _: None)
        janus = await Janus.open(http, url, secret, lambda _: None)
        hall = Hall(VISIT, janus, Keys("room", "pin", "secret", key), lambda _: None)
        work = asyncio.create_task(hall.work())
        hall.orders.put_nowait(Carry(VISIT, "p", 1, 1))
        await until(hall.orders.empty)
        handle = await janus.attach()
        for pin in ("", "guessed"):
            with pytest.raises(SfuRefused, match=r"Unauthorized|Missing"):
                await janus.message(handle, request="join", ptype="publisher", room="room", pin=pin)
        with pytest.raises(SfuRefused, match=r"Unauthorized|Missing"):
            await janus.message(handle, request="create", room="mine", admin_key="guessed")
        assert (await janus.message(handle, request="list")).data["list"] == []
        hall.orders.put_nowait(Drop(VISIT))
        await work
        await janus.close()


def test_its_door_is_open_to_this_machine_only(sfu: Sfu) -> None:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = {row[1] for row in rows if row[3] == "0A"}
    assert {each for each in listening if each.endswith(f":{sfu.settings.port:04X}")} == {
        f"0100007F:{sfu.settings.port:04X}"
    }
    six = Path("/proc/net/tcp6").read_text()
    assert f":{sfu.settings.port:04X} 0000" not in six
    assert sfu.settings.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in sfu.settings.folder.glob("*.jcfg")} == {0o600}


async def test_when_it_is_killed_rooms_are_told_at_once_and_it_comes_back(tmp_path: Path) -> None:
    sfu = sfu_in(tmp_path)
    if sfu is None:
        is_missing("Janus")
    moves: list[bool] = []
    forwarder = sfu.forwarder(SystemChance())
    forwarder.moved = lambda: moves.append(forwarder.up)
    async with forwarding(sfu), kept(forwarder):
        assert (forwarder.carries(VISIT), moves) == (8, [True])
        os.kill(int(sfu.settings.pidfile.read_text()), signal.SIGKILL)
        await until(lambda: moves == [True, False])
        assert forwarder.carries(VISIT) == 4
        await until(lambda: forwarder.up)
    assert moves == [True, False, True, False]


async def test_one_that_answers_nothing_counts_as_dead(monkeypatch: pytest.MonkeyPatch, sfu: Sfu) -> None:
    monkeypatch.setattr("signaling.sfu.janus.PATIENCE", 0.3)
    monkeypatch.setattr("signaling.sfu.janus.PULSE", 0.05)
    number = int(sfu.settings.pidfile.read_text())
    async with kept(sfu.forwarder(SystemChance())) as forwarder:
        os.kill(number, signal.SIGSTOP)
        try:
            await until(lambda: not forwarder.up)
        finally:
            os.kill(number, signal.SIGCONT)


async def test_where_nobody_listens_it_is_tried_again_and_again() -> None:
    async with ClientSession() as http:
        with pytest.raises(SfuGone):
            await Janus.open(http, "ws://127.0.0.1:1", "", lambda _: None)
    forwarder = Forwarder(Access("ws://127.0.0.1:1", "", ""), SystemChance())
    forwarder.order(Carry(VISIT, "p", 1, 1))
    assert not forwarder.up
