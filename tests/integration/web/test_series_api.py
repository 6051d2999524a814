"""/api/v1/series: visits that come back, seen before they are booked."""

from typing import Any

from tests.integration.storage.cast import AMARA, BO, CY, NOOR
from tests.integration.web.hospital import ADA, STRANGER, Hospital
from tests.integration.web.test_answers_fit_the_description import fits
from tests.integration.web.test_booking_api import APPOINTMENTS, wish

SERIES = "/api/v1/series"
FIRST = "2027-03-22T09:05:00Z"
"""A Monday; six days later clocks at the ward are put forward."""


def body(**changes: Any) -> dict[str, Any]:
    return wish(FIRST, frequency="weekly", count=3) | changes


async def test_what_is_in_the_way_is_told_with_the_nearest_free_times(hospital: Hospital) -> None:
    amara, noor = await hospital.staff(AMARA), await hospital.staff(NOOR)
    taken = await noor.post(APPOINTMENTS, wish("2027-04-05T08:05:00Z", patient_id=CY.id))
    assert taken.status == 201, taken.text
    seen = await amara.post(f"{SERIES}/preview", body())
    assert seen.status == 200, seen.text
    visits = seen.json["visits"]
    assert [each["occurrence"] for each in visits] == [
        "2027-03-22T10:05",
        "2027-03-29T10:05",
        "2027-04-05T10:05",
    ]
    assert [each["start"][11:16] for each in visits] == ["09:05", "08:05", "08:05"]
    assert [each["code"] for each in visits] == ["", "", "taken"]
    assert visits[2]["detail"] == "The specialist has another visit at this time."
    assert len(visits[2]["ways"]) == 3
    refused = await amara.post(SERIES, body())
    assert (refused.status, refused.json["code"]) == (409, "slot-taken")
    instead = [{"occurrence": "2027-04-05T10:05", "start": visits[2]["ways"][0]}]
    booked = await amara.post(SERIES, body(instead=instead, left_out=["2027-03-29T10:05"]))
    assert booked.status == 201, booked.text
    assert [each["apart"] for each in booked.json["visits"]] == [False, True]
    again = await amara.get(booked.headers["Location"])
    assert again.json == booked.json


async def test_a_retry_with_the_same_key_gets_the_first_answer(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    key = {"Idempotency-Key": "retry-0001"}
    first = await amara.post(SERIES, body(), headers=key)
    again = await amara.post(SERIES, body(), headers=key)
    assert (first.status, first.json) == (201, again.json)


async def test_a_rule_that_means_nothing_is_refused_field_by_field(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for wrong, field in (
        ({"frequency": "hourly"}, "frequency"),
        ({"count": 61}, "count"),
        ({"count": 3, "until": "2027-05-01"}, "count"),
        ({"weekdays": [2]}, "weekdays"),
        ({"interval": 0}, "interval"),
        ({"left_out": ["yesterday"]}, "left_out[0]"),
        ({"left_out": ["2027-03-23T10:05"]}, "left_out"),
        ({"start": "2026-11-01T09:05:00Z"}, "2026-11-01T10:05"),
    ):
        refused = await amara.post(SERIES, body(**wrong))
        assert refused.status == 422, wrong
        assert field in {each["field"] for each in refused.json["errors"]}, wrong


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    amara, stranger = await hospital.staff(AMARA), await hospital.staff(STRANGER)
    noor, ada = await hospital.staff(NOOR), await hospital.staff(ADA)
    booked = await amara.post(SERIES, body())
    own = f"{SERIES}/{booked.json['id']}"
    for path in (SERIES, f"{SERIES}/preview"):
        assert (await noor.post(path, body())).status == 404
        assert (await ada.post(path, body())).status == 403
    assert (await noor.get(own)).status == (await noor.get(f"{SERIES}/nothing")).status == 404
    assert (await ada.get(own)).status == 403
    assert (await stranger.get(own)).status == 200  # series belong to the organization, and so do they


async def test_answers_fit_their_description(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    described = (await amara.get("/api/v1/openapi.json")).json
    parts, paths = described["components"]["schemas"], described["paths"]
    seen = await amara.post(f"{SERIES}/preview", body())
    booked = await amara.post(SERIES, body())
    for answer, path, status in ((seen, "/series/preview", "200"), (booked, "/series", "201")):
        content = paths[path]["post"]["responses"][status]["content"]["application/json"]
        fits(answer.json, content["schema"], parts, path)


async def test_the_patient_has_a_link_to_each_visit(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    booked = await amara.post(SERIES, body())
    links = [each for each in hospital.units.tables.visit_links.values() if each.person_id == BO.id]
    assert {each.visit_id for each in links} == {each["visit"] for each in booked.json["visits"]}
    starts = [each["start"] for each in booked.json["visits"]]
    assert starts == sorted(starts)
