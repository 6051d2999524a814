"""Preparing the next call over real sockets: who is asked, what is refused, what ends it."""

import pytest

from telehealth.domain.notices import LockChanged, VisitChanged
from tests.integration.signaling.house import FRESH, PATIENT, STAFF, VISIT, Person, Served, offer

READY = {"epoch": 0, "since": 0, "prepared": True}
ON, OFF = {"visit": VISIT, "on": True}, {"visit": VISIT, "on": False}


def moved(served: Served, status: str) -> VisitChanged:
    return VisitChanged(VISIT, "amara", status, "ready", "good", served.clock.now())


async def both(served: Served) -> tuple[Person, Person]:
    """Bo waits, Dr Amara's clinic page is open, and both were asked to prepare."""
    served.house.next = VISIT
    served.house.admitted.clear()
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    await amara.ask("watch")
    assert await bo.expect("prepare") == ON
    assert await amara.expect("prepare") == ON
    return bo, amara


async def prepared(served: Served) -> tuple[Person, Person]:
    bo, amara = await both(served)
    assert (await amara.ask("enter", {"visit": VISIT, **READY}))["ok"]
    assert (await amara.ask("signal", offer(1, 1)))["ok"]
    ack = await bo.ask("enter", READY)
    assert (ack["epoch"], ack["roster"]) == (1, [])
    assert (await bo.expect("signal"))["kind"] == "offer"
    return bo, amara


async def test_the_next_in_line_prepares_and_is_admitted_into_the_same_epoch(served: Served) -> None:
    bo, amara = await prepared(served)
    assert (await bo.ask("signal", offer(1, 1) | {"kind": "answer"}))["ok"]
    assert (await amara.expect("signal"))["kind"] == "answer"
    assert (await bo.ask("media", {"audio": True, "video": True}))["code"] == "not-admitted"
    served.house.admitted = {"amara", "bo"}
    served.house.next = None
    await served.server.announce(moved(served, "in-progress"))
    await served.server.settled()
    for person, body in ((amara, {"visit": VISIT, "epoch": 1, "since": 2}), (bo, {"epoch": 1, "since": 1})):
        ack = await person.ask("enter", body)
        assert (ack["epoch"], ack["resumed"]) == (1, True)
    assert [each["id"] for each in (await bo.expect("roster"))["members"]] == ["p", "s"]
    assert bo.all("prepare") == amara.all("prepare") == [ON]


async def test_a_patient_who_was_not_asked_cannot_prepare(served: Served) -> None:
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    assert (await bo.ask("enter", READY))["code"] == "not-admitted"


async def test_at_the_press_on_admit_the_specialists_side_gets_ready_alone(served: Served) -> None:
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    await amara.ask("watch")
    served.house.next = VISIT
    assert (await amara.ask("enter", {"visit": VISIT, **READY}))["ok"]
    assert (await amara.ask("signal", offer(1, 1)))["ok"]
    assert bo.received == []
    assert (await bo.ask("enter", {"epoch": 0, "since": 0}))["epoch"] == 1
    assert (await bo.expect("signal"))["kind"] == "offer"
    assert amara.all("roster") == []


async def test_a_stranger_is_refused(served: Served) -> None:
    await both(served)
    cy = await Person().connect(served, {"Cookie": "visit=cy"}, visit="another-visit")
    assert (await cy.ask("enter", {"visit": VISIT, **READY}))["code"] == "not-admitted"
    assert cy.received == []


async def test_a_line_that_changes_puts_the_call_away(served: Served) -> None:
    bo, amara = await prepared(served)
    served.house.next = None
    await served.server.announce(moved(served, "arrived"))
    assert await bo.expect("prepare", 2) == await amara.expect("prepare", 2) == OFF
    assert (await bo.ask("signal", offer(1, 2)))["code"] == "not-a-member"


async def test_a_locked_screen_puts_it_away_and_the_unlock_brings_it_back(served: Served) -> None:
    bo, _ = await both(served)
    await served.server.announce(LockChanged("session-amara", locked=True))
    assert await bo.expect("prepare", 2) == OFF
    await served.server.announce(LockChanged("session-amara", locked=False))
    assert await bo.expect("prepare", 3) == ON


async def test_nobody_prepares_while_the_specialist_is_in_a_call(served: Served) -> None:
    served.house.next = VISIT
    amara = await Person().connect(served, STAFF)
    assert (await amara.ask("enter", FRESH))["ok"]
    await amara.ask("watch")
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    await served.server.announce(moved(served, "waiting"))
    await served.server.settled()
    assert bo.all("prepare") == []
    await amara.ask("leave")
    assert await bo.expect("prepare") == ON


@pytest.mark.parametrize("who", ["bo", "amara"])
async def test_when_one_is_gone_the_other_puts_it_away(served: Served, who: str) -> None:
    bo, amara = await prepared(served)
    goes, stays = (bo, amara) if who == "bo" else (amara, bo)
    await goes.vanish()
    assert await stays.expect("prepare", 2) == OFF


async def test_a_database_that_does_not_answer_prepares_nobody_and_stops_nothing(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_: str) -> str | None:
        raise RuntimeError

    served.house.next_in_line = broken  # type: ignore[method-assign]
    amara = await Person().connect(served, STAFF)
    await amara.ask("watch")
    await served.server.settled()
    assert "the doorkeeper failed" in caplog.text
    del served.house.next_in_line
    served.house.next = VISIT
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    await served.server.announce(moved(served, "waiting"))
    assert await bo.expect("prepare") == ON


async def test_who_connects_after_the_news_of_waiting_is_prepared_without_any_other_news(
    served: Served,
) -> None:
    served.house.next = VISIT
    amara = await Person().connect(served, STAFF)
    await amara.ask("watch")
    await served.server.announce(moved(served, "waiting"))
    await served.server.settled()
    assert amara.all("prepare") == []
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    assert await bo.expect("prepare") == ON
    assert await amara.expect("prepare") == ON


async def test_the_newest_window_prepares_and_when_it_goes_the_older_one_does_again(served: Served) -> None:
    bo, _ = await both(served)
    newer = await Person().connect(served, PATIENT, visit=VISIT)
    await served.server.announce(moved(served, "waiting"))
    assert await newer.expect("prepare") == ON
    assert await bo.expect("prepare", 2) == OFF
    await newer.close()
    assert await bo.expect("prepare", 3) == ON
