"""Signing in: a code that was used already is waited out once; whatever else goes wrong is told."""

import io
import time
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.crypto.totp import code_at, step_of
from telehealth.probe.credentials import Credentials
from telehealth.probe.signing_in import be_ready, sign_in, sign_out
from telehealth.probe.timeline import Timeline
from telehealth.probe.trouble import ProbeFailed
from tests.unit.probe.scripted import problem, scripted

SECRET = "JBSWY3DPEHPK3PXP"
AMARA = Credentials("amara@hospital.example", "a long password", SECRET, "p1")
HALF = {"stage": "password", "csrf": "first"}
FULL = {"stage": "full", "csrf": "second", "role": "specialist", "name": "Dr Amara Diallo"}
REFUSED = problem("invalid-input", "That code is not right.", "wrong-code")
# The last instant of a half minute, so that waiting for the next takes no time.
LATE = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC) - timedelta(microseconds=1)


class LateClock:
    def now(self) -> datetime:
        return LATE


def timeline() -> tuple[Timeline, io.StringIO]:
    out = io.StringIO()
    return Timeline(out, time.monotonic), out


async def test_password_and_code_open_a_session_whose_token_goes_with_every_write() -> None:
    answers = {"POST /api/v1/session": [(201, HALF)], "POST /api/v1/session/code": [(200, FULL)]}
    async with scripted(answers) as (caller, script):
        session = await sign_in(caller, AMARA, LateClock(), timeline()[0])
        assert session.text("name") == "Dr Amara Diallo"
        assert caller.csrf == "second"
    assert script.bodies("POST /api/v1/session/code") == [{"code": code_at(SECRET, step_of(LATE))}]


async def test_a_code_that_was_used_is_followed_by_the_next_one_and_that_is_said() -> None:
    answers = {
        "POST /api/v1/session": [(201, HALF)],
        "POST /api/v1/session/code": [(422, REFUSED), (200, FULL)],
    }
    line, out = timeline()
    async with scripted(answers) as (caller, script):
        await sign_in(caller, AMARA, LateClock(), line)
    sent = [body["code"] for body in script.bodies("POST /api/v1/session/code")]
    assert sent == [code_at(SECRET, step_of(LATE)), code_at(SECRET, step_of(LATE) + 1)]
    assert "Waiting" in out.getvalue()


async def test_a_code_that_is_refused_twice_is_a_failure() -> None:
    answers = {"POST /api/v1/session": [(201, HALF)], "POST /api/v1/session/code": [(422, REFUSED)]}
    async with scripted(answers) as (caller, _):
        with pytest.raises(ProbeFailed, match=r"'sign-in': the server answered 422 .*That code is not right"):
            await sign_in(caller, AMARA, LateClock(), timeline()[0])


async def test_a_wrong_password_is_told_in_the_servers_words() -> None:
    told = problem("not-signed-in", "The e-mail address or the password is not right.")
    async with scripted({"POST /api/v1/session": [(401, told)]}) as (caller, _):
        with pytest.raises(ProbeFailed, match=r"401 .not-signed-in: The e-mail address"):
            await sign_in(caller, AMARA, LateClock(), timeline()[0])


async def test_somebody_who_is_no_specialist_cannot_play_the_visit() -> None:
    answers = {
        "POST /api/v1/session": [(201, HALF)],
        "POST /api/v1/session/code": [(200, FULL | {"role": "coordinator"})],
    }
    async with scripted(answers) as (caller, _):
        with pytest.raises(ProbeFailed, match=r"a specialist is needed .* role coordinator"):
            await sign_in(caller, AMARA, LateClock(), timeline()[0])


async def test_a_session_that_still_opens_something_after_signing_out_is_a_failure() -> None:
    answers = {"DELETE /api/v1/session": [(204, None)], "GET /api/v1/clinic": [(200, {"rows": []})]}
    async with scripted(answers) as (caller, _):
        with pytest.raises(ProbeFailed, match="'sign-out': the clinic's list still opens"):
            await sign_out(caller, timeline()[0])


async def test_an_address_where_no_such_service_runs_is_told() -> None:
    async with scripted({"POST /api/v1/session": [(200, ["not", "ours"])]}) as (caller, _):
        with pytest.raises(ProbeFailed, match="the answer to POST /api/v1/session has no 'csrf'"):
            await sign_in(caller, AMARA, LateClock(), timeline()[0])


async def test_clocks_that_are_far_apart_are_noted_for_codes_would_not_fit() -> None:
    line, out = timeline()
    async with scripted({"GET /health/ready": [(200, {"status": "ready"})]}) as (caller, _):
        await be_ready(caller, LateClock(), line)
    assert "clock" in out.getvalue()


async def test_a_server_that_cannot_serve_is_told_with_its_reasons() -> None:
    answers = {"GET /health/ready": [(503, {"status": "not-ready", "reasons": ["draining", "database"]})]}
    async with scripted(answers) as (caller, _):
        with pytest.raises(ProbeFailed, match=r"'ready': the server answered 503 .*draining; database"):
            await be_ready(caller, LateClock(), timeline()[0])
