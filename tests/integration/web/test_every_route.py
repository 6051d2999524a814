"""What holds for each line of the table: who is let in, that writes come from our own pages, limits."""

import re

import pytest

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import Hospital
from tests.integration.web.journeys import booked, opened
from web.guard import MOUNTED
from web.route import Access, Route
from web.routes import routes

TABLE = routes()
NOBODYS_ID = "019a0000-0000-7000-8000-000000000000"
NO_SESSION_YET = {
    "POST /sign-in",
    "POST /forgotten",
    "POST /invitation/look",
    "POST /invitation",
    "POST /v/code",
    "POST /v/new-link",
    "POST /v/calendar",
    "POST /v/change",
    "POST /v/transfer",
    "POST /v/offer",
    "POST /v/offer/take",
    "POST /v/offer/decline",
    "POST /v/choose",
    "POST /v/choose/{choice}",
    "POST /v/choose/{choice}/check",
    "POST /v/choose/{choice}/wish",
    "POST /v/choose/{choice}/wish/end",
    "POST /s/{service}",
    "POST /s/{service}/details",
    "POST /s/{service}/check",
    "POST /s/{service}/code",
    "POST /s/{service}/wish",
    "POST /s/{service}/wish/code",
    "POST /s/{service}/wish/end",
    "POST /api/v1/session",
    "POST /api/v1/session/code",
    "POST /api/v1/visit-links/look",
    "POST /api/v1/visit-links/not-mine",
    "POST /api/v1/visit-links/open",
    "POST /api/v1/visit-links/transfer",
    "POST /api/v1/visit-links/line-check",
    "POST /api/v1/line-checks",
    "POST /api/v1/line-checks/offer",
    "POST /api/v1/queue-links/look",
    "POST /api/v1/queue-links/leave",
    "POST /api/v1/queue-links/return",
    "POST /api/v1/guest-links/look",
    "POST /api/v1/open-services/{service}/holds",
    "POST /api/v1/open-services/{service}/person",
    "POST /api/v1/open-services/{service}/state",
    "POST /api/v1/open-services/{service}/confirmation",
    "POST /api/v1/guest-links/open",
    "POST /reports",
    "POST /hooks/sms",
    "POST /fhir/R4/auth/token",
}


def path_of(route: Route, **parts: str) -> str:
    return re.sub(r"{(\w+)}", lambda part: parts.get(part[1], NOBODYS_ID), route.path)


def by_access(*access: Access) -> list[Route]:
    return [route for route in TABLE if route.access in access]


def writes() -> list[Route]:
    return [route for route in TABLE if route.method != "GET"]


def program(route: Route) -> bool:
    return route.path.startswith(("/api/", "/fhir/"))


def names(table: list[Route]) -> list[str]:
    return [route.key for route in table]


PRIVATE = by_access(Access.STAFF, Access.PENDING, Access.VISITOR, Access.GUEST)


@pytest.mark.parametrize("route", PRIVATE, ids=names(PRIVATE))
async def test_nobody_gets_past_the_door(hospital: Hospital, route: Route) -> None:
    nobody = await hospital.visitor()
    answer = await nobody.send(route.method, path_of(route))
    if program(route) or route.path.startswith(("/v/", "/g/")):
        assert answer.status == 401
    else:
        assert answer.status == 303
        assert answer.headers["Location"].startswith("/sign-in")


STAFFED = [route for route in writes() if route.access in {Access.STAFF, Access.PENDING} and route.csrf]


@pytest.mark.parametrize("route", STAFFED, ids=names(STAFFED))
async def test_a_write_without_the_sessions_token_is_refused(hospital: Hospital, route: Route) -> None:
    amara = await hospital.staff(AMARA)
    for token in ("", "x" * 86, (await (await hospital.staff(AMARA)).get("/api/v1/session")).json["csrf"]):
        amara.csrf = token
        answer = await amara.send(route.method, path_of(route))
        assert answer.status == 403
        assert "reload it and try again" in answer.text


@pytest.mark.parametrize("route", writes(), ids=names(writes()))
async def test_a_write_from_another_site_is_refused(hospital: Hospital, route: Route) -> None:
    person = await (hospital.staff(AMARA) if route.csrf else hospital.visitor())
    evil = ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"})
    for headers in evil:
        answer = await person.send(route.method, path_of(route), headers=headers)
        assert answer.status == 403, headers


async def test_only_what_comes_before_a_session_goes_without_a_token() -> None:
    assert {route.key for route in writes() if not route.csrf} == NO_SESSION_YET


async def test_everything_that_costs_something_is_limited() -> None:
    free = {route.key for route in TABLE if not route.limits}
    assert free == {"GET /health/live", "GET /health/ready", "GET /static/{name}"}


VISITORS = by_access(Access.VISITOR)


@pytest.mark.parametrize("route", VISITORS, ids=names(VISITORS))
async def test_a_patients_cookie_opens_their_own_visit_only(hospital: Hospital, route: Route) -> None:
    mine, other = await booked(hospital, 1), await booked(hospital, 3)
    bo = await opened(hospital, mine)
    foreign = await bo.send(route.method, path_of(route, visit=other["visit"]))
    random = await bo.send(route.method, path_of(route))
    assert foreign.status == random.status == 401

    def bare(text: str) -> str:
        return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|nonce=\"[^\"]+\"", "", text)

    assert bare(foreign.text) == bare(random.text)


async def test_a_patients_cookie_opens_nothing_of_the_staffs(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo = await opened(hospital, appointment)
    for route in by_access(Access.STAFF, Access.PENDING):
        parts = {"visit": appointment["visit"], "patient": appointment["patient"], "type": "Patient"}
        answer = await bo.send(route.method, path_of(route, **parts))
        assert answer.status in {401, 303}, route.key


async def test_live_messages_alone_are_mounted_beside_the_table() -> None:
    assert {"/socket.io/", "/live", "/live/events", "/live/end"} == MOUNTED
