"""One room, two ways in: whoever comes by socket and whoever asks are in the same call by the same rules."""

import pytest

from telehealth.domain.notices import LockChanged, VisitChanged, VisitEnded
from tests.integration.signaling.asking import Asker
from tests.integration.signaling.house import (
    FRESH,
    PATIENT,
    STAFF,
    VISIT,
    House,
    Person,
    Served,
    candidate,
    offer,
    serving,
)

Way = type[Person] | type[Asker]
WAYS: list[tuple[Way, Way]] = [(Asker, Person), (Person, Asker), (Asker, Asker)]
NAMES = ["the patient asks", "the specialist asks", "both ask"]
both_ways = pytest.mark.parametrize("ways", WAYS, ids=NAMES)


async def both(served: Served, ways: tuple[Way, Way]) -> tuple[Person | Asker, Person | Asker]:
    """Return Bo and Dr Amara, seated in epoch 1."""
    bo = await ways[0]().connect(served, PATIENT, visit=VISIT)
    amara = await ways[1]().connect(served, STAFF)
    assert (await bo.ask("enter", {"epoch": 0, "since": 0}))["ok"]
    assert (await amara.ask("enter", FRESH))["ok"]
    await bo.expect("roster", 2)
    return bo, amara


@both_ways
async def test_they_are_introduced_and_nothing_overtakes(served: Served, ways: tuple[Way, Way]) -> None:
    bo, amara = await both(served, ways)
    assert await amara.ask("signal", offer(1, 1)) == {"ok": True, "seq": 1}
    for seq in range(2, 8):
        await amara.ask("signal", candidate(1, seq))
    answer = {**offer(1, 1), "kind": "answer"}
    assert (await bo.ask("signal", answer))["ok"]
    await bo.expect("signal", 7)
    assert [got["seq"] for got in bo.all("signal")] == list(range(1, 8))
    assert await amara.expect("signal") == {**answer, "seq": 8, "from": "p"}
    for person in (bo, amara):
        await person.close()


@both_ways
async def test_a_lost_patient_is_away_and_back_with_what_was_missed(
    served: Served, ways: tuple[Way, Way]
) -> None:
    bo, amara = await both(served, ways)
    await amara.ask("signal", offer(1, 1))
    await bo.expect("signal")
    await (bo.close() if isinstance(bo, Asker) else bo.vanish())
    assert [each["here"] for each in (await amara.expect("roster", 2))["members"]] == [False, True]
    await amara.ask("signal", candidate(1, 2))
    again = await ways[0]().connect(served, PATIENT, visit=VISIT)
    ack = await again.ask("enter", {"epoch": 1, "since": 1})
    assert (ack["epoch"], ack["resumed"]) == (1, True)
    assert (await again.expect("signal"))["seq"] == 2
    for person in (again, amara):
        await person.close()


@both_ways
async def test_going_over_to_questions_in_the_call_keeps_the_seat_and_what_was_missed(
    served: Served, ways: tuple[Way, Way]
) -> None:
    bo, amara = await both(served, ways)
    await bo.ask("signal", offer(1, 1))
    await amara.expect("signal")
    await (amara.close() if isinstance(amara, Asker) else amara.vanish())
    await bo.ask("signal", candidate(1, 2))
    other = {Person: Asker, Asker: Person}[ways[1]]
    again = await other().connect(served, STAFF)
    assert (await again.ask("enter", {**FRESH, "epoch": 1, "since": 1}))["resumed"]
    assert (await again.expect("signal"))["seq"] == 2
    assert all(len(roster["members"]) == 2 for roster in bo.all("roster")[1:])
    for person in (again, bo):
        await person.close()


@both_ways
async def test_the_end_of_the_visit_and_a_leave_reach_both(served: Served, ways: tuple[Way, Way]) -> None:
    bo, amara = await both(served, ways)
    assert (await bo.ask("leave"))["ok"]
    assert [each["id"] for each in (await amara.expect("roster", 2))["members"]] == ["s"]
    await served.server.announce(VisitEnded(VISIT, "ended"))
    for person in (bo, amara):
        assert (await person.expect("ended"))["reason"] == "ended"
        assert (await person.ask("signal", offer(1, 1)))["code"] == "not-a-member"
        await person.close()


@both_ways
async def test_the_next_in_line_is_prepared(ways: tuple[Way, Way]) -> None:
    async with serving(house=House(next=VISIT, admitted={"amara"})) as served:
        bo = await ways[0]().connect(served, PATIENT, visit=VISIT)
        amara = await ways[1]().connect(served, STAFF)
        await amara.ask("watch")
        for person in (bo, amara):
            assert await person.expect("prepare") == {"visit": VISIT, "on": True}
            assert (await person.ask("enter", {**FRESH, "prepared": True}))["roster"] == []
        await amara.ask("signal", offer(1, 1))
        assert (await bo.expect("signal"))["kind"] == "offer"
        assert (await bo.ask("media", {"audio": True, "video": True}))["code"] == "not-admitted"
        served.house.admitted.add("bo")
        for person in (bo, amara):
            assert (await person.ask("enter", {**FRESH, "epoch": 1, "since": 1}))["epoch"] == 1
        assert len((await bo.expect("roster", 1))["members"]) == 1
        await (bo.close() if isinstance(bo, Asker) else bo.vanish())
        await amara.close()


async def test_a_stranger_who_asks_is_refused_and_the_members_notice_nothing(served: Served) -> None:
    bo, amara = await both(served, (Asker, Asker))
    cy = await Asker().connect(served, {"Cookie": "visit=cy"}, visit="another-visit")
    told = len(bo.received)
    assert (await cy.ask("enter", FRESH))["code"] == "not-found"
    assert (await cy.ask("signal", offer(1, 1)))["code"] == "not-a-member"
    assert (await cy.ask("watch"))["code"] == "not-permitted"
    assert (len(bo.received), cy.received) == (told, [])
    for person in (bo, amara, cy):
        await person.close()


async def test_before_admission_there_is_nothing(served: Served) -> None:
    served.house.admitted.discard("bo")
    bo = await Asker().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    await amara.ask("enter", FRESH)
    await amara.ask("signal", offer(1, 1))
    assert (await bo.ask("enter", {"epoch": 0, "since": 0}))["code"] == "not-admitted"
    other = await Asker().connect(served, {"Cookie": "visit=bo2"}, visit=VISIT)
    served.house.admitted.add("bo")
    assert (await other.ask("enter", {"epoch": 0, "since": 0}))["code"] == "other-device"
    assert bo.received + other.received == []
    for person in (bo, amara, other):
        await person.close()


async def test_a_locked_screen_keeps_the_call_and_hears_nothing_else(served: Served) -> None:
    bo, amara = await both(served, (Person, Asker))
    await amara.ask("watch")
    await served.server.announce(LockChanged("session-amara", locked=True))
    await served.server.announce(VisitChanged("v2", "amara", "waiting", "ready", "good", served.clock.at))
    assert (await amara.ask("watch"))["code"] == "session-locked"
    await bo.ask("signal", offer(1, 1))
    assert (await amara.expect("signal"))["from"] == "p"
    assert amara.all("clinic") + amara.all("visit") == []
    for person in (bo, amara):
        await person.close()


@both_ways
async def test_what_is_written_passes_by_either_way_and_is_caught_up_on(
    served: Served, ways: tuple[Way, Way]
) -> None:
    bo, amara = await both(served, ways)
    said = {"id": "a", "kind": "caption", "phrase": "louder", "text": ""}
    assert (await amara.ask("say", said))["seq"] == 1
    told = await bo.expect("said")
    assert (told["from"], told["phrase"]) == ("s", "louder")
    assert (await bo.ask("say", said | {"kind": "chat", "phrase": "yes"}))["seq"] == 2
    assert (await amara.expect("said", 2))["phrase"] == "yes"
    caught_up = await bo.ask("catch-up", {"since": 1})
    assert ([each["seq"] for each in caught_up["said"]], caught_up["last"]) == ([2], 2)
    for person in (bo, amara):
        await person.close()
