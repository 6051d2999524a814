"""How a call ends for whom: by the specialist, by signing out; and how it does not."""

import asyncio

from telehealth.domain.notices import SessionsEnded, VisitEnded
from tests.integration.signaling.house import (
    FRESH,
    PATIENT,
    STAFF,
    VISIT,
    Person,
    Served,
    offer,
    serving,
)
from tests.integration.signaling.seated import both


async def test_the_end_of_the_visit_closes_the_room_for_all(served: Served) -> None:
    bo, amara = await both(served)
    await served.server.announce(VisitEnded(VISIT, "ended"))
    for person in (bo, amara):
        assert await person.expect("ended") == {"visit": VISIT, "reason": "ended"}
        assert (await person.ask("signal", offer(1, 1)))["code"] == "not-a-member"
    assert served.server.connections().rooms == 0
    await bo.close()
    await amara.close()


async def test_who_waits_outside_hears_of_the_end_too(served: Served) -> None:
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    await served.server.announce(VisitEnded(VISIT, "cancelled"))
    assert (await bo.expect("ended"))["reason"] == "cancelled"
    await bo.close()


async def test_a_signed_out_session_loses_every_socket_at_once(served: Served) -> None:
    bo, amara = await both(served)
    other = await Person().connect(served, {"Cookie": "staff=amara2"})
    await served.server.announce(SessionsEnded(("session-amara",)))
    assert await amara.expect("signed-out") == {}
    await amara.gone()
    assert [member["id"] for member in (await bo.expect("roster", 3))["members"]] == ["p"]
    assert (await other.ask("probe", {"n": 1}))["ok"]
    await bo.close()
    await other.close()


async def test_a_revoked_person_cannot_slip_in_while_the_house_thinks(served: Served) -> None:
    amara = await Person().connect(served, STAFF)
    served.house.hold = asyncio.Event()
    await amara.client.emit("enter", FRESH)
    await served.house.asked(1)
    await served.server.announce(SessionsEnded(("session-amara",)))
    served.house.hold.set()
    await amara.gone()
    assert served.server.connections().rooms == 0


async def test_an_answer_that_the_visit_has_overtaken_is_asked_again(served: Served) -> None:
    amara = await Person().connect(served, STAFF)
    served.house.hold = asyncio.Event()
    asked = asyncio.create_task(amara.ask("enter", FRESH))
    await served.house.asked(1)
    first, served.house.hold = served.house.hold, asyncio.Event()
    await served.server.announce(VisitEnded(VISIT, "ended"))
    first.set()
    await served.house.asked(2)
    assert not asked.done()
    served.house.admitted.clear()
    served.house.hold.set()
    assert (await asked)["code"] == "not-admitted"
    await amara.close()


async def test_a_call_survives_the_restart_of_the_server() -> None:
    async with serving() as served:
        port = served.port
        bo, amara = await both(served)
        await amara.ask("signal", offer(1, 1))
    await bo.gone()
    await amara.gone()
    async with serving(port=port) as served:
        bo = await Person().connect(served, PATIENT, visit=VISIT)
        amara = await Person().connect(served, STAFF)
        ack = await bo.ask("enter", {"epoch": 1, "since": 1})
        assert (ack["epoch"], ack["resumed"]) == (1, False)
        assert (await amara.ask("enter", {**FRESH, "epoch": 1}))["epoch"] == 1
        assert (await amara.ask("signal", {**offer(1, 2), "id": "restart"}))["ok"]
        assert (await bo.expect("signal"))["id"] == "restart"
        await bo.close()
        await amara.close()
