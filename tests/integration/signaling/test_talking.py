"""What is said in writing over real sockets: kept first, told to all in the call, and to nobody else."""

import asyncio

from signaling.limits import Rate
from telehealth.domain.errors import VisitClosed
from telehealth.domain.notices import VisitEnded
from tests.integration.signaling.house import FRESH, PATIENT, STAFF, VISIT, Person, Served, serving, tight
from tests.integration.signaling.seated import both
from tests.integration.signaling.test_preparing import moved, prepared


def say(key: str, text: str = "", *, phrase: str = "", kind: str = "chat") -> dict[str, str]:
    return {"id": key, "kind": kind, "phrase": phrase, "text": text}


async def test_what_is_said_reaches_everybody_in_the_call_with_number_sender_and_time(served: Served) -> None:
    bo, amara = await both(served)
    answer = await amara.ask("say", say("a", "Do you hear me?", kind="caption"))
    told = {"seq": 1, "id": "a", "from": "s", "name": "Dr Amara Okafor", "kind": "caption", "phrase": ""}
    told |= {"text": "Do you hear me?", "at": "2026-11-23T09:32:00Z"}
    assert answer == {"ok": True, "seq": 1, "at": "2026-11-23T09:32:00Z"}
    assert await bo.expect("said") == await amara.expect("said") == told
    assert (await bo.ask("say", say("a", phrase="yes")))["seq"] == 2
    assert (await amara.expect("said", 2))["from"] == "p"
    for person in (bo, amara):
        await person.close()


async def test_what_is_sent_again_counts_once_and_is_told_again(served: Served) -> None:
    bo, amara = await both(served)
    first = await bo.ask("say", say("one", "It hurts here"))
    assert await bo.ask("say", say("one", "It hurts here")) == first
    assert await amara.expect("said", 1) == await amara.expect("said", 2)
    assert len(served.house.said) == 1
    for person in (bo, amara):
        await person.close()


async def test_who_comes_back_catches_up_from_the_last_number_in_pages(served: Served) -> None:
    served.house.page = 2
    bo, amara = await both(served)
    await bo.vanish()
    for n in range(3):
        await amara.ask("say", say(str(n), f"line {n}"))
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    assert (await bo.ask("catch-up", {"since": 0}))["code"] == "not-a-member"
    await bo.ask("enter", {"epoch": 1, "since": 0})
    first = await bo.ask("catch-up", {"since": 0})
    assert ([each["text"] for each in first["said"]], first["more"]) == (["line 0", "line 1"], True)
    rest = await bo.ask("catch-up", {"since": first["last"]})
    assert ([each["seq"] for each in rest["said"]], rest["last"], rest["more"]) == ([3], 3, False)
    for person in (bo, amara):
        await person.close()


async def test_a_stranger_is_refused(served: Served) -> None:
    bo, amara = await both(served)
    cy = await Person().connect(served, {"Cookie": "visit=cy"}, visit="another-visit")
    for event, body in (("say", say("x", "hello")), ("catch-up", {"since": 0})):
        assert (await cy.ask(event, body))["code"] == "not-a-member"
    await amara.ask("say", say("a", "for Bo only"))
    await bo.expect("said")
    assert cy.all("said") == []
    for person in (bo, amara, cy):
        await person.close()


async def test_nothing_is_said_or_heard_while_a_call_is_only_prepared(served: Served) -> None:
    bo, amara = await prepared(served)
    for person in (bo, amara):
        assert (await person.ask("say", say("x", "hello")))["code"] == "not-admitted"
        assert (await person.ask("catch-up", {"since": 0}))["code"] == "not-admitted"
    served.house.admitted = {"amara", "bo"}
    served.house.next = None
    await served.server.announce(moved(served, "in-progress"))
    assert (await amara.ask("enter", {"visit": VISIT, "epoch": 1, "since": 0}))["ok"]
    await amara.ask("say", say("a", "Bo is not here yet"))
    await amara.expect("said")
    assert bo.all("said") == [], "admitted, but not yet in the call"
    for person in (bo, amara):
        await person.close()


async def test_another_device_hears_nothing(served: Served) -> None:
    bo, amara = await both(served)
    other = await Person().connect(served, {"Cookie": "visit=bo2"}, visit=VISIT)
    assert (await other.ask("enter", {"epoch": 0, "since": 0}))["code"] == "other-device"
    assert (await other.ask("say", say("x", "hello")))["code"] == "not-a-member"
    await amara.ask("say", say("a", "for the first phone"))
    await bo.expect("said")
    assert other.all("said") == []
    for person in (bo, amara, other):
        await person.close()


async def test_who_loses_the_seat_while_catching_up_is_told_nothing(served: Served) -> None:
    bo, amara = await both(served)
    await amara.ask("say", say("a", "between us"))
    served.house.slow = asyncio.Event()
    asked = asyncio.create_task(amara.ask("catch-up", {"since": 0}))
    await served.house.questioned.wait()
    await served.server.announce(VisitEnded(VISIT, "ended"))
    served.house.slow.set()
    assert (await asked)["code"] == "not-a-member"
    for person in (bo, amara):
        await person.close()


async def test_what_the_service_refuses_only_its_sender_learns(served: Served) -> None:
    bo, amara = await both(served)
    served.house.mute = VisitClosed()
    assert (await bo.ask("say", say("a", "too late")))["code"] == "wrong-state"
    assert amara.all("said") == []
    for person in (bo, amara):
        await person.close()


async def test_talking_has_a_limit() -> None:
    async with serving(tight(costly_events=Rate(0.001, 3))) as served:
        amara = await Person().connect(served, STAFF)
        await amara.ask("enter", FRESH)
        codes = [(await amara.ask("say", say(str(n), "again"))).get("code") for n in range(3)]
        assert codes == [None, None, "too-fast"]
        await amara.close()
