"""Letting in whoever was not prepared: the seat comes with the news, and no round trip is left between."""

from dataclasses import replace

import pytest

from telehealth.domain.notices import VisitChanged
from telehealth.domain.seating import Beginning
from tests.integration.signaling.house import PATIENT, STAFF, VISIT, Person, Served, candidate, offer

DRAFT = {"id": "k1", "sdp": "v=0\r\ns=k1\r\n"}
READY = {"visit": VISIT, "epoch": 0, "since": 0, "prepared": True, "offer": DRAFT}


def admitted(served: Served, session: str = "session-bo") -> VisitChanged:
    now = served.clock.now()
    return VisitChanged(VISIT, "amara", "in-progress", "ready", "good", now, lets_in=session)


async def pressed(served: Served) -> tuple[Person, Person]:
    """Bo waits, but is not next in line; Dr Amara presses Admit, and her side gets ready."""
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    await amara.ask("watch")
    served.house.next = VISIT  # the specialist's own side may get ready at the press
    ack = await amara.ask("enter", READY)
    assert (ack["epoch"], ack["roster"]) == (1, [])
    return bo, amara


async def test_before_admission_nothing_of_the_offer_goes_anywhere(served: Served) -> None:
    bo, _ = await pressed(served)
    await served.server.announce(VisitChanged(VISIT, "amara", "waiting", "ready", "good", served.clock.now()))
    assert "seat" not in await bo.expect("visit")
    assert bo.all("signal") == []
    assert (await bo.ask("signal", candidate(1, 1)))["code"] == "not-a-member"


async def test_seat_and_offer_come_with_the_news_and_the_answer_follows_enter_at_once(served: Served) -> None:
    bo, amara = await pressed(served)
    await served.server.announce(admitted(served))
    news = await bo.expect("visit")
    seat = news["seat"]
    assert (seat["epoch"], seat["you"], seat["polite"], seat["roster"], seat["since"]) == (
        1,
        "p",
        True,
        [],
        0,
    )
    assert news["ice"][0]["credential"]
    told = await bo.expect("signal")
    assert (told["kind"], told["sdp"], told["seq"]) == ("offer", DRAFT["sdp"], 1)
    assert (await bo.ask("media", {"audio": True, "video": True}))["code"] == "not-admitted"
    await bo.client.emit("enter", {"epoch": 1, "since": 0})
    assert (await bo.ask("signal", offer(1, 1) | {"kind": "answer"}))["ok"]
    assert (await amara.expect("signal"))["kind"] == "answer"
    assert [each["id"] for each in (await bo.expect("roster"))["members"]] == ["p"]
    assert len(bo.all("signal")) == 1


async def test_how_to_begin_on_a_weak_line_comes_with_the_seat_and_with_every_answer(served: Served) -> None:
    served.house.begins = Beginning(picture=False)
    bo, amara = await pressed(served)
    await served.server.announce(replace(admitted(served), begins=Beginning(lossy=True)))
    assert (await bo.expect("visit"))["seat"]["start"] == {"picture": True, "lossy": True}
    for person in (bo, amara):
        ack = await person.ask("enter", {"visit": VISIT, "epoch": 1, "since": 0})
        assert ack["start"] == {"picture": False, "lossy": False}
    served.house.begins = None
    assert "start" not in await bo.ask("enter", {"epoch": 1, "since": 0})


async def test_what_is_offered_a_moment_later_follows_as_well(served: Served) -> None:
    bo, amara = await pressed(served)
    await served.server.announce(admitted(served))
    await bo.expect("signal")
    assert (await amara.ask("signal", candidate(1, 2)))["ok"]
    assert (await bo.expect("signal", 2))["kind"] == "candidate"


async def test_the_service_still_decides_when_the_page_enters(served: Served) -> None:
    bo, amara = await pressed(served)
    served.house.admitted.discard("bo")
    await served.server.announce(admitted(served))
    await bo.expect("visit")
    assert (await bo.ask("enter", {"epoch": 1, "since": 0}))["code"] == "not-admitted"
    assert amara.all("roster") == []


async def test_a_page_that_does_not_go_in_by_itself_enters_as_ever(served: Served) -> None:
    bo, amara = await pressed(served)
    await served.server.announce(admitted(served))
    await bo.expect("signal")
    assert amara.all("roster") == []
    ack = await bo.ask("enter", {"epoch": 0, "since": 0})
    assert (ack["epoch"], ack["resumed"]) == (1, True)
    assert (await bo.expect("signal", 2))["kind"] == "offer"


@pytest.mark.parametrize("session", ["", "session-bo-2", "session-cy"])
async def test_nobody_but_the_device_that_is_let_in_gets_the_seat(served: Served, session: str) -> None:
    bo, _ = await pressed(served)
    cy = await Person().connect(served, {"Cookie": "visit=cy"}, visit="another-visit")
    await served.server.announce(admitted(served, session))
    assert "seat" not in await bo.expect("visit")
    assert bo.all("signal") == []
    assert cy.all("signal") == []


async def test_of_two_windows_the_newest_gets_the_seat(served: Served) -> None:
    bo, _ = await pressed(served)
    newer = await Person().connect(served, PATIENT, visit=VISIT)
    await served.server.announce(admitted(served))
    assert "seat" in await newer.expect("visit")
    assert "seat" not in await bo.expect("visit")


async def test_whose_call_was_prepared_keeps_that_one(served: Served) -> None:
    served.house.next = VISIT
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    await amara.ask("watch")
    await bo.expect("prepare")
    for person in (amara, bo):
        assert (await person.ask("enter", {"visit": VISIT, "epoch": 0, "since": 0, "prepared": True}))["ok"]
    await served.server.announce(admitted(served))
    assert "seat" not in await bo.expect("visit")
    assert bo.all("prepare") == [{"visit": VISIT, "on": True}]


async def test_a_seat_that_was_not_taken_goes_with_its_connection(served: Served) -> None:
    bo, amara = await pressed(served)
    await served.server.announce(admitted(served))
    await bo.expect("visit")
    await bo.vanish()
    assert await amara.expect("prepare") == {"visit": VISIT, "on": False}
