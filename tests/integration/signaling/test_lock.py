"""What a locked screen keeps from its sockets, and the running call that it does not."""

import asyncio

from telehealth.domain.notices import LockChanged, VisitChanged
from tests.integration.signaling.house import FRESH, PATIENT, STAFF, VISIT, Person, Served, offer

LOCK, UNLOCK = LockChanged("session-amara", locked=True), LockChanged("session-amara", locked=False)
ANOTHER = "01960c5e-6f5b-7c3a-9d55-0f6a1c2b3d4f"


def waiting(served: Served, visit: str = VISIT) -> VisitChanged:
    return VisitChanged(visit, "amara", "waiting", "ready", "good", served.clock.at)


async def test_a_locked_screen_hears_no_news_until_it_is_unlocked(served: Served) -> None:
    amara = await Person().connect(served, STAFF)
    other = await Person().connect(served, {"Cookie": "staff=amara2"})
    assert (await amara.ask("watch"))["ok"]
    assert (await other.ask("watch"))["ok"]
    await served.server.announce(LOCK)
    await served.server.announce(waiting(served))
    await other.expect("clinic")
    assert (await amara.ask("probe", {"n": 1}))["ok"]
    assert amara.received == []
    await served.server.announce(UNLOCK)
    await served.server.announce(waiting(served))
    await amara.expect("clinic")
    assert (await amara.expect("visit"))["visit"] == VISIT
    await amara.close()
    await other.close()


async def test_behind_a_locked_screen_nobody_watches_or_enters(served: Served) -> None:
    amara = await Person().connect(served, STAFF)
    await served.server.announce(LOCK)
    for event, body in (("watch", {}), ("enter", FRESH)):
        assert (await amara.ask(event, body))["code"] == "session-locked"
    assert served.server.connections().rooms == 0
    await served.server.announce(UNLOCK)
    assert (await amara.ask("watch"))["ok"]
    assert (await amara.ask("enter", FRESH))["ok"]
    await amara.close()


async def test_who_sits_in_a_running_call_keeps_it(served: Served) -> None:
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    await bo.ask("enter", {"epoch": 0, "since": 0})
    await amara.ask("watch")
    await amara.ask("enter", FRESH)
    await served.server.announce(LOCK)
    assert (await amara.ask("signal", offer(1, 1)))["ok"]
    assert (await bo.expect("signal"))["from"] == "s"
    assert (await amara.ask("enter", FRESH))["ok"]
    assert (await amara.ask("enter", {**FRESH, "visit": ANOTHER}))["code"] == "session-locked"
    await served.server.announce(waiting(served, ANOTHER))
    assert (await amara.ask("probe", {"n": 1}))["ok"]
    assert amara.all("clinic") == amara.all("visit") == []
    assert (await amara.ask("leave"))["ok"]
    assert (await amara.ask("enter", FRESH))["code"] == "session-locked"
    await bo.close()
    await amara.close()


async def test_a_lock_overtakes_a_seat_that_the_house_is_about_to_give(served: Served) -> None:
    amara = await Person().connect(served, STAFF)
    served.house.hold = asyncio.Event()
    asked = asyncio.create_task(amara.ask("enter", FRESH))
    await served.house.asked(1)
    await served.server.announce(LOCK)
    served.house.hold.set()
    assert (await asked)["code"] == "session-locked"
    assert served.server.connections().rooms == 0
    await amara.close()


async def test_a_connection_that_comes_while_the_screen_is_being_locked_is_locked(served: Served) -> None:
    await served.server.announce(LOCK)
    amara = await Person().connect(served, STAFF)
    assert (await amara.ask("watch"))["code"] == "session-locked"
    await amara.close()
