"""A call over real sockets: in, seen, introduced, lost, back, ended."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from telehealth.domain.notices import SessionsEnded, VisitChanged, VisitEnded
from tests.integration.signaling.house import (
    FRESH,
    PATIENT,
    STAFF,
    VISIT,
    Person,
    Served,
    candidate,
    offer,
    serving,
)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as running:
        yield running


async def both(served: Served) -> tuple[Person, Person]:
    """Return Bo and Dr Amara, seated in epoch 1."""
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    assert (await bo.ask("enter", {"epoch": 0, "since": 0}))["ok"]
    assert (await amara.ask("enter", FRESH))["ok"]
    await bo.expect("roster", 2)
    return bo, amara


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
    await asyncio.sleep(0.1)
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
    assert (
        served.house.told[-3:]
        == [
            ("connection", "bo", "reconnecting"),
            ("presence", "bo", True),
            ("connection", "bo", "good"),
        ]
        or ("presence", "bo", False) not in served.house.told
    )
    await again.close()
    await amara.close()


async def test_the_grace_ends_in_absence_and_not_before(served: Served) -> None:
    bo, amara = await both(served)
    await bo.vanish()
    await amara.expect("roster", 2)
    served.clock.turn(58)
    await asyncio.sleep(0.15)
    assert ("presence", "bo", False) not in served.house.told
    served.clock.turn(2)
    gone = await amara.expect("roster", 3)
    assert [member["id"] for member in gone["members"]] == ["s"]
    await served.server.settled()
    assert served.house.told[-1] == ("presence", "bo", False)
    await amara.close()


async def test_a_second_tab_takes_over_and_the_first_is_closed(served: Served) -> None:
    bo, amara = await both(served)
    second = await Person().connect(served, PATIENT, visit=VISIT)
    await second.ask("enter", {"epoch": 0, "since": 0})
    assert await bo.expect("replaced") == {}
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
    line = {"visit": VISIT, "status": "waiting", "device": "ready", "connection": "good"}
    assert await amara.expect("clinic") == {**line, "since": "2026-11-23T09:00:00Z"}
    assert cy.received == quiet.received == bo.all("clinic") == []
    for person in (bo, amara, cy, quiet):
        await person.close()


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


async def test_a_right_that_is_withdrawn_ends_the_call_for_that_person(served: Served) -> None:
    bo, amara = await both(served)
    served.house.admitted.discard("bo")
    await served.server.announce(changed("waiting", served))
    assert (await bo.expect("ended"))["reason"] == "revoked"
    assert [member["id"] for member in (await amara.expect("roster", 2))["members"]] == ["s"]
    assert (await bo.ask("signal", offer(1, 1)))["code"] == "not-a-member"
    assert amara.all("ended") == []
    await bo.close()
    await amara.close()


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
    await asyncio.sleep(0.05)
    await served.server.announce(SessionsEnded(("session-amara",)))
    served.house.hold.set()
    await amara.gone()
    assert served.server.connections().rooms == 0


async def test_an_answer_that_the_visit_has_overtaken_is_asked_again(served: Served) -> None:
    amara = await Person().connect(served, STAFF)
    served.house.hold = asyncio.Event()
    asked = asyncio.create_task(amara.ask("enter", FRESH))
    await asyncio.sleep(0.05)
    first, served.house.hold = served.house.hold, asyncio.Event()
    await served.server.announce(VisitEnded(VISIT, "ended"))
    first.set()
    await asyncio.sleep(0.05)
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
