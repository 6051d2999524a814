"""Limits in force: over them the sender is refused, and nobody else notices."""

import asyncio
import gc

import pytest

from signaling.limits import Rate
from telehealth.domain.access import Actor
from telehealth.domain.errors import Unavailable
from telehealth.domain.notices import VisitChanged
from telehealth.domain.seating import Seat
from tests.integration.signaling.house import (
    FRESH,
    GENEROUS,
    PATIENT,
    STAFF,
    VISIT,
    House,
    Person,
    offer,
    serving,
    tight,
)
from tests.integration.signaling.raw import Raw


async def test_who_collects_refusals_is_closed() -> None:
    async with serving(tight(refusals=Rate(0.1, 5))) as served:
        raw = await Raw.connect(served, PATIENT, visit=VISIT)
        for _ in range(8):
            await raw.emit("signal", {"epoch": "x"})
        assert await raw.is_cut()
        await raw.close()


async def answers(raw: Raw, event: str, body: object, times: int) -> list[bool]:
    """Return for each event whether it was refused as too fast."""
    for number in range(times):
        await raw.emit(event, body, number=number)
    return ["too-fast" in await raw.frame() for _ in range(times)]


async def test_too_many_events_are_refused() -> None:
    async with serving(tight(events=Rate(0.1, 5))) as served:
        raw = await Raw.connect(served, PATIENT, visit=VISIT)
        assert await answers(raw, "probe", {"n": 1}, 8) == [False] * 5 + [True] * 3
        await raw.close()


async def test_what_reaches_the_database_is_limited_more() -> None:
    async with serving(tight(costly_events=Rate(0.1, 3))) as served:
        raw = await Raw.connect(served, PATIENT, visit=VISIT)
        assert await answers(raw, "quality", {"state": "good"}, 4) == [False] * 3 + [True]
        assert await answers(raw, "probe", {"n": 1}, 4) == [False] * 4
        await raw.close()


class TroubledHouse(House):
    """Its database comes and goes."""

    trouble: Exception | None = None

    async def seat(self, actor: Actor, visit_id: str) -> Seat:
        if self.trouble:
            raise self.trouble
        return await super().seat(actor, visit_id)


@pytest.mark.parametrize("trouble", [OSError("the disk is away"), Unavailable()])
async def test_a_house_in_trouble_is_unavailable_and_throws_nobody_out(trouble: Exception) -> None:
    house = TroubledHouse()
    async with serving(house=house) as served:
        bo = await Person().connect(served, PATIENT, visit=VISIT)
        assert (await bo.ask("enter", {"epoch": 0, "since": 0}))["ok"]
        house.trouble = trouble
        amara = await Person().connect(served, STAFF)
        assert (await amara.ask("enter", FRESH))["code"] == "unavailable"
        await served.server.announce(
            VisitChanged(VISIT, "amara", "waiting", "ready", "good", served.clock.at)
        )
        await served.server.settled()
        assert (await bo.ask("media", {"audio": False, "video": True}))["ok"]
        assert bo.all("ended") == []
        await bo.close()
        await amara.close()


async def test_staff_need_to_name_a_visit_and_a_room_for_the_rest() -> None:
    async with serving() as served:
        amara = await Person().connect(served, STAFF)
        assert (await amara.ask("enter", {"epoch": 0, "since": 0}))["code"] == "bad-message"
        assert (await amara.ask("quality", {"state": "good"}))["code"] == "not-a-member"
        assert (await amara.ask("media", {"audio": True, "video": True}))["code"] == "not-a-member"
        assert (await amara.ask("leave"))["code"] == "not-a-member"
        await amara.close()


async def test_the_line_of_a_waiting_patient_reaches_the_house_and_of_a_member_the_roster() -> None:
    async with serving() as served:
        bo = await Person().connect(served, PATIENT, visit=VISIT)
        assert await bo.ask("quality", {"state": "poor"}) == {"ok": True}
        await served.server.settled()
        assert served.house.told[-1] == ("connection", "bo", "poor")
        await bo.ask("enter", {"epoch": 0, "since": 0})
        await bo.ask("quality", {"state": "fair"})
        assert (await bo.expect("roster", 2))["members"][0]["connection"] == "fair"
        await bo.ask("media", {"audio": False, "video": False})
        assert (await bo.expect("roster", 3))["members"][0]["audio"] is False
        await bo.close()


async def test_entering_another_visit_leaves_the_first() -> None:
    house = House()
    async with serving(house=house) as served:
        bo = await Person().connect(served, PATIENT, visit=VISIT)
        await bo.ask("enter", {"epoch": 0, "since": 0})
        amara = await Person().connect(served, STAFF)
        await amara.ask("enter", FRESH)
        await bo.expect("roster", 2)

        async def other(actor: Actor, visit_id: str) -> Seat:
            return Seat(visit_id, "s", "specialist", actor.name, polite=False, relay_only=False)

        house.seat = other  # type: ignore[method-assign]
        ack = await amara.ask("enter", {"visit": "the-next-one", "epoch": 0, "since": 0})
        assert [member["id"] for member in ack["roster"]] == ["s"]
        assert [member["id"] for member in (await bo.expect("roster", 3))["members"]] == ["p"]
        assert served.server.connections().rooms == 2
        await bo.close()
        await amara.close()


@pytest.mark.soak
async def test_a_thousand_joins_and_losses_leave_nothing_behind() -> None:
    async with serving(GENEROUS) as served:
        tasks = len(asyncio.all_tasks())
        for round_ in range(500):
            raw = await Raw.connect(served, PATIENT, visit=VISIT)
            await raw.emit("enter", {"epoch": 0, "since": 0}, number=1)
            await raw.emit("signal", offer(1, 1))
            await raw.frame()
            if round_ % 2:
                raw.socket._response.connection.transport.abort()  # type: ignore[union-attr]
            await raw.close()
        await asyncio.sleep(0.2)
        served.clock.turn(61)
        served.server.tick()
        await served.server.settled()
        gc.collect()
        wire = served.server._wire
        assert served.server.connections() == type(served.server.connections())(0, 0, 0)
        assert not any((wire.environ, wire.eio.sockets, wire.eio.lines, wire.manager.eio_to_sid))
        assert not any(served.server._presence.__dict__[name] for name in ("_all", "_departed", "_visits"))
        assert len(asyncio.all_tasks()) <= tasks + 2
