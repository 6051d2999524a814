"""Bad input at the JSON door: every wrong body gets its own code, in problem+json, and nothing breaks."""

import json
import re
from typing import Any

import pytest

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import STRANGER, Hospital
from tests.integration.web.journeys import in_call, waiting

SESSION = "/api/v1/session"
DEEP = '{"email": ' + "[" * 100_000 + "]" * 100_000 + "}"

MALFORMED = {
    "not json": (b"{", 400, "invalid-input"),
    "a list": (b"[]", 400, "invalid-input"),
    "a number": (b"1", 400, "invalid-input"),
    "nan": (b'{"email": NaN}', 400, "invalid-input"),
    "a name twice": (b'{"email": "a@b", "email": "c@d"}', 400, "invalid-input"),
    "too deep": (DEEP.encode(), 400, "invalid-input"),
    "not utf-8": (b'{"email": "\xff"}', 400, "invalid-input"),
    "a number too long": (b'{"email": ' + b"9" * 5000 + b"}", 400, "invalid-input"),
    "half a surrogate": (b'{"email": "a\\ud800", "password": "x"}', 422, "invalid-input"),
    "a zero byte": (b'{"email": "a\\u0000b", "password": "x"}', 422, "invalid-input"),
    "an unknown field": (b'{"email": "a@b", "password": "x", "admin": true}', 422, "invalid-input"),
    "a missing field": (b'{"email": "a@b"}', 422, "invalid-input"),
    "a wrong type": (b'{"email": ["a@b"], "password": 1}', 422, "invalid-input"),
    "too long": (b'{"email": "' + b"a" * 300_000 + b'"}', 413, "too-large"),
}


@pytest.mark.parametrize("case", MALFORMED)
async def test_a_body_that_cannot_be_used_is_refused(hospital: Hospital, case: str) -> None:
    body, status, code = MALFORMED[case]
    nobody = await hospital.visitor()
    answer = await nobody.send("POST", SESSION, data=body, headers={"Content-Type": "application/json"})
    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json["status"] == status
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


async def test_every_wrong_field_is_named(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    answer = await nobody.post(SESSION, {"email": 1, "extra": True})
    assert {(each["field"], each["code"]) for each in answer.json["errors"]} == {
        ("email", "not-text"),
        ("password", "missing"),
        ("extra", "unknown"),
    }


async def test_another_media_type_is_a_415(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    answer = await nobody.send("POST", SESSION, data={"email": "a@b", "password": "x"})
    assert (answer.status, answer.json["code"]) == (415, "unsupported-media-type")


async def test_an_unknown_address_looks_like_a_foreign_one(hospital: Hospital) -> None:
    visit, _, _ = await waiting(hospital)
    stranger = await hospital.staff(STRANGER)
    paths = (
        f"/api/v1/visits/{visit}",
        "/api/v1/visits/019a0000-0000-7000-8000-000000000000",
        "/api/v1/nothing",
    )
    answers = [await stranger.get(path) for path in paths]
    texts = {re.sub(r'"request_id": "[^"]+"', "", each.text) for each in answers}
    assert len(texts) == 1
    assert {each.status for each in answers} == {404}


@pytest.mark.parametrize("odd", ["%00", "%ed%a0%80", "a" * 65, "%2e%2e%2f", "' OR 1=1", "%F0%9F%98%80"])
async def test_what_cannot_be_an_id_is_not_found(hospital: Hospital, odd: str) -> None:
    amara = await hospital.staff(AMARA)
    assert (await amara.get(f"/api/v1/visits/{odd}")).status == 404
    assert (await amara.get(f"/fhir/R4/Patient/{odd}")).status == 404


async def test_a_wrong_method_names_the_right_ones(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    answer = await nobody.send("PATCH", SESSION)
    assert (answer.status, answer.json["code"]) == (405, "method-not-allowed")
    assert set(answer.headers["Allow"].split(",")) == {"POST", "GET", "HEAD", "DELETE"}


QUERIES: dict[str, dict[str, Any]] = {
    "no offset": {"start": "2026-11-23T09:00:00"},
    "a day only": {"start": "2026-11-23"},
    "an unknown parameter": {"colour": "red"},
    "a count of zero": {"count": "0"},
    "a count in words": {"count": "many"},
    "a year long ago": {"start": "0001-01-01T00:00:00Z"},
    "a cursor not of ours": {"cursor": "xyz"},
}


@pytest.mark.parametrize("case", QUERIES)
async def test_a_query_that_cannot_be_used_is_refused(hospital: Hospital, case: str) -> None:
    amara = await hospital.staff(AMARA)
    query = {"service": "svc-cardiology", "start": "2026-11-23T09:00:00Z", "end": "2026-11-24T09:00:00Z"}
    answer = await amara.get("/api/v1/slots", params=query | QUERIES[case])
    assert (answer.status, answer.json["code"]) == (422, "invalid-input")
    assert len(answer.json["errors"]) == 1


async def test_a_stale_note_is_a_412_with_the_present_version(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    for version in (0, 1):
        await amara.put(f"/api/v1/visits/{visit}/note", {"version": version, "plan": f"plan {version}"})
    stale = await amara.put(f"/api/v1/visits/{visit}/note", {"version": 1, "plan": "mine"})
    assert (stale.status, stale.json["code"], stale.json["version"]) == (412, "stale-version", 2)
    assert (await amara.get(f"/api/v1/visits/{visit}/note")).json["content"]["plan"] == "plan 1"


async def test_a_fault_of_ours_tells_nothing_of_itself(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    amara = await hospital.staff(AMARA)

    async def broken(*_: object) -> None:
        raise RuntimeError("Bo Lindqvist's secret")

    monkeypatch.setattr("telehealth.services.clinic.ClinicDay.day", broken)
    for path in ("/api/v1/clinic", "/clinic"):
        answer = await amara.get(path)
        assert answer.status == 500
        assert "secret" not in answer.text
    assert "secret" not in " ".join(record.getMessage() for record in caplog.records)


async def test_the_problem_document_stays_small_whatever_was_sent(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    answer = await nobody.post(SESSION, {"x" * 5000: 1, **{f"f{n}": n for n in range(500)}})
    assert answer.status == 422
    assert len(answer.json["errors"]) == 20
    assert len(json.dumps(answer.json)) < 4_000
