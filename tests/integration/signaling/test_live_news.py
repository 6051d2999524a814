"""News without a websocket: numbered, in order, kept until they arrived; and when a connection is lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from signaling.limits import Limits, Rate
from telehealth.domain.notices import DeviceMoved, MessageLeft, SessionsEnded
from tests.integration.signaling.asking import Asker, Line, signed
from tests.integration.signaling.house import (
    FRESH,
    PATIENT,
    QUICK,
    STAFF,
    VISIT,
    Person,
    Served,
    offer,
    remains,
    serving,
    tight,
)

PROBE = ["probe", {"n": 1}]
ENTER = ["enter", {"epoch": 0, "since": 0}]
QUALITY = ["quality", {"state": "poor"}]


@pytest.fixture
async def line(served: Served) -> AsyncIterator[Line]:
    """Bo's connection, one request at a time."""
    line = await Line(served, signed(served, PATIENT), VISIT).open()
    yield line
    await line.close()


def named(news: list[dict[str, object]]) -> list[object]:
    return [each.get("event") or f"ack {each['ack']}" for each in news]


async def test_what_did_not_arrive_comes_again_and_what_did_does_not(served: Served, line: Line) -> None:
    for _ in range(3):
        await served.server.announce(MessageLeft(VISIT))
    assert [each["n"] for each in (await line.ask())["news"]] == [1, 2, 3]
    assert [each["n"] for each in (await line.ask())["news"]] == [1, 2, 3], "the first answer was lost"
    assert [each["n"] for each in (await line.ask(2))["news"]] == [3]
    assert [each["n"] for each in (await line.ask(1))["news"]] == [3], "a late question brings nothing back"
    assert [each["n"] for each in await line.say(1, PROBE, since=3)] == [4]


async def test_events_whose_answer_was_lost_are_not_taken_twice(served: Served, line: Line) -> None:
    first = await line.say(1, ENTER, QUALITY)
    assert named(first) == ["ack 1", "roster", "ack 2", "roster"]
    assert await line.say(1, ENTER, QUALITY) == first, "the same answers, and nobody entered again"
    more = await line.say(2, QUALITY, ["probe", {"n": 9}], since=4)
    assert more == [{"n": 5, "ack": 3, "body": {"ok": True, "n": 9}}], "only the new one was taken"


async def test_an_event_that_comes_too_early_is_not_taken(line: Line) -> None:
    batch = {"since": 0, "first": 2, "events": [PROBE]}
    assert await line.code("POST", "/events", batch) == (409, "out-of-order")
    assert named(await line.say(1, PROBE, PROBE)) == ["ack 1", "ack 2"]


async def test_nothing_overtakes_even_while_the_house_thinks(served: Served, line: Line) -> None:
    served.house.hold = asyncio.Event()
    entering = asyncio.create_task(line.say(1, ENTER))
    await served.house.asked(1)
    after = asyncio.create_task(line.say(2, PROBE))
    await served.server.announce(MessageLeft(VISIT))
    assert named((await line.ask())["news"]) == ["message"], "news are not held up by a slow answer"
    served.house.hold.set()
    await entering
    assert named(await after) == ["message", "ack 1", "roster", "ack 2"]


async def test_a_question_is_held_until_there_is_news(served: Served, line: Line) -> None:
    asked = asyncio.create_task(line.ask())
    await line.say(1, ENTER)
    assert not asked.done(), "what belongs to a request comes with its own answer"
    await served.server.announce(MessageLeft(VISIT))
    assert named((await asked)["news"]) == ["ack 1", "roster", "message"]


async def test_a_question_ends_without_news_and_when_another_comes() -> None:
    async with serving(tight(hold=0.1)) as served:
        line = await Line(served, signed(served, PATIENT), VISIT).open()
        assert await line.ask() == {"news": [], "over": False}
        await line.close()
    async with serving(Limits()) as served:
        line = await Line(served, signed(served, PATIENT), VISIT).open()
        first = asyncio.create_task(line.ask())
        await line.say(1, PROBE)
        second = asyncio.create_task(line.ask(1))
        assert (await asyncio.wait_for(first, 5))["over"] is False
        await served.server.announce(MessageLeft(VISIT))
        assert named((await second)["news"]) == ["message"]
        await line.close()


async def test_too_many_events_are_refused_as_by_socket() -> None:
    async with serving(tight(events=Rate(0.1, 5), costly_events=Rate(0.1, 3))) as served:
        line = await Line(served, signed(served, PATIENT), VISIT).open()
        news = await line.say(1, *[QUALITY] * 4, *[PROBE] * 3)
        assert [each["body"]["ok"] for each in news] == [True] * 3 + [False] + [True] + [False] * 2
        assert {each["body"].get("code", "") for each in news} == {"", "too-fast"}
        await line.close()


async def test_who_does_not_ask_is_a_lost_socket_and_keeps_the_seat_for_the_grace(served: Served) -> None:
    amara = await Person().connect(served, STAFF)
    line = await Line(served, signed(served, PATIENT), VISIT).open()
    await line.say(1, ENTER)
    await amara.ask("enter", FRESH)
    served.clock.turn(44)
    served.server.tick()
    assert served.server.connections().connections == 2
    served.clock.turn(1.5)
    served.server.tick()
    assert [member["here"] for member in (await amara.expect("roster", 2))["members"]] == [False, True]
    assert await line.code("GET", since=0) == (404, "not-connected")
    again = await Asker().connect(served, PATIENT, visit=VISIT)
    assert (await again.ask("enter", {"epoch": 1, "since": 0}))["epoch"] == 1
    assert [member["here"] for member in (await amara.expect("roster", 3))["members"]] == [True, True]
    for person in (amara, again, line):
        await person.close()


async def test_asking_keeps_a_connection() -> None:
    async with serving(tight(hold=0.01)) as served:
        line = await Line(served, signed(served, PATIENT), VISIT).open()
        for _ in range(4):
            served.clock.turn(30)
            await line.ask()
            served.server.tick()
        assert served.server.connections().connections == 1
        await line.close()


async def test_who_fetches_nothing_is_cut(served: Served, line: Line) -> None:
    for _ in range(201):
        await served.server.announce(MessageLeft(VISIT))
    await asyncio.sleep(0)
    assert served.server.connections().connections == 0
    assert await line.code("GET", since=0) == (404, "not-connected")


async def test_who_notes_no_answer_and_goes_on_asking_is_cut_as_well() -> None:
    async with serving(tight(queued_packets=5)) as served:
        line = await Line(served, signed(served, PATIENT), VISIT).open()
        assert len(await line.say(1, *[PROBE] * 5)) == 5
        assert len(await line.say(6, *[PROBE] * 5, since=5)) == 5, "who notes them may go on for ever"
        assert len(await line.say(6, *[PROBE] * 5, since=5)) == 5, "and may ask for them again"
        more = {"since": 5, "first": 11, "events": [PROBE]}
        assert await line.code("POST", "/events", more) == (404, "not-connected")
        assert served.server.connections().connections == 0
        await line.close()


async def test_leaving_the_page_ends_the_connection_at_once(served: Served, line: Line) -> None:
    await line.say(1, ENTER)
    name = line.headers.pop("X-Connection")
    del line.headers["X-CSRF-Token"]
    assert await line.send("POST", "/end", {"connection": name}) == (200, {"ok": True})
    assert await line.code("POST", "/end", {"connection": 7}) == (400, "bad-message")
    assert served.server.connections().connections == 0
    assert served.server.connections().rooms == 1, "the seat is kept: it may be a reload"


async def test_the_third_window_makes_the_oldest_go_whatever_the_way(served: Served, line: Line) -> None:
    socket = await Person().connect(served, PATIENT, visit=VISIT)
    third = await Asker().connect(served, PATIENT, visit=VISIT)
    told = await line.ask()
    assert (told["over"], told["news"][-1]["event"], told["news"][-1]["body"]) == (
        True, "replaced", {"by": "window"},
    )  # fmt: skip
    fourth = await Asker().connect(served, PATIENT, visit=VISIT)
    await socket.expect("replaced")
    await socket.gone()
    for person in (third, fourth):
        await person.close()


async def test_a_second_tab_takes_the_call_over_without_a_leave(served: Served) -> None:
    bo, amara = await Asker().connect(served, PATIENT, visit=VISIT), await Asker().connect(served, STAFF)
    await bo.ask("enter", {"epoch": 0, "since": 0})
    await amara.ask("enter", FRESH)
    tab = await Asker().connect(served, PATIENT, visit=VISIT)
    assert (await tab.ask("enter", {"epoch": 0, "since": 0}))["ok"]
    assert await bo.expect("replaced") == {"by": "window"}
    await bo.gone()
    assert all(len(roster["members"]) == 2 for roster in amara.all("roster")[1:])
    for person in (amara, tab):
        await person.close()


async def test_a_signed_out_session_and_a_moved_device_are_told_and_gone(served: Served, line: Line) -> None:
    amara = await Asker().connect(served, STAFF)
    await served.server.announce(SessionsEnded(("session-amara",)))
    assert await amara.expect("signed-out") == {}
    await amara.gone()
    await served.server.announce(DeviceMoved(VISIT, "session-bo", "session-bo-2"))
    told = await line.ask()
    assert (told["over"], told["news"][-1]["body"]) == (True, {"by": "device"})
    assert served.server.connections().connections == 0


async def test_who_is_shown_out_and_does_not_ask_is_out_all_the_same(served: Served, line: Line) -> None:
    await line.say(1, PROBE)
    await served.server.announce(SessionsEnded(("session-bo",)))
    batch = {"since": 1, "first": 2, "events": [ENTER]}
    _, told = await line.send("POST", "/events", batch)
    assert named(told["news"]) == ["signed-out", "ack 2"]
    assert told["news"][1]["body"]["code"] == "not-a-member"
    other = await Line(served, signed(served, {"Cookie": "staff=amara2"})).open()
    await served.server.announce(SessionsEnded(("session-amara-2",)))
    assert not await remains(lambda: served.server.connections().connections > 0)
    assert await other.code("GET", since=0) == (404, "not-connected")
    await other.close()


async def test_a_drain_tells_everybody_and_does_not_wait_for_questions() -> None:
    patient = Limits(hold=25, close_within=0.3, drain_within=1)
    async with serving(patient) as served:
        amara = await Asker().connect(served, STAFF)
        silent = await Line(served, signed(served, PATIENT), VISIT).open()
        started = asyncio.get_running_loop().time()
        await served.server.drain()
        assert asyncio.get_running_loop().time() - started < 1
        assert await amara.expect("draining") == {"retry": 2}
        await amara.gone()
        late = Line(served, signed(served, STAFF))
        assert await late.code("POST") == (503, "draining")
        for line in (late, silent):
            await line.close()


async def test_nothing_is_left_behind(served: Served) -> None:
    tasks = len(asyncio.all_tasks())
    for way in range(6):
        bo = await Asker().connect(served, PATIENT, visit=VISIT)
        await bo.ask("enter", {"epoch": 0, "since": 0})
        await bo.ask("signal", offer(1, 1))
        await (bo.close() if way % 2 else bo.vanish())
    served.clock.turn(46)
    served.server.tick()
    served.clock.turn(61)
    served.server.tick()
    await served.server.settled()
    assert served.server.connections() == type(served.server.connections())(0, 0, 0)
    await asyncio.sleep(QUICK.close_within)
    assert len(asyncio.all_tasks()) <= tasks + 1
    assert QUICK.silence + QUICK.grace < timedelta(minutes=2)
