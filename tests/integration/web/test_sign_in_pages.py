"""/sign-in, /sign-in/code, /unlock, /step-up, /sign-out, /sessions, /forgotten: complete without scripts."""

import re

from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import ADA, ORIGIN, PASSWORD, PIA, Hospital, Person


async def token_of(person: Person, path: str) -> str:
    shown = await person.get(path)
    found = re.search(r'name="csrf" (?:content|value)="([^"]+)"', shown.text)
    assert found is not None, shown.text
    return found[1]


async def test_two_forms_lead_to_the_own_page(hospital: Hospital) -> None:
    amara = await hospital.visitor()
    shown = await amara.get("/sign-in")
    assert all(label in shown.text for label in (">E-mail</label>", ">Password</label>", ">Sign in</button>"))
    sent = await amara.form("/sign-in", {"email": AMARA.email, "password": PASSWORD})
    assert (sent.status, sent.headers["Location"]) == (303, "/sign-in/code")
    amara.csrf = await token_of(amara, "/sign-in/code")
    done = await amara.form("/sign-in/code", {"code": hospital.code()})
    assert (done.status, done.headers["Location"]) == (303, "/clinic")
    assert (await amara.get("/clinic")).status == 200


async def test_everybody_comes_home_to_their_own_page(hospital: Hospital) -> None:
    homes = {}
    for who in (AMARA, NOOR, ADA, PIA):
        person = await hospital.staff(who)
        homes[who.role.value] = (await person.get("/")).headers["Location"]
    assert homes == {
        "specialist": "/clinic",
        "clinic_staff": "/book",
        "administrator": "/people",
        "privacy_officer": "/audit",
    }


async def test_a_wrong_password_keeps_the_address_and_never_the_password(hospital: Hospital) -> None:
    person = await hospital.visitor()
    sent = await person.form("/sign-in", {"email": AMARA.email, "password": "wrong wrong wrong"})
    assert sent.status == 401
    assert AMARA.email in sent.text
    assert "wrong wrong wrong" not in sent.text
    assert 'role="alert"' in sent.text


async def test_unknown_and_known_addresses_get_the_same_answer(hospital: Hospital) -> None:
    person = await hospital.visitor()
    known = await person.form("/sign-in", {"email": AMARA.email, "password": "wrong wrong wrong"})
    other = await person.form(
        "/sign-in", {"email": "nobody@hospital.example", "password": "wrong wrong wrong"}
    )
    assert (known.status, re.sub(r"amara\.okonkwo|nobody|[0-9a-f]{36}", "", known.text)) == (
        other.status,
        re.sub(r"amara\.okonkwo|nobody|[0-9a-f]{36}", "", other.text),
    )


async def test_the_code_comes_after_the_password_only(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    sent = await nobody.get("/sign-in/code")
    assert (sent.status, sent.headers["Location"]) == (303, "/sign-in")


async def test_after_signing_in_the_page_asked_for_comes(hospital: Hospital) -> None:
    amara = await hospital.visitor()
    first = await amara.form("/sign-in?next=/book", {"email": AMARA.email, "password": PASSWORD})
    assert first.headers["Location"] == "/sign-in/code?next=/book"
    amara.csrf = await token_of(amara, "/sign-in/code?next=/book")
    done = await amara.form("/sign-in/code?next=/book", {"code": hospital.code()})
    assert done.headers["Location"] == "/book"


async def test_no_link_leads_through_sign_in_to_another_site(hospital: Hospital) -> None:
    amara = await hospital.visitor()
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "/%0d%0aSet-Cookie:x=1"):
        await amara.form("/sign-in", {"email": AMARA.email, "password": PASSWORD})
        amara.csrf = await token_of(amara, "/sign-in/code")
        done = await amara.form("/sign-in/code", {"code": hospital.code()}, params={"next": evil})
        location = done.headers["Location"]
        assert location == "/clinic" or location.startswith("/%"), location
        amara.csrf = await token_of(amara, "/sessions")
        await amara.form("/sign-out", {})
        amara.csrf = ""


async def test_a_locked_screen_opens_with_the_password_only(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert (await amara.form("/lock", {})).headers["Location"] == "/unlock"
    assert (await amara.get("/clinic")).headers["Location"] == "/unlock?next=/clinic"
    amara.csrf = await token_of(amara, "/unlock")
    wrong = await amara.form("/unlock", {"password": "wrong wrong wrong"})
    assert wrong.status == 422
    done = await amara.form("/unlock", {"password": PASSWORD})
    assert (done.status, done.headers["Location"]) == (303, "/clinic")


async def test_signing_out_ends_the_session_and_clears_what_was_cached(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    done = await amara.form("/sign-out", {})
    assert (done.status, done.headers["Location"]) == (303, "/sign-in")
    assert done.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert (await amara.get("/clinic")).status == 303


async def test_a_session_can_be_ended_from_another_window(hospital: Hospital) -> None:
    here, there = await hospital.staff(AMARA), await hospital.staff(AMARA)
    shown = await here.get("/sessions")
    other = shown.text.partition("Another window")[2]
    found = re.search(r"/sessions/([^/\"]+)/end", other)
    assert found is not None
    assert (await here.form(f"/sessions/{found[1]}/end", {})).headers["Location"] == "/sessions"
    assert (await here.get("/clinic")).status == 200
    assert (await there.get("/clinic")).status == 303


async def test_a_forgotten_password_gets_the_same_answer_for_every_address(hospital: Hospital) -> None:
    person = await hospital.visitor()
    for email in (AMARA.email, "nobody@hospital.example"):
        sent = await person.form("/forgotten", {"email": email})
        assert (sent.status, sent.headers["Location"]) == (303, "/forgotten?sent")
    assert "on its way" in (await person.get("/forgotten?sent")).text


async def test_a_form_from_another_site_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    ):
        assert (await amara.form("/sign-out", {}, headers=headers)).status == 403
    amara.csrf = ""
    assert (await amara.form("/sign-out", {})).status == 403


async def test_a_fresh_code_leads_on_to_what_was_asked_for(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    amara.csrf = await token_of(amara, "/step-up?next=/sessions")
    done = await amara.form("/step-up?next=/sessions", {"code": hospital.code()})
    assert (done.status, done.headers["Location"]) == (303, "/sessions")


async def test_whoever_is_signed_in_passes_the_gates(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for path in ("/sign-in", "/unlock", "/"):
        assert (await amara.get(path)).headers["Location"] == "/clinic"
    await amara.form("/lock", {})
    assert (await amara.get("/")).headers["Location"] == "/unlock"
    assert (await (await hospital.visitor()).get("/")).headers["Location"] == "/sign-in"
