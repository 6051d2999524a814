"""/v, /v/code, /v/{visit}, /test and the patient's steps: the ways in, with and without scripts."""

import json
import re

from telehealth.crypto.tokens import LinkTokens
from tests.integration.storage.cast import BO
from tests.integration.web.hospital import LINK_SECRET, Answer, Hospital
from tests.integration.web.journeys import booked, opened, waiting


async def test_the_door_is_the_same_for_everyone_and_sets_nothing(hospital: Hospital) -> None:
    bo = await hospital.visitor()
    shown = await bo.get("/v")
    assert shown.status == 200
    assert "Set-Cookie" not in shown.headers
    assert not re.search(rf"\b{BO.name.given}\b", shown.text)
    assert "/api/v1/visit-links/look" in shown.text  # asked while the code is on its way
    assert (await bo.get("/test")).status == 200


async def test_a_wrong_code_shows_the_form_again(hospital: Hospital) -> None:
    bo = await hospital.visitor()
    refused = await bo.form("/v/code", {"code": "AAAA-AAAA", "day": "17", "month": "4", "year": "1961"})
    assert refused.status == 404
    assert 'action="/v/code' in refused.text
    odd = await bo.form("/v/code", {"code": "AAAA-AAAA", "day": "31", "month": "2", "year": "1961"})
    assert odd.status == 422


def marked(page: Answer) -> set[str]:
    """Which fields the page marks, each naming the message that is about it."""
    found = re.findall(r'name="(\w+)"[^>]* aria-invalid="true" aria-describedby="([\w-]+)"', page.text)
    for message in {each for _, each in found}:
        assert page.text.count(f'role="alert" id="{message}"') == 1
    return {name for name, _ in found}


async def test_what_was_refused_is_marked_and_of_code_and_date_both_are(hospital: Hospital) -> None:
    appointment, bo = await booked(hospital), await hospital.visitor()
    right = LinkTokens(LINK_SECRET).spoken(appointment["visit"], BO.id, 1)
    born = {"day": "17", "month": "4", "year": "1961"}
    both = {"code", "day", "month", "year"}
    assert "aria-invalid" not in (await bo.get("/v")).text
    assert marked(await bo.form("/v/code", {"code": right, **born, "day": "18"})) == both
    assert marked(await bo.form("/v/code", {"code": "AAAA-AAAA", **born})) == both
    assert marked(await bo.form("/v/code", {"code": right, **born, "month": "13"})) == both - {"code"}
    assert marked(await bo.form("/v/offer", {"code": "AAAA-AAAA", **born})) == both
    lost = await bo.form("/v/new-link", {"contact": "bo@example.org", **born, "month": "13"})
    assert marked(lost) == both - {"code"}
    assert marked(await bo.form("/v/new-link", {"contact": "", **born})) == {"contact"}


async def test_the_own_visit_is_shown_with_its_cookie_only(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo = await opened(hospital, appointment)
    visit = appointment["visit"]
    assert (await bo.get(f"/v/{visit}")).status == 200
    assert (await (await hospital.visitor()).get(f"/v/{visit}")).status == 401


async def test_every_step_answers_with_where_the_visit_stands(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo = await opened(hospital, appointment)
    mine = f"/api/v1/my/{appointment['visit']}"
    steps = [
        ("consent", None, "arrived"),
        ("device", {"state": "ready"}, "arrived"),
        ("wait", None, "waiting"),
        ("wait", None, "waiting"),
        ("step-out", None, "arrived"),
        ("leave", None, "arrived"),
    ]
    for step, body, status in steps:
        answer = await bo.post(f"{mine}/{step}", body)
        assert (answer.status, answer.json["status"]) == (200, status), step
    refused = await bo.post(f"{mine}/device", {"state": "on fire"})
    assert (refused.status, refused.json["errors"][0]["code"]) == (422, "not-a-choice")


async def test_the_wish_to_wait_may_tell_what_the_check_has_shown(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo = await opened(hospital, appointment)
    mine = f"/api/v1/my/{appointment['visit']}"
    await bo.post(f"{mine}/consent")
    wrong = await bo.post(f"{mine}/wait", {"device": "on fire"})
    assert (wrong.status, wrong.json["errors"][0]["code"]) == (422, "not-a-choice")
    told = (await bo.post(f"{mine}/wait", {"device": "sound-only"})).json
    assert (told["status"], told["device"]) == ("waiting", "sound-only")


async def test_the_press_that_opens_a_link_may_be_the_consent_too(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo = await hospital.visitor()
    token = appointment["join_url"].rpartition("#")[2]
    scanned = await bo.post("/api/v1/visit-links/open", {"token": token})
    assert scanned.json["consented"] is False
    pressed = await bo.post("/api/v1/visit-links/open", {"token": token, "consent": True})
    assert (pressed.status, pressed.json["consented"]) == (200, True)


async def test_the_own_page_tells_its_script_where_the_visit_stands(hospital: Hospital) -> None:
    visit, _, bo = await waiting(hospital)
    page = (await bo.get(f"/v/{visit}")).text
    told = re.search(r'<script type="application/json" id="mine"[^>]*>(.*?)</script>', page)
    assert told is not None
    given = json.loads(told[1])
    asked = (await bo.get(f"/api/v1/my/{visit}")).json
    assert {**given, "csrf": ""} == {**asked, "csrf": ""}
    assert given["status"] == "waiting"
