"""A call over real sockets: in, seen, introduced, lost, back."""

import asyncio

from telehealth.domain.notices import VisitChanged
from tests.integration.signaling.house import (
    FRESH,
    PATIENT,
    STAFF,
    VISIT,
    Person,
    Served,
    candidate,
    offer,
)
from tests.integration.signaling.seated import both


async def test_an_offer_reaches_the_other_and_only_the_other(served: Served) -> None:
    bo, amara = await both(served)
    assert await amara.ask("signal", offer(1, 1)) == {"ok": True, "seq": 1}
    got = await bo.expect("signal")
    assert got == {**offer(1, 1), "from": "s"}
    assert amara.all("signal") == []
    await bo.close()
    await amara.close()


async def test_who_enters_gets_turn_credentials_and_the_roster(served: Served) -> None:
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    ack = await bo.ask("enter", {"epoch": 0, "since": 0})
    assert (ack["you"], ack["polite"], ack["epoch"]) == ("p", True, 1)
    [server] = ack["ice"]
    assert server["urls"] == ["turn:turn.example.org:3478"]
    assert "bo" not in server["username"]
    await bo.close()


async def test_before_admission_there_is_nothing(served: Served) -> None:
    served.house.admitted.discard("bo")
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    await amara.ask("enter", FRESH)
    await amara.ask("signal", offer(1, 1))
    ack = await bo.ask("enter", {"epoch": 0, "since": 0})
    assert ack == {"ok": False, "code": "not-admitted", "detail": "Nobody has let you in yet."}
    assert (await bo.ask("signal", offer(1, 1)))["code"] == "not-a-member"
    assert bo.received == []
    await bo.close()
    await amara.close()


async def test_a_stranger_is_refused_and_the_members_notice_nothing(served: Served) -> None:
    bo, amara = await both(served)
    cy = await Person().connect(served, {"Cookie": "visit=cy"}, visit="another-visit")
    told = len(bo.received)
    assert (await cy.ask("enter", FRESH))["code"] == "not-found"
    assert (await cy.ask("enter", {"epoch": 0, "since": 0}))["code"] == "not-found"
    assert (await cy.ask("signal", offer(1, 1)))["code"] == "not-a-member"
    assert (await cy.ask("watch"))["code"] == "not-permitted"
    assert len(bo.received) == told
    assert cy.received == []
    for person in (bo, amara, cy):
        await person.close()


async def test_every_bad_message_gets_its_refusal_and_the_connection_lives(served: Served) -> None:
    bo, amara = await both(served)
    assert (await bo.ask("signal", {"epoch": "1"}))["code"] == "bad-message"
    assert (await bo.ask("signal", offer(7, 1)))["code"] == "stale-epoch"
    assert (await bo.ask("quality", {"state": "fine"}))["code"] == "bad-message"
    assert (await bo.ask("signal", {**offer(1, 1), "sdp": "x" * 49_500}))["code"] == "too-large"
    assert await bo.ask("probe", {"n": 3}) == {"ok": True, "n": 3}
    assert (await amara.ask("quality", {"state": "good"}))["ok"]
    await bo.close()
    await amara.close()


async def test_nothing_overtakes_even_while_the_house_thinks(served: Served) -> None:
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    await bo.ask("enter", {"epoch": 0, "since": 0})
    amara = await Person().connect(served, STAFF)
    served.house.hold = asyncio.Event()
    await amara.client.emit("enter", FRESH)
    await amara.client.emit("signal", offer(1, 1))
    for seq in range(2, 12):
        await amara.client.emit("signal", candidate(1, seq))
    await served.house.asked(2)
    assert (await bo.ask("probe", {"n": 1}))["ok"]
    assert bo.all("signal") == []
    served.house.hold.set()
    await bo.expect("signal", 11)
    assert [got["seq"] for got in bo.all("signal")] == list(range(1, 12))
    assert bo.all("signal")[0]["kind"] == "offer"
    await bo.close()
    await amara.close()


async def test_the_acknowledgement_comes_before_what_follows_from_it(served: Served) -> None:
    _, amara = await both(served)
    await amara.ask("signal", offer(1, 1))
    again = await Person().connect(served, PATIENT, visit=VISIT)
    acknowledged = again.received.append
    await again.client.emit("enter", {"epoch": 0, "since": 0}, callback=lambda _: acknowledged(("ack", None)))
    await again.expect("signal")
    assert [event for event, _ in again.received] == ["ack", "roster", "signal"]
    await again.close()
    await amara.close()


async def test_a_lost_socket_is_away_and_back_with_what_was_missed(served: Served) -> None:
    bo, amara = await both(served)
    await amara.ask("signal", offer(1, 1))
    await bo.expect("signal")
    await bo.vanish()
    away = await amara.expect("roster", 2)
    assert [member["here"] for member in away["members"]] == [False, True]
    await amara.ask("signal", candidate(1, 2))
    again = await Person().connect(served, PATIENT, visit=VISIT)
    ack = await again.ask("enter", {"epoch": 1, "since": 1})
    assert (ack["epoch"], ack["resumed"]) == (1, True)
    assert (await again.expect("signal"))["seq"] == 2
    await served.server.settled()
    lost = served.house.told.index(("connection", "bo", "reconnecting"))
    assert ("presence", "bo", True) in served.house.told[lost:]
    assert ("presence", "bo", False) not in served.house.told
    await again.close()
    await amara.close()


async def test_the_grace_ends_in_absence_and_not_before(served: Served) -> None:
    bo, amara = await both(served)
    await bo.vanish()
    await amara.expect("roster", 2)
    served.clock.turn(58)
    served.server.tick()
    await served.server.settled()
    assert ("presence", "bo", False) not in served.house.told
    served.clock.turn(2)
    served.server.tick()
    gone = await amara.expect("roster", 3)
    assert [member["id"] for member in gone["members"]] == ["s"]
    await served.server.settled()
    assert served.house.told[-1] == ("presence", "bo", False)
    await amara.close()


async def test_a_second_tab_takes_over_and_the_first_is_closed(served: Served) -> None:
    bo, amara = await both(served)
    second = await Person().connect(served, PATIENT, visit=VISIT)
    await second.ask("enter", {"epoch": 0, "since": 0})
    assert await bo.expect("replaced") == {"by": "window"}
    await bo.gone()
    assert all(len(roster["members"]) == 2 for roster in amara.all("roster"))
    assert all(member["here"] for member in amara.all("roster")[-1]["members"])
    await second.close()
    await amara.close()


async def test_a_third_connection_of_a_session_replaces_the_oldest_outside_the_room(served: Served) -> None:
    bo, amara = await both(served)
    second = await Person().connect(served, PATIENT, visit=VISIT)
    third = await Person().connect(served, PATIENT, visit=VISIT)
    await second.expect("replaced")
    await second.gone()
    assert (await bo.ask("probe", {"n": 1}))["ok"]
    for person in (bo, amara, third):
        await person.close()


async def test_leaving_frees_the_seat_and_keeps_the_connection(served: Served) -> None:
    bo, amara = await both(served)
    assert await bo.ask("leave") == {"ok": True}
    assert [member["id"] for member in (await amara.expect("roster", 2))["members"]] == ["s"]
    assert (await bo.ask("signal", offer(1, 1)))["code"] == "not-a-member"
    await served.server.settled()
    assert served.house.told[-1] == ("presence", "bo", False)
    await bo.close()
    await amara.close()


def changed(status: str, served: Served) -> VisitChanged:
    return VisitChanged(VISIT, "amara", status, "ready", "good", served.clock.at)


async def test_the_watching_specialist_and_the_patient_hear_of_changes(served: Served) -> None:
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    cy = await Person().connect(served, {"Cookie": "visit=cy"}, visit="another-visit")
    quiet = await Person().connect(served, {"Cookie": "staff=amara2"})
    assert (await amara.ask("watch"))["since"].startswith("2026-11-23T09:")
    await served.server.announce(changed("waiting", served))
    moved = {"visit": VISIT, "status": "waiting", "changed": "2026-11-23T09:00:00Z"}
    assert await bo.expect("visit") == moved
    assert await amara.expect("visit") == moved
    line = {
        "visit": VISIT,
        "status": "waiting",
        "device": "ready",
        "connection": "good",
        "test": False,
        "asking": False,
    }
    assert await amara.expect("clinic") == {**line, "since": "2026-11-23T09:00:00Z"}
    assert cy.received == quiet.received == bo.all("clinic") == []
    for person in (bo, amara, cy, quiet):
        await person.close()
