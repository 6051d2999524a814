"""Booking: the earliest free time that nobody else takes, marked as a test, with a link."""

import io
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from telehealth.probe.answer import Answer
from telehealth.probe.booking import book, find_patient, find_slots
from telehealth.probe.credentials import Credentials
from telehealth.probe.timeline import Timeline
from telehealth.probe.trouble import ProbeFailed
from tests.unit.probe.scripted import problem, scripted

BO = {"id": "p1", "birth_date": "1961-05-14"}
BOOKED = {"id": "a1", "visit": "v1", "test": True, "join_url": "https://other.example/v?lang=en#T0K3N"}
TAKEN = problem("slot-taken", "This time has just been taken.")


class NineOClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Counting:
    def __init__(self) -> None:
        self.given = 0

    def token(self, length: int) -> bytes:
        self.given += 1
        return bytes([self.given]) * length

    def identifier(self, now: datetime) -> str:
        raise NotImplementedError


def timeline() -> Timeline:
    return Timeline(io.StringIO(), time.monotonic)


def slot(start: str) -> dict[str, Any]:
    return {"start": start, "practitioner": {"id": "s1"}, "service": {"id": "c1"}}


def slots(*starts: str) -> list[Answer]:
    return [Answer(slot(start), "GET /api/v1/slots") for start in starts]


def bo() -> Answer:
    return Answer(BO, "GET /api/v1/patients/p1")


async def test_the_earliest_time_of_every_service_comes_first() -> None:
    services = [
        {"id": "c1", "practitioners": ["s1"]},
        {"id": "c2", "practitioners": ["other"]},
        {"id": "c3", "practitioners": ["s1", "other"]},
    ]
    found = [
        (200, {"slots": [slot("2026-11-23T11:00:00Z")]}),
        (200, {"slots": [slot("2026-11-23T10:00:00Z")]}),
    ]
    answers = {"GET /api/v1/catalogue": [(200, {"services": services})], "GET /api/v1/slots": found}
    async with scripted(answers) as (caller, script):
        told = await find_slots(caller, "s1", NineOClock(), timeline())
    assert [each.text("start") for each in told] == ["2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z"]
    asked = script.bodies("GET /api/v1/slots")
    assert [each["service"] for each in asked] == ["c1", "c3"]
    assert {(each["practitioner"], each["start"]) for each in asked} == {("s1", "2026-11-23T09:00:00+00:00")}
    # Links open a day before the visit.
    assert {each["end"] for each in asked} == {"2026-11-24T08:50:00+00:00"}


async def test_no_free_time_is_told() -> None:
    services = [{"id": "c1", "practitioners": ["s1"]}]
    answers = {
        "GET /api/v1/catalogue": [(200, {"services": services})],
        "GET /api/v1/slots": [(200, {"slots": []})],
    }
    async with scripted(answers) as (caller, _):
        with pytest.raises(ProbeFailed, match="'slot': the specialist has no free time within a day"):
            await find_slots(caller, "s1", NineOClock(), timeline())


async def test_a_time_that_was_taken_meanwhile_is_followed_by_the_next_under_a_key_of_its_own() -> None:
    async with scripted({"POST /api/v1/appointments": [(409, TAKEN), (201, BOOKED)]}) as (caller, script):
        booked = await book(
            caller, bo(), slots("2026-11-23T10:00:00Z", "2026-11-23T10:20:00Z"), Counting(), timeline()
        )
    assert (booked.visit, booked.appointment, booked.token) == ("v1", "a1", "T0K3N")
    sent = script.bodies("POST /api/v1/appointments")
    assert [each["start"] for each in sent] == ["2026-11-23T10:00:00Z", "2026-11-23T10:20:00Z"]
    assert all(each["test"] is True for each in sent)
    keys = [headers["Idempotency-Key"] for _, headers, _ in script.asked]
    assert len(set(keys)) == 2


async def test_when_every_time_is_taken_that_is_told() -> None:
    async with scripted({"POST /api/v1/appointments": [(409, TAKEN)]}) as (caller, _):
        with pytest.raises(ProbeFailed, match="'book': every free time was taken"):
            await book(caller, bo(), slots("2026-11-23T10:00:00Z"), Counting(), timeline())


async def test_another_refusal_than_a_taken_time_is_told_at_once() -> None:
    answers: dict[str, Any] = {"POST /api/v1/appointments": [(503, problem("unavailable", "Busy."))]}
    async with scripted(answers) as (caller, script):
        with pytest.raises(ProbeFailed, match=r"'book': the server answered 503 .unavailable: Busy."):
            await book(caller, bo(), slots("a", "b"), Counting(), timeline())
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    "change,words",
    [
        ({"test": False}, "'test' is False and not True"),
        ({"join_url": "https://x.example/v"}, "without the patient's link"),
    ],
)
async def test_a_booking_that_would_count_as_real_or_has_no_link_is_a_failure_and_is_taken_back(
    change: dict[str, Any], words: str
) -> None:
    async with scripted({"POST /api/v1/appointments": [(201, BOOKED | change)]}) as (caller, script):
        with pytest.raises(ProbeFailed, match=words):
            await book(caller, bo(), slots("a"), Counting(), timeline())
    assert script.asked[-1][0] == "POST /api/v1/appointments/a1/cancel"


async def test_the_first_patient_whom_the_specialists_organization_knows_is_taken() -> None:
    answers: dict[str, Any] = {
        "POST /api/v1/patients/search": [(200, {"patients": []}), (200, {"patients": [BO]})]
    }
    who = Credentials("a", "b", "c", searches=({"phone": "+1"}, {"phone": "+2"}))
    async with scripted(answers) as (caller, script):
        assert (await find_patient(caller, who, timeline())).text("id") == "p1"
    assert script.bodies("POST /api/v1/patients/search") == [{"phone": "+1"}, {"phone": "+2"}]


async def test_an_unknown_patient_is_told() -> None:
    async with scripted({"POST /api/v1/patients/search": [(200, {"patients": []})]}) as (caller, _):
        with pytest.raises(ProbeFailed, match="'patient': no such patient"):
            await find_patient(caller, Credentials("a", "b", "c", searches=({"phone": "+1"},)), timeline())
        with pytest.raises(ProbeFailed, match="'patient': the server answered 404"):
            await find_patient(caller, Credentials("a", "b", "c", "p9"), timeline())
