"""/api/v1/session: steps, cookies, rotation, lock, limits."""

from pathlib import Path

import pytest

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import PASSWORD, Hospital, hospital_at

SESSION = "/api/v1/session"


async def test_signing_in_takes_two_steps_and_the_cookie_changes(hospital: Hospital) -> None:
    amara = await hospital.visitor()
    first = await amara.post(SESSION, {"email": AMARA.email, "password": PASSWORD})
    assert (first.status, first.json["stage"]) == (201, "password")
    assert (await amara.get("/api/v1/clinic")).status == 401
    second = await amara.post(f"{SESSION}/code", {"code": hospital.code()})
    assert (second.status, second.json["stage"], second.json["role"]) == (200, "full", "specialist")
    assert first.headers["Set-Cookie"].split(";")[0] != second.headers["Set-Cookie"].split(";")[0]


async def test_the_cookie_is_for_this_host_only_and_out_of_reach_of_scripts(built: Path) -> None:
    async with hospital_at(built, public_url="https://clinic.example") as hospital:
        amara = await hospital.visitor()
        sent = {"email": AMARA.email, "password": PASSWORD}
        answer = await amara.post(SESSION, sent, headers={"Origin": "https://clinic.example"})
        parts = [part.strip() for part in answer.headers["Set-Cookie"].split(";")]
        assert parts[0].startswith("__Host-staff=")
        assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"} <= set(parts)
        assert not [part for part in parts if part.startswith("Domain")]


async def test_a_wrong_password_and_an_unknown_address_look_the_same(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    answers = [
        await nobody.post(SESSION, {"email": email, "password": "wrong wrong wrong"})
        for email in (AMARA.email, "nobody@hospital.example")
    ]
    assert {each.status for each in answers} == {401}
    for each in answers:
        each.json.pop("request_id")
    assert answers[0].json == answers[1].json
    assert not any("Set-Cookie" in each.headers for each in answers)


async def test_a_code_works_once(hospital: Hospital) -> None:
    amara, again = await hospital.visitor(), await hospital.visitor()
    code = hospital.code()
    for person in (amara, again):
        await person.post(SESSION, {"email": AMARA.email, "password": PASSWORD})
    assert (await amara.post(f"{SESSION}/code", {"code": code})).status == 200
    assert (await again.post(f"{SESSION}/code", {"code": code})).status == 422


async def test_a_locked_session_opens_nothing_but_the_lock(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"{SESSION}/lock")).status == 204
    refused = await amara.get("/api/v1/clinic")
    assert (refused.status, refused.json["code"]) == (401, "session-locked")
    amara.csrf = (await amara.get(SESSION)).json["csrf"]
    opened = await amara.post(f"{SESSION}/unlock", {"password": PASSWORD})
    assert (opened.status, opened.json["stage"]) == (200, "full")
    assert (await amara.get("/api/v1/clinic")).status == 200


async def test_signing_out_ends_it(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert (await amara.send("DELETE", SESSION)).status == 204
    assert (await amara.get(SESSION)).status == 401


async def test_an_old_cookie_is_dead_after_a_fresh_code(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    old = {cookie.key: cookie.value for cookie in amara.client.session.cookie_jar}
    assert (await amara.post(f"{SESSION}/step-up", {"code": hospital.code()})).status == 200
    thief = await hospital.visitor()
    assert (await thief.get(SESSION, headers={"Cookie": f"staff={old['staff']}"})).status == 401
    assert (await amara.get(SESSION)).json["fresh"] is True


async def test_ten_tries_a_minute_from_one_address(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    answers = [
        await nobody.post(SESSION, {"email": f"a{number}@x.example", "password": "wrong wrong"})
        for number in range(11)
    ]
    assert [each.status for each in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert answers[-1].json["code"] == "too-many-requests"


async def test_five_tries_a_minute_for_one_account(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    spellings = ["amara@x.example", "AMARA@x.example", " amara@x.example "]
    answers = []
    for number in range(6):
        hospital.clock.move(seconds=1)
        answers.append(
            await nobody.post(SESSION, {"email": spellings[number % 3], "password": "wrong wrong"})
        )
    assert answers[-1].status == 429


@pytest.mark.parametrize("cookie", ["", "x", "x" * 43, "x" * 5000, "ü" * 43, '"quoted"'])
async def test_a_made_up_cookie_is_nobody(hospital: Hospital, cookie: str) -> None:
    nobody = await hospital.visitor()
    answer = await nobody.get(SESSION, headers={"Cookie": f"staff={cookie}"})
    assert answer.status == 401
