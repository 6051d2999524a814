"""The clinic's controls over its line, and what the patient's visit says of it, as JSON."""

from datetime import datetime

import pytest

from telehealth.domain.visiting import GRACE
from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import STRANGER, Hospital
from tests.integration.web.journeys import booked, opened, waiting


async def test_late_and_paused_show_in_the_day_and_in_the_visit(hospital: Hospital) -> None:
    visit, amara, bo = await waiting(hospital)
    late = await amara.put("/api/v1/clinic/late", {"minutes": 15, "reason": "emergency"})
    assert late.json == {"late_minutes": 15, "late_reason": "emergency", "paused": False, "pause_reason": ""}
    assert (await bo.get(f"/api/v1/my/{visit}")).json["place"] == {
        "ahead": 0, "minutes": None, "late": 15, "why": "emergency", "paused": False,
    }  # fmt: skip
    assert (await amara.post("/api/v1/clinic/pause", {"reason": "break"})).json["paused"] is True
    day = (await amara.get("/api/v1/clinic")).json
    assert (day["tiles"]["late_minutes"], day["running"]["pause_reason"]) == (15, "break")
    assert (await bo.get(f"/api/v1/my/{visit}")).json["place"]["why"] == "break"
    assert (await amara.post("/api/v1/clinic/resume")).json["paused"] is False


async def test_asking_again_with_the_mark_answers_nothing_until_something_is_new(hospital: Hospital) -> None:
    visit, amara, bo = await waiting(hospital)
    first = (await bo.get(f"/api/v1/my/{visit}")).json
    again = await bo.get(f"/api/v1/my/{visit}", params={"since": first["mark"]})
    assert (again.status, again.text) == (204, "")
    await amara.post(f"/api/v1/visits/{visit}/messages", {"prepared": "nearly"})
    news = await bo.get(f"/api/v1/my/{visit}", params={"since": first["mark"]})
    assert news.status == 200
    assert [each["prepared"] for each in news.json["messages"]] == ["nearly"]
    assert news.json["mark"] != first["mark"]


async def test_own_words_come_with_their_language_and_a_retry_adds_none(hospital: Hospital) -> None:
    visit, amara, bo = await waiting(hospital)
    body, key = {"text": "Ta med EKG:t.", "language": "sv"}, {"Idempotency-Key": "one-key-of-a-page"}
    for _ in range(2):
        sent = await amara.post(f"/api/v1/visits/{visit}/messages", body, headers=key)
        assert (sent.status, sent.json) == (200, {"sent": 1})
    [message] = (await bo.get(f"/api/v1/my/{visit}")).json["messages"]
    assert (message["text"], message["language"], message["prepared"]) == ("Ta med EKG:t.", "sv", "")


async def test_a_message_to_all_says_how_many_it_reached(hospital: Hospital) -> None:
    _, amara, _ = await waiting(hospital)
    await booked(hospital, 4)
    assert (await amara.post("/api/v1/clinic/messages", {"prepared": "medicines"})).json == {"sent": 1}


@pytest.mark.parametrize(
    "method, path, body",
    [
        ("put", "/clinic/late", {"minutes": 241}),
        ("put", "/clinic/late", {"minutes": 5, "reason": "lunch"}),
        ("post", "/clinic/pause", {"reason": "lunch"}),
        ("post", "/clinic/messages", {"prepared": "jokes"}),
        ("post", "/clinic/messages", {"text": "  "}),
        ("post", "/clinic/messages", {"text": "Hello", "language": "not a language"}),
    ],
)
async def test_what_cannot_be_said_is_a_422(hospital: Hospital, method: str, path: str, body: object) -> None:
    amara = await hospital.staff(AMARA)
    assert (await getattr(amara, method)(f"/api/v1{path}", body)).status == 422


async def test_who_did_not_attend_comes_after_all(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit, amara = appointment["visit"], await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{visit}/miss")).json["code"] == "wrong-state"
    hospital.clock.at = datetime.fromisoformat(appointment["start"]) + GRACE
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{visit}/miss")).json["status"] == "missed"
    again = (await amara.post(f"/api/v1/visits/{visit}/attended")).json
    assert (again["status"], again["reserved"]) == ("booked", True)
    assert (await amara.post(f"/api/v1/visits/{visit}/miss")).json["status"] == "missed"
    await opened(hospital, appointment)
    assert (await amara.get(f"/api/v1/visits/{visit}")).json["visit"]["status"] == "arrived"


async def test_who_is_urgent_stands_so_in_the_list(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    urgent = await amara.put(f"/api/v1/visits/{visit}/priority", {"priority": "urgent"})
    assert urgent.json == {"id": visit, "priority": "urgent"}
    assert (await amara.get("/api/v1/clinic")).json["rows"][0]["priority"] == "urgent"


async def test_a_patient_asks_for_a_message(hospital: Hospital) -> None:
    visit, _, bo = await waiting(hospital)
    for wanted, word in ((True, "wanted"), (False, "no")):
        assert (await bo.post(f"/api/v1/my/{visit}/text-me", {"wanted": wanted})).json["text_me"] == word


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, _, _ = await waiting(hospital)
    stranger, noor = await hospital.staff(STRANGER), await hospital.staff(NOOR)
    for path, body in (("messages", {"prepared": "nearly"}), ("miss", {}), ("phone", {})):
        assert (await stranger.post(f"/api/v1/visits/{visit}/{path}", body)).status == 404
        assert (await noor.post(f"/api/v1/visits/{visit}/{path}", body)).status == 403
    assert (await stranger.put(f"/api/v1/visits/{visit}/priority", {"priority": "urgent"})).status == 404
    assert (await noor.post("/api/v1/clinic/pause", {})).status == 403
    assert (await stranger.post("/api/v1/clinic/pause", {})).status == 200, "the own clinic only"
    assert (
        await (await hospital.visitor()).post(f"/api/v1/my/{visit}/text-me", {"wanted": True})
    ).status == 401
