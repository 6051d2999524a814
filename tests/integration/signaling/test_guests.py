"""A guest over real sockets: let in, a third in the mesh, shown out at once, and never more than that."""

import pytest

from telehealth.domain.guests import GuestState
from telehealth.domain.notices import GuestChanged, SessionsEnded, VisitEnded
from tests.integration.signaling.asking import Asker
from tests.integration.signaling.house import FRESH, GUEST, VISIT, Person, Served, offer
from tests.integration.signaling.seated import both
from tests.integration.signaling.test_gate import ADDRESS, answer
from tests.integration.signaling.test_talking import say


async def three(served: Served) -> tuple[Person, Person, Person]:
    """Return Bo, Dr Amara and Lina, whom Dr Amara has let in."""
    bo, amara = await both(served)
    served.house.admitted.add("lina")
    lina = await Person().connect(served, GUEST, guest="lina")
    assert (await lina.ask("enter", {"epoch": 0, "since": 0}))["you"] == "g1"
    return bo, amara, lina


async def close(*people: Person) -> None:
    for person in people:
        await person.close()


async def test_a_guest_who_was_let_in_is_the_third_in_the_call(served: Served) -> None:
    bo, amara, lina = await three(served)
    roster = await bo.expect("roster", 3)
    assert [member["id"] for member in roster["members"]] == ["g1", "p", "s"]
    assert (roster["epoch"], roster["pairs"]) == (1, {"g1": {"epoch": 1, "polite": False}})
    assert (await bo.ask("signal", offer(1, 1) | {"to": "g1"}))["ok"]
    assert (await lina.expect("signal"))["from"] == "p"
    assert (await lina.ask("signal", offer(1, 1, "mine")))["ok"]
    assert (await amara.expect("signal"))["from"] == "g1"
    assert amara.all("signal") == [await amara.expect("signal")]
    await close(bo, amara, lina)


async def test_a_guest_without_a_websocket_waits_comes_in_and_is_shown_out(served: Served) -> None:
    bo, amara = await both(served)
    lina = await Asker().connect(served, GUEST, guest="lina")
    assert (await lina.ask("enter", FRESH))["code"] == "not-admitted"
    served.house.admitted.add("lina")
    await served.server.announce(GuestChanged(VISIT, "amara", "lina", GuestState.ADMITTED))
    assert (await lina.expect("guest"))["state"] == "admitted"
    assert (await lina.ask("enter", FRESH))["you"] == "g1"
    assert (await bo.ask("signal", offer(1, 1) | {"to": "g1"}))["ok"]
    assert (await lina.expect("signal"))["from"] == "p"
    await served.server.announce(SessionsEnded(("lina",)))
    assert await lina.expect("ended") == {"visit": VISIT, "reason": "revoked"}
    await lina.gone()
    await close(bo, amara)


async def test_the_patient_hears_who_waits_to_be_let_in_and_nothing_else_of_invitations(
    served: Served,
) -> None:
    bo, amara = await both(served)
    for state in GuestState:
        if state is not GuestState.WAITING:
            await served.server.announce(GuestChanged(VISIT, "amara", "lina", state))
    await served.server.announce(GuestChanged(VISIT, "amara", "lina", GuestState.WAITING))
    assert await bo.expect("guest") == {"visit": VISIT, "guest": "lina", "state": "waiting"}
    assert len(bo.all("guest")) == 1
    await close(bo, amara)


async def test_a_guest_outside_gets_nothing_but_the_word_to_come_in(served: Served) -> None:
    bo, amara = await both(served)
    await amara.ask("watch")
    lina = await Person().connect(served, GUEST, guest="lina")
    assert (await lina.ask("enter", FRESH))["code"] == "not-admitted"
    assert (await lina.ask("enter", FRESH | {"prepared": True}))["code"] == "not-admitted"
    assert (await lina.ask("watch"))["code"] == "not-permitted"
    assert (await lina.ask("signal", offer(1, 1)))["code"] == "not-a-member"
    assert (await lina.ask("quality", {"state": "good"}))["code"] == "not-a-member"
    await served.server.announce(GuestChanged(VISIT, "amara", "lina", GuestState.ADMITTED))
    told = {"visit": VISIT, "guest": "lina", "state": "admitted"}
    assert await lina.expect("guest") == await amara.expect("guest") == told
    assert bo.all("guest") == []
    assert {event for event, _ in lina.received} == {"guest"}
    await close(bo, amara, lina)


async def test_what_is_written_reaches_a_guest_and_what_they_write_everybody_with_their_part(
    served: Served,
) -> None:
    bo, amara, lina = await three(served)
    assert (await amara.ask("say", say("a", "Do you hear me?")))["seq"] == 1
    assert (await lina.expect("said"))["text"] == "Do you hear me?"
    assert (await lina.ask("say", say("l", "She does.")))["seq"] == 2
    for person in (bo, amara, lina):
        told = await person.expect("said", 2)
        assert (told["from"], told["name"], told["part"]) == ("g1", "Lina", "relative")
    assert "part" not in amara.all("said")[0]
    await close(bo, amara, lina)


async def test_a_guest_hears_nothing_from_before_they_were_let_in_even_when_it_is_sent_again(
    served: Served,
) -> None:
    bo, amara = await both(served)
    await bo.ask("say", say("b", "Before Lina came"))
    served.house.admitted.add("lina")
    served.house.hears_after = 1
    lina = await Asker().connect(served, GUEST, guest="lina")
    assert (await lina.ask("say", say("l", "Hello")))["code"] == "not-a-member"
    await lina.ask("enter", FRESH)
    assert await lina.ask("catch-up", {"since": 0}) == {"ok": True, "said": [], "last": 1, "more": False}
    await bo.ask("say", say("b", "Before Lina came"))
    await amara.expect("said", 2)
    assert (await lina.ask("say", say("l", "Hello")))["seq"] == 2
    assert (await lina.ask("say", say("l", "Hello")))["seq"] == 2, "sent again without a websocket, too"
    assert {each["seq"] for each in lina.all("said")} == {2}
    await close(bo, amara)
    await lina.vanish()


async def test_a_guest_who_was_removed_neither_hears_nor_writes(served: Served) -> None:
    bo, amara, lina = await three(served)
    await served.server.announce(GuestChanged(VISIT, "amara", "lina", GuestState.OPENED))
    await amara.ask("say", say("a", "Between us again"))
    await bo.expect("said")
    for event, body in (("say", say("l", "Hello?")), ("catch-up", {"since": 0})):
        assert (await lina.ask(event, body))["code"] == "not-a-member"
    assert lina.all("said") == []
    await close(bo, amara, lina)


async def test_a_guest_who_is_removed_is_out_at_once_and_the_call_goes_on(served: Served) -> None:
    bo, amara, lina = await three(served)
    await served.server.announce(SessionsEnded(("lina",)))
    assert await lina.expect("ended") == {"visit": VISIT, "reason": "revoked"}
    await lina.expect("signed-out")
    await lina.gone()
    roster = await bo.expect("roster", 4)
    assert (roster["epoch"], [each["id"] for each in roster["members"]]) == (1, ["p", "s"])
    assert "pairs" not in roster
    assert (await amara.ask("signal", offer(1, 1)))["ok"]
    assert (await bo.expect("signal"))["epoch"] == 1
    await close(bo, amara)


@pytest.mark.parametrize("broken", [False, True])
async def test_a_guest_whose_page_leaves_over_http_alone_sits_in_the_call_no_longer(
    served: Served, broken: bool
) -> None:
    bo, amara, lina = await three(served)
    if broken:
        await lina.vanish()
        assert [each["here"] for each in (await bo.expect("roster", 4))["members"]] == [False, True, True]
    await served.server.announce(GuestChanged(VISIT, "amara", "lina", GuestState.OPENED))
    roster = await bo.expect("roster", 5 if broken else 4)
    assert [each["id"] for each in roster["members"]] == ["p", "s"]
    if not broken:
        assert await lina.expect("ended") == {"visit": VISIT, "reason": "revoked"}
        assert (await lina.ask("signal", offer(1, 1)))["code"] == "not-a-member"
        await lina.close()
    await close(bo, amara)


async def test_the_end_of_the_visit_reaches_guests_in_the_call_and_before_it(served: Served) -> None:
    bo, amara, lina = await three(served)
    waiting = await Person().connect(served, GUEST, guest="lina")
    await served.server.announce(VisitEnded(VISIT, "ended"))
    for each in (lina, waiting):
        assert (await each.expect("ended"))["reason"] == "ended"
    await close(bo, amara, lina, waiting)


@pytest.mark.parametrize(
    "cookie,query",
    [
        ("guest=lina", "&guest=another"),
        ("guest=nobody", "&guest=lina"),
        ("guest=bo", "&guest=bo"),
        ("guest=lina", f"&guest={'l' * 100}"),
        ("guest=lina", ""),
        ("visit=lina", f"&visit={VISIT}"),
    ],
)
async def test_a_stranger_is_refused(served: Served, cookie: str, query: str) -> None:
    assert await answer(served, {"Cookie": cookie}, ADDRESS + query) == (401, "not-signed-in")


async def test_a_guest_does_not_stand_in_for_the_patient(served: Served) -> None:
    bo, amara, lina = await three(served)
    await served.server.settled()
    told = list(served.house.told)
    assert (await lina.ask("quality", {"state": "poor"}))["ok"]
    await lina.close()
    await amara.expect("roster", 4)
    await served.server.settled()
    assert served.house.told == told
    await close(bo, amara)
