"""/api/v1/appointments/…/series: this and the following, or all of a series, in one step."""

from typing import Any

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import COORDINATOR, Hospital, Person
from tests.integration.web.test_answers_fit_the_description import fits
from tests.integration.web.test_series_api import SERIES, body


def of(visit: dict[str, Any], step: str) -> str:
    return f"/api/v1/appointments/{visit['appointment']}/series/{step}"


async def booked(amara: Person) -> list[dict[str, Any]]:
    made = await amara.post(SERIES, body())
    assert made.status == 201, made.text
    return list(made.json["visits"])


async def test_this_and_the_following_move_once_they_were_seen(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    _, second, _ = await booked(amara)
    wish = {"version": 0, "reach": "following", "start": "2027-03-30T08:30:00Z"}
    seen = await amara.post(of(second, "move/preview"), wish)
    assert [each["start"] for each in seen.json["visits"]] == ["2027-03-30T08:30:00Z", "2027-04-06T08:30:00Z"]
    assert seen.json["visits"][0]["before"] == second["start"]
    assert {each["code"] for each in seen.json["visits"]} == {""}
    done = await amara.post(of(second, "move"), wish)
    assert [each["start"][5:16] for each in done.json["visits"]] == [
        "03-22T09:05",
        "03-30T08:30",
        "04-06T08:30",
    ]
    stale = await amara.post(of(second, "move"), wish)
    assert (stale.status, stale.json["code"]) == (412, "stale-version")


async def test_what_the_coordinator_moves_of_it_is_no_longer_the_specialists_own_gift(
    hospital: Hospital,
) -> None:
    amara, kai = await hospital.staff(AMARA), await hospital.staff(COORDINATOR)
    _, second, _ = await booked(amara)
    for person, version, day, own in ((amara, 0, 30, [True] * 3), (kai, 1, 31, [True, False, False])):
        wanted = {"version": version, "reach": "following", "start": f"2027-03-{day}T08:30:00Z"}
        done = await person.post(of(second, "move"), wanted)
        assert done.status == 200, done.text
        kept = sorted(hospital.units.tables.appointments.values(), key=lambda each: each.recurrence)
        assert [each.by_practitioner for each in kept] == own


async def test_all_are_cancelled_at_once(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    _, second, _ = await booked(amara)
    done = await amara.post(of(second, "cancel"), {"version": 0, "reach": "all"})
    assert {each["status"] for each in done.json["visits"]} == {"cancelled"}
    told = [each.template for each in hospital.units.tables.outbox.values() if "cancel" in each.template]
    assert set(told) == {"series-cancelled"}


async def test_a_wish_that_means_nothing_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    first, *_ = await booked(amara)
    move = {"version": 0, "reach": "all", "start": "2027-03-23T09:05:00Z"}
    for wrong, field in (
        ({"reach": "some"}, "reach"),
        ({"start": first["start"]}, "start"),
        ({"kept": ["2027-03-23T10:05"]}, "kept"),
        ({"start": "2027-03-23T20:00:00Z"}, "2027-03-23T21:00"),
    ):
        refused = await amara.post(of(first, "move"), move | wrong)
        assert refused.status == 422, wrong
        assert field in {each["field"] for each in refused.json["errors"]}, wrong


async def test_answers_fit_their_description(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    first, *_ = await booked(amara)
    described = (await amara.get("/api/v1/openapi.json")).json
    wish = {"version": 0, "reach": "all", "start": "2027-03-23T09:05:00Z"}
    for step in ("move/preview", "move"):
        answer = await amara.post(of(first, step), wish)
        path = f"/appointments/{{appointment}}/series/{step}"
        content = described["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]
        fits(answer.json, content["schema"], described["components"]["schemas"], path)
