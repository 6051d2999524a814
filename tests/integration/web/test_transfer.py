"""/v/transfer and /api/v1: the code for another browser, asked for in one and given in the other."""

from tests.integration.web.hospital import Hospital
from tests.integration.web.journeys import waiting


async def test_the_visit_goes_on_in_the_other_browser(hospital: Hospital) -> None:
    visit, _, bo = await waiting(hospital)
    asked = (await bo.post(f"/api/v1/my/{visit}/transfer")).json
    assert asked["url"].endswith(f"/v/transfer?lang=en#{asked['code']}")
    other = await hospital.visitor()
    answer = await other.post("/api/v1/visit-links/transfer", {"code": asked["code"].lower()})
    assert (answer.status, answer.json["hold"], answer.json["status"]) == (200, "bound", "waiting")
    assert (await bo.get(f"/api/v1/my/{visit}")).json["hold"] == "other"
    again = await other.post("/api/v1/visit-links/transfer", {"code": asked["code"]})
    never = await other.post("/api/v1/visit-links/transfer", {"code": "AAAA-AAAA-AAAA"})
    assert (again.status, again.json["code"]) == (never.status, never.json["code"]) == (404, "not-found")


async def test_codes_are_asked_for_ten_times_in_five_minutes(hospital: Hospital) -> None:
    visit, _, bo = await waiting(hospital)
    answers = [(await bo.post(f"/api/v1/my/{visit}/transfer")).status for _ in range(11)]
    assert answers == [200] * 10 + [429]


async def test_a_stranger_gets_no_code(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    for stranger in (amara, await hospital.visitor()):
        assert (await stranger.post(f"/api/v1/my/{visit}/transfer")).status == 401


async def test_the_page_takes_the_code_without_a_script(hospital: Hospital) -> None:
    visit, _, bo = await waiting(hospital)
    code = (await bo.post(f"/api/v1/my/{visit}/transfer")).json["code"]
    other = await hospital.visitor()
    assert 'action="/v/transfer?lang=en"' in (await other.get("/v/transfer?lang=en")).text
    wrong = await other.form("/v/transfer?lang=en", {"code": "AAAA-AAAA-AAAA"})
    assert "This code is not good any more." in wrong.text
    right = await other.form("/v/transfer?lang=en", {"code": code})
    assert (right.status, right.headers["Location"]) == (303, f"/v/{visit}?lang=en")
