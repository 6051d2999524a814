"""/account and /api/v1/account: the own password and the own authenticator, complete without scripts."""

import re

from telehealth.crypto.totp import code_at, step_of
from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import PASSWORD, SEED, Hospital

NEW = "seven loud sparrows"
API = "/api/v1/account"


def code_of(hospital: Hospital, seed: str) -> str:
    hospital.clock.move(seconds=30)
    return code_at(seed, step_of(hospital.clock.at))


def seed_on(page: str) -> str:
    found = re.search(r"<code class=\"figures\" dir=\"ltr\">([A-Z2-7 ]+)</code>", page)
    assert found
    return found[1].replace(" ", "")


async def test_a_new_password_ends_the_other_windows(hospital: Hospital) -> None:
    here, there = await hospital.staff(AMARA), await hospital.staff(AMARA)
    shown = await here.get("/account")
    assert AMARA.email in shown.text
    done = await here.form("/account/password", {"password": PASSWORD, "new_password": NEW})
    assert (done.status, done.headers["Location"]) == (303, "/account?done=password")
    assert "signed out" in (await here.get("/account?done=password")).text
    assert (await there.get("/account")).headers["Location"].startswith("/sign-in")


async def test_a_refused_password_comes_back_with_its_field_and_without_passwords(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    wrong = await amara.form("/account/password", {"password": "wrong wrong wrong", "new_password": NEW})
    assert wrong.status == 422
    assert 'id="password-error"' in wrong.text
    weak = await amara.form("/account/password", {"password": PASSWORD, "new_password": "okafor"})
    assert (weak.status, 'id="new_password-error"' in weak.text) == (422, True)
    assert PASSWORD not in weak.text
    assert NEW not in wrong.text


async def test_a_new_authenticator_is_set_up_in_two_steps(hospital: Hospital) -> None:
    amara, there = await hospital.staff(AMARA), await hospital.staff(AMARA)
    shown = await amara.get("/account/authenticator")
    seed = seed_on(shown.text)
    assert "<svg" in shown.text
    again = await amara.form("/account/authenticator", {"code": code_of(hospital, SEED)})
    assert (again.status, seed_on(again.text), 'id="code-error"' in again.text) == (422, seed, True)
    done = await amara.form("/account/authenticator", {"code": code_of(hospital, seed)})
    assert done.status == 200
    assert len(re.findall(r"<li><code>\d-\w{5}-\w{5}</code></li>", done.text)) == 10
    assert (await there.get("/account")).status == 303
    assert "account:totp:change" in hospital.actions()


async def test_an_old_code_leads_through_the_fresh_one_and_back(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    hospital.clock.move(minutes=6)
    asked = await amara.get("/account/authenticator")
    assert (asked.status, asked.headers["Location"]) == (303, "/step-up?next=/account/authenticator")
    late = await amara.form("/account/authenticator?next=/account/authenticator", {"code": "123456"})
    assert (late.status, late.headers["Location"]) == (303, "/step-up?next=/account/authenticator")
    assert "recovery code" in (await amara.get("/step-up?next=/account/authenticator")).text


async def test_programs_change_password_and_authenticator_too(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    made = await amara.post(f"{API}/authenticator")
    assert (made.status, made.json["seed"] in made.json["uri"]) == (201, True)
    codes = await amara.put(f"{API}/authenticator", {"code": code_of(hospital, made.json["seed"])})
    assert (codes.status, len(codes.json["recovery_codes"])) == (200, 10)
    changed = await amara.put(f"{API}/password", {"password": PASSWORD, "new_password": NEW})
    assert changed.status == 204
    hospital.clock.move(minutes=6)
    refused = await amara.post(f"{API}/authenticator")
    assert (refused.status, refused.json["code"]) == (403, "step-up-needed")


async def test_guesses_are_limited(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    hospital.clock.move(minutes=10)
    body = {"password": "wrong wrong wrong", "new_password": NEW}
    answers = []
    for _ in range(6):
        hospital.clock.move(seconds=8)
        answers.append((await amara.put(f"{API}/password", body)).status)
    assert answers[0] == 422
    assert answers[-1] == 429


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    for method, path in (
        ("PUT", "/password"),
        ("POST", "/authenticator"),
        ("PUT", "/authenticator"),
    ):
        assert (await nobody.send(method, API + path, json={})).status == 401
    assert (await nobody.get("/account")).headers["Location"].startswith("/sign-in")
