"""/api/v1/slots, /holds, /appointments, /patients and /catalogue."""

import asyncio
from datetime import timedelta
from typing import Any

from telehealth.domain.errors import SlotTaken
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, NOOR
from tests.integration.web.hospital import ADA, STRANGER, Hospital, Person
from tests.integration.web.journeys import booked

APPOINTMENTS = "/api/v1/appointments"


async def slots(person: Person, **query: Any) -> dict[str, Any]:
    start = person.hospital.clock.at.replace(minute=0, second=0) + timedelta(hours=1)
    span = {"start": start.isoformat().replace("+00:00", "Z"), "end": "2026-11-23T17:00:00Z"}
    answer = await person.get("/api/v1/slots", params={"service": CARDIOLOGY.id} | span | query)
    assert answer.status == 200, answer.text
    return dict(answer.json)


def wish(start: str, **changes: Any) -> dict[str, Any]:
    return {
        "patient_id": BO.id,
        "service_id": CARDIOLOGY.id,
        "practitioner_id": AMARA.id,
        "start": start,
    } | changes


async def test_pages_of_slots_join_without_gap_or_repetition(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    everything = [each["start"] for each in (await slots(amara, count=500))["slots"]]
    found: list[str] = []
    cursor = ""
    while True:
        page = await slots(amara, count=3, **({"cursor": cursor} if cursor else {}))
        found += [each["start"] for each in page["slots"]]
        cursor = page["next"] or ""
        if not cursor:
            break
    assert found == everything
    assert len(everything) > 6


async def test_one_of_many_parallel_bookings_wins(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    start = (await slots(amara))["slots"][0]["start"]
    answers = await asyncio.gather(*(amara.post(APPOINTMENTS, wish(start)) for _ in range(20)))
    assert sorted(each.status for each in answers) == [201] + [409] * 19
    assert {each.json["code"] for each in answers if each.status == 409} == {"slot-taken"}


async def test_a_refusal_names_who_is_not_free(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    start = (await slots(amara))["slots"][0]["start"]
    await amara.post(APPOINTMENTS, wish(start))
    again = await amara.post(APPOINTMENTS, wish(start))
    assert again.json["missing"] == ["patient", "practitioner"]
    assert again.json["detail"] == SlotTaken.sentence


async def test_a_retry_with_the_same_key_gets_the_first_answer(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    start = (await slots(amara))["slots"][0]["start"]
    key = {"Idempotency-Key": "retry-0001"}
    first = await amara.post(APPOINTMENTS, wish(start), headers=key)
    again = await amara.post(APPOINTMENTS, wish(start), headers=key)
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    other = await amara.post(APPOINTMENTS, wish(start, test=True), headers=key)
    assert (other.status, other.json["code"]) == (422, "idempotency-key-reused")


async def test_a_key_is_its_owners_own(hospital: Hospital) -> None:
    amara, stranger = await hospital.staff(AMARA), await hospital.staff(STRANGER)
    free = (await slots(amara))["slots"]
    key = {"Idempotency-Key": "shared-key-1"}
    first = await amara.post(APPOINTMENTS, wish(free[0]["start"]), headers=key)
    other = await stranger.post(APPOINTMENTS, wish(free[2]["start"]), headers=key)
    assert first.json["id"] != other.json["id"]


async def test_a_malformed_key_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    answer = await amara.post(
        APPOINTMENTS, wish("2026-11-23T12:00:00Z"), headers={"Idempotency-Key": "short"}
    )
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_a_hold_keeps_the_time_and_becomes_a_booking(hospital: Hospital) -> None:
    amara, noor = await hospital.staff(AMARA), await hospital.staff(STRANGER)
    start = (await slots(amara))["slots"][0]["start"]
    held = await amara.post("/api/v1/holds", wish(start))
    assert (held.status, held.json["status"], held.json["join_url"]) == (201, "pending", "")
    assert (await noor.post(APPOINTMENTS, wish(start))).status == 409
    done = await amara.post(APPOINTMENTS, wish(start, hold_id=held.json["id"]))
    assert (done.status, done.json["status"], done.json["id"]) == (201, "booked", held.json["id"])
    assert done.headers["Location"] == f"{APPOINTMENTS}/{done.json['id']}"


async def test_the_link_is_told_to_the_booker_once(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    assert appointment["join_url"].startswith("http://clinic.example/v?lang=sv#")
    amara = await hospital.staff(AMARA)
    shown = await amara.get(f"{APPOINTMENTS}/{appointment['id']}")
    assert (shown.json["join_url"], shown.json["visit"]) == ("", appointment["visit"])


async def test_cancelling_frees_the_time_and_kills_the_link(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    amara, bo = await hospital.staff(AMARA), await hospital.visitor()
    for _ in range(2):
        answer = await amara.post(f"{APPOINTMENTS}/{appointment['id']}/cancel")
        assert (answer.status, answer.json["status"]) == (200, "cancelled")
    token = appointment["join_url"].rpartition("#")[2]
    assert (await bo.post("/api/v1/visit-links/open", {"token": token})).status in {404, 409}
    assert appointment["start"] in [each["start"] for each in (await slots(amara))["slots"]]


async def test_a_time_without_hours_or_in_the_past_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for start in ("2026-11-23T03:00:00Z", "2026-11-23T12:00:01Z", "2020-01-01T10:00:00Z"):
        answer = await amara.post(APPOINTMENTS, wish(start))
        assert (answer.status, answer.json["errors"][0]["field"]) == (422, "start")


async def test_patients_are_found_exactly_or_not_at_all(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for query in (
        {"phone": BO.phone},
        {"identifier": "19610417-2384"},
        {"family": BO.name.family, "birth_date": "1961-04-17"},
    ):
        found = await amara.post("/api/v1/patients/search", query)
        assert [each["id"] for each in found.json["patients"]] == [BO.id], query
    assert (await amara.post("/api/v1/patients/search", {"family": "Lind"})).status == 422
    assert (await amara.post("/api/v1/patients/search", {"phone": CY.phone or "+498955512"})).json == {
        "patients": []
    }


async def test_a_patient_is_registered_once(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    body = {
        "given": "ليلى",
        "family": "الحداد",
        "birth_date": "1990-05-01",
        "phone": "+34600111222",
        "language": "ar",
    }
    key = {"Idempotency-Key": "new-patient-1"}
    first = await noor.post("/api/v1/patients", body, headers=key)
    again = await noor.post("/api/v1/patients", body, headers=key)
    assert (first.status, first.json["name"]) == (201, "ليلى الحداد")
    assert first.json["id"] == again.json["id"]
    assert (await noor.get(first.headers["Location"])).json == first.json


async def test_the_catalogue_says_who_offers_what(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    told = (await amara.get("/api/v1/catalogue")).json
    service = next(each for each in told["services"] if each["id"] == CARDIOLOGY.id)
    assert service["practitioners"] == [AMARA.id]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    noor, ada, amara = await hospital.staff(NOOR), await hospital.staff(ADA), await hospital.staff(AMARA)
    # Noor's clinic has nothing to do with this visit, an administrator with no visit at all.
    assert (await noor.get(f"{APPOINTMENTS}/{appointment['id']}")).status == 404
    assert (await noor.post(f"{APPOINTMENTS}/{appointment['id']}/cancel")).status == 404
    assert (await noor.get(f"/api/v1/patients/{BO.id}")).status == 404
    assert (await amara.get(f"/api/v1/patients/{CY.id}")).status == 404
    assert (await amara.post(APPOINTMENTS, wish("2026-11-23T15:00:00Z", patient_id=CY.id))).status == 404
    for method, path in (
        ("GET", "/api/v1/catalogue"),
        ("POST", APPOINTMENTS),
        ("POST", "/api/v1/patients/search"),
    ):
        answer = await ada.send(
            method, path, json=wish("2026-11-23T15:00:00Z") if path == APPOINTMENTS else {"phone": "+1555"}
        )
        assert answer.status == 403, path
