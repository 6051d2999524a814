"""Who may come in without a websocket, and who may use such a connection: its owner, from our own page."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from signaling.limits import Rate
from telehealth.domain.notices import SessionsEnded
from tests.integration.signaling.asking import Line, signed
from tests.integration.signaling.house import GUEST, ORIGIN, PATIENT, STAFF, VISIT, Served, bo, serving, tight

CY = {"Cookie": "visit=cy"}
PROBE = ["probe", {"n": 1}]
SAID = {"since": 0, "first": 1, "events": [PROBE]}


@pytest.fixture
async def bo_asks(served: Served) -> AsyncIterator[Line]:
    line = await Line(served, signed(served, PATIENT), VISIT).open()
    yield line
    await line.close()


async def refusal(
    served: Served, headers: dict[str, str], visit: str | None = None, guest: str | None = None
) -> tuple[int, str]:
    line = Line(served, headers, visit, guest)
    answer = await line.code("POST")
    await line.close()
    return answer


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_a_page_from_elsewhere_is_refused(
    served: Served, bo_asks: Line, headers: dict[str, str]
) -> None:
    assert await refusal(served, {**signed(served, STAFF), **headers}) == (403, "bad-origin")
    bo_asks.headers |= headers
    end = {"connection": bo_asks.headers["X-Connection"]}
    for method, path, body in (("GET", "", None), ("POST", "/events", SAID), ("POST", "/end", end)):
        assert await bo_asks.code(method, path, body, since=0) == (403, "bad-origin")
    assert served.server.connections().connections == 1


async def test_our_own_page_comes_in(served: Served) -> None:
    ours = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
    line = await Line(served, {**signed(served, PATIENT), **ours}, VISIT).open()
    assert (await line.say(1, PROBE))[0] == {"n": 1, "ack": 1, "body": {"ok": True, "n": 1}}
    await line.close()


@pytest.mark.parametrize(
    "headers,visit",
    [
        ({}, None),
        ({"Cookie": "staff=nobody"}, None),
        (PATIENT, None),
        (PATIENT, "another-visit"),
        (CY, VISIT),
        (PATIENT, "v" * 65),
    ],
)
async def test_a_stranger_is_refused(served: Served, headers: dict[str, str], visit: str | None) -> None:
    assert await refusal(served, headers, visit) == (401, "not-signed-in")
    assert served.server.connections().connections == 0


@pytest.mark.parametrize(
    "headers,guest",
    [
        (GUEST, None),
        (GUEST, "another"),
        (GUEST, "l" * 65),
        (PATIENT, "lina"),
        ({"Cookie": "guest=nobody"}, "lina"),
        ({"Cookie": "guest=bo"}, "bo"),
    ],
)
async def test_a_stranger_does_not_come_in_as_a_guest(
    served: Served, headers: dict[str, str], guest: str | None
) -> None:
    assert await refusal(served, headers, guest=guest) == (401, "not-signed-in")
    assert await refusal(served, GUEST, guest="lina") == (403, "cross-site"), "a cookie alone opens nothing"
    assert served.server.connections().connections == 0


async def test_without_the_pages_token_nothing_is_opened_or_said(served: Served, bo_asks: Line) -> None:
    assert await refusal(served, STAFF) == (403, "cross-site")
    for wrong in ("", "of session-cy"):
        bo_asks.headers["X-CSRF-Token"] = wrong
        assert await bo_asks.code("POST", "/events", SAID) == (403, "cross-site")
    assert bo_asks.headers.pop("X-CSRF-Token") == "of session-cy"
    assert await bo_asks.code("POST", "/events", SAID) == (403, "cross-site")
    bo_asks.headers |= signed(served, PATIENT)
    assert len(await bo_asks.say(1, PROBE)) == 1, "the number is still free"


async def test_somebody_elses_connection_is_not_there(served: Served, bo_asks: Line) -> None:
    name = bo_asks.headers["X-Connection"]
    amara = await Line(served, signed(served, STAFF)).open()
    cy = await Line(served, signed(served, CY), "another-visit").open()
    nobody = Line(served, {"X-CSRF-Token": "of session-bo"}, VISIT)
    for line in (amara, cy, nobody):
        for forged in (name, name[:-1], "", "x" * 43):
            line.headers["X-Connection"] = forged
            assert await line.code("GET", since=0) == (404, "not-connected")
            assert await line.code("POST", "/events", SAID) == (404, "not-connected")
            assert await line.code("POST", "/end", {"connection": forged}) == (404, "not-connected")
        await line.close()
    assert await bo_asks.say(1, PROBE) == [{"n": 1, "ack": 1, "body": {"ok": True, "n": 1}}]


async def test_a_connection_goes_on_when_its_session_has_a_new_cookie(served: Served, bo_asks: Line) -> None:
    served.house.people["bo-new"] = bo()
    bo_asks.headers["Cookie"] = "visit=bo-new"
    assert len(await bo_asks.say(1, PROBE)) == 1
    served.house.people["bo-later"] = bo("session-bo-2")
    bo_asks.headers["Cookie"] = "visit=bo-later"
    assert await bo_asks.code("GET", since=0) == (404, "not-connected")


async def test_a_session_that_has_ended_does_not_slip_in(served: Served) -> None:
    await served.server.announce(SessionsEnded(("session-bo",)))
    assert await refusal(served, signed(served, PATIENT), VISIT) == (401, "not-signed-in")
    assert served.server.connections().connections == 0


async def test_connecting_counts_as_a_connect_whatever_the_way() -> None:
    async with serving(tight(connects_of_session=Rate(0.01, 2))) as served:
        lines = [await Line(served, signed(served, PATIENT), VISIT).open() for _ in range(2)]
        assert await refusal(served, signed(served, PATIENT), VISIT) == (429, "too-fast")
        assert await refusal(served, signed(served, STAFF)) == (200, "")
        for line in lines:
            await line.close()


async def test_guessing_names_costs_what_connecting_costs() -> None:
    async with serving(tight(connects_of_address=Rate(0.01, 5))) as served:
        line = Line(served, {**signed(served, PATIENT), "X-Connection": "x" * 43}, VISIT)
        answers = [await line.code("GET", since=0) for _ in range(6)]
        assert answers == [(404, "not-connected")] * 5 + [(429, "too-fast")]
        await line.close()


@pytest.mark.parametrize("body,answer", [(b"{", (400, "bad-message")), (b" " * 65_537, (413, "too-large"))])
async def test_so_does_an_end_that_cannot_be_read(body: bytes, answer: tuple[int, str]) -> None:
    async with serving(tight(connects_of_address=Rate(0.01, 3))) as served:
        line = Line(served, {}, VISIT)
        answers = [await line.code("POST", "/end", body) for _ in range(4)]
        assert answers == [answer] * 3 + [(429, "too-fast")]
        await line.close()


async def test_a_full_house_takes_nobody_more() -> None:
    async with serving(tight(connections=1)) as served:
        line = await Line(served, signed(served, PATIENT), VISIT).open()
        assert await refusal(served, signed(served, STAFF)) == (503, "draining")
        await line.close()


async def test_too_many_requests_of_one_connection_are_refused_and_it_lives() -> None:
    async with serving(tight(requests=Rate(0.1, 3), hold=0.01)) as served:
        line = await Line(served, signed(served, PATIENT), VISIT).open()
        assert [(await line.code("GET", since=0))[0] for _ in range(4)] == [200] * 3 + [429]
        served.clock.turn(30)  # not so long that the line counts as lost
        assert (await line.ask())["over"] is False
        await line.close()


@pytest.mark.parametrize(
    "body,answer",
    [
        (b"{", (400, "bad-message")),
        (b"[]", (400, "bad-message")),
        (b"[" * 60_000, (400, "bad-message")),
        ({**SAID, "since": -1}, (400, "bad-message")),
        ({**SAID, "since": 7}, (400, "bad-message")),
        ({**SAID, "first": 0}, (400, "bad-message")),
        ({**SAID, "first": True}, (400, "bad-message")),
        ({**SAID, "events": []}, (400, "bad-message")),
        ({**SAID, "events": [PROBE] * 33}, (400, "bad-message")),
        ({**SAID, "events": [["disconnect", "x"]]}, (400, "bad-message")),
        ({**SAID, "events": [["probe", {}, {}]]}, (400, "bad-message")),
        ({**SAID, "events": [[[]]]}, (400, "bad-message")),
        ({**SAID, "events": ["probe"]}, (400, "bad-message")),
        (b" " * 65_537, (413, "too-large")),
    ],
)
async def test_what_cannot_be_read_ends_the_connection(
    served: Served, bo_asks: Line, body: object, answer: tuple[int, str]
) -> None:
    assert await bo_asks.code("POST", "/events", body) == answer
    assert await bo_asks.code("GET", since=0) == (404, "not-connected")
    assert served.server.connections().connections == 0


@pytest.mark.parametrize("since", ["", "-1", "x", "1.0", "²", "9" * 40, "1"])
async def test_a_question_that_cannot_be_read_is_refused(bo_asks: Line, since: str) -> None:
    assert await bo_asks.code("GET", since=since) == (400, "bad-message")
    assert len(await bo_asks.say(1, PROBE)) == 1


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async with serving(tight(body_within=0.1)) as served:
        line = await Line(served, signed(served, PATIENT), VISIT).open()
        sent = asyncio.Event()

        async def slow() -> object:
            yield b"{"
            await sent.wait()

        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{served.url}/live/events?visit={VISIT}", data=slow(), headers=line.headers) as got,
        ):
            assert (got.status, (await got.json(content_type=None))["code"]) == (408, "too-slow")
            sent.set()
        assert len(await line.say(1, PROBE)) == 1
        await line.close()
