"""A second device at the socket: refused until the specialist lets it in, then seated; nobody has left."""

from telehealth.domain.notices import DeviceMoved, SessionsEnded, VisitChanged
from tests.integration.signaling.house import FRESH, STAFF, VISIT, Person, Served, offer
from tests.integration.signaling.seated import both

SECOND = {"Cookie": "visit=bo2"}
ENTER = {"epoch": 0, "since": 0}
MOVED = DeviceMoved(VISIT, "session-bo", "session-bo-2")


async def test_a_second_device_is_refused_and_hears_of_no_call(served: Served) -> None:
    bo, amara = await both(served)
    second = await Person().connect(served, SECOND, visit=VISIT)
    ack = await second.ask("enter", ENTER)
    assert (ack["ok"], ack["code"]) == (False, "other-device")
    assert not {"roster", "ice", "epoch"} & ack.keys()
    assert (await second.ask("signal", {"epoch": 1, "seq": 1, "kind": "end-of-candidates"}))["code"] == (
        "not-a-member"
    )
    assert second.received == []
    assert bo.all("replaced") == []
    for person in (bo, amara, second):
        await person.close()


async def test_a_second_device_that_is_let_in_takes_the_seat_and_nobody_has_left(served: Served) -> None:
    bo, amara = await both(served)
    second = await Person().connect(served, SECOND, visit=VISIT)
    assert (await bo.ask("signal", offer(1, 1)))["ok"]
    served.house.bound_to = "session-bo-2"
    await served.server.announce(MOVED)
    await served.server.announce(
        VisitChanged(VISIT, "amara", "in-progress", "unknown", "unknown", served.clock.at)
    )
    assert await bo.expect("replaced") == {"by": "device"}
    await bo.gone()
    assert (await second.expect("visit"))["status"] == "in-progress"
    ack = await second.ask("enter", ENTER)
    assert (ack["you"], ack["epoch"]) == ("p", 2)
    last = (await amara.expect("roster", 3))["members"]
    assert [(each["id"], each["here"]) for each in last] == [("p", True), ("s", True)]
    assert all(len(roster["members"]) == 2 for roster in amara.all("roster"))
    back = await Person().connect(served, {"Cookie": "visit=bo"}, visit=VISIT)
    assert (await back.ask("enter", ENTER))["code"] == "other-device"
    assert second.all("replaced") == []
    for person in (amara, second, back):
        await person.close()


async def test_whose_link_was_rotated_is_removed_from_the_call(served: Served) -> None:
    bo, amara = await both(served)
    await served.server.announce(SessionsEnded(("session-bo",)))
    assert await bo.expect("ended") == {"visit": VISIT, "reason": "revoked"}
    assert await bo.expect("signed-out") == {}
    await bo.gone()
    assert [each["id"] for each in (await amara.expect("roster", 2))["members"]] == ["s"]
    await amara.close()


async def test_only_the_patients_own_device_is_asked_to_prepare(served: Served) -> None:
    served.house.next = VISIT
    served.house.admitted.clear()
    bo = await Person().connect(served, {"Cookie": "visit=bo"}, visit=VISIT)
    second = await Person().connect(served, SECOND, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    await amara.ask("watch")
    assert await bo.expect("prepare") == {"visit": VISIT, "on": True}
    await served.server.settled()
    assert (await second.ask("enter", ENTER | {"prepared": True}))["code"] == "not-admitted"
    assert second.all("prepare") == []
    assert (await amara.ask("enter", FRESH | {"prepared": True}))["ok"]
    for person in (bo, amara, second):
        await person.close()
