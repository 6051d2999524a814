"""Exceptions to weekly hours through the API: whose they are, what comes of them, what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, NOOR, RURAL, VILLAGE, WARD
from tests.integration.web.hospital import ADA, COORDINATOR, PIA, STRANGER, Hospital, Person

HERS = f"/api/v1/staff/{AMARA.id}/exceptions"
DAY = {"first": "2026-11-24", "last": "2026-11-24"}
AWAY = DAY | {"kind": "away", "site": WARD.id}
EXTRA = DAY | {"kind": "extra", "site": WARD.id, "service": CARDIOLOGY.id, "start": "19:00", "end": "20:00"}
ALL_DAY = {"start": "00:00", "end": "00:00", "service": ""}


async def times(person: Person) -> list[str]:
    """Free times of that Tuesday, in UTC."""
    span = {"start": "2026-11-24T00:00:00Z", "end": "2026-11-25T00:00:00Z", "service": CARDIOLOGY.id}
    return [each["start"][11:16] for each in (await person.get("/api/v1/slots", params=span)).json["slots"]]


async def test_a_specialist_says_when_she_is_away_and_takes_it_back(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert len(await times(amara)) == 24
    added = await amara.post(HERS, AWAY)
    assert added.status == 201, added.text
    kept = added.json["exception"]
    assert kept == AWAY | ALL_DAY | {"id": kept["id"], "version": 0}
    assert added.json["booked"] == 0
    assert (await amara.get(HERS, params=DAY)).json["exceptions"] == [kept]
    assert await times(amara) == []
    assert (await amara.send("DELETE", f"{HERS}/{kept['id']}?version=0")).status == 204
    assert len(await times(amara)) == 24
    assert {"hours:exception:add", "hours:exception:remove"} <= set(hospital.actions())


async def test_booked_visits_stay_and_are_counted(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    ids = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
    for start in ("07:00", "07:25", "12:00"):
        made = await amara.post("/api/v1/appointments", ids | {"start": f"2026-11-24T{start}:00Z"})
        assert made.status == 201, made.text
    added = await amara.post(HERS, AWAY | {"start": "08:00", "end": "12:00"})
    assert added.json["booked"] == 2


async def test_extra_hours_can_be_booked(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert (await amara.post(HERS, EXTRA)).status == 201
    assert (await times(amara))[-2:] == ["18:00", "18:25"]


async def test_an_exception_is_changed_by_whoever_read_it_last(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    path = f"{HERS}/{(await amara.post(HERS, AWAY)).json['exception']['id']}"
    changed = await amara.put(path, AWAY | {"end": "12:00", "version": 0})
    assert (changed.status, changed.json["exception"]["version"]) == (200, 1)
    assert (await times(amara))[0] == "11:10"
    stale = await amara.put(path, AWAY | {"version": 0})
    gone = await amara.send("DELETE", f"{path}?version=0")
    for answer in (stale, gone):
        assert (answer.status, answer.json["code"], answer.json["version"]) == (412, "stale-version", 1)
    assert "hours:exception:change" in hospital.actions()


@pytest.mark.parametrize(
    "body, field, code",
    [
        (AWAY | {"start": "12:00", "end": "12:00"}, "end", "upside-down"),
        (AWAY | {"first": "2026-11-25"}, "end", "upside-down"),
        (AWAY | {"first": "2026-11-20", "last": "2026-11-22"}, "last", "over"),
        (AWAY | {"last": "2027-12-24"}, "last", "too-long"),
        (AWAY | {"first": "2126-11-24", "last": "2126-11-24"}, "first", "too-far"),
        (AWAY | {"first": "2027-03-28", "last": "2027-03-28", "start": "02:30"}, "start", "no-such-time"),
        (AWAY | {"first": "2027-03-28", "last": "2027-03-28", "end": "02:30"}, "end", "no-such-time"),
        (AWAY | {"start": "8 o'clock"}, "start", "not-a-time"),
        (AWAY | {"kind": "ill"}, "kind", "not-a-choice"),
        (AWAY | {"site": VILLAGE.id}, "site", "unknown"),
        (AWAY | {"site": "none"}, "site", "unknown"),
        (EXTRA | {"service": "none"}, "service", "unknown"),
        (EXTRA | {"service": ""}, "service", "unknown"),
        (EXTRA | {"last": "2026-11-25"}, "last", "too-long"),
        (EXTRA | {"end": "19:15"}, "end", "too-short"),
        (EXTRA | {"start": "17:00"}, "start", "overlap"),
    ],
)
async def test_what_cannot_be_is_refused(
    hospital: Hospital, body: dict[str, Any], field: str, code: str
) -> None:
    amara = await hospital.staff(AMARA)
    refused = await amara.post(HERS, body)
    assert refused.status == 422, refused.text
    assert [(each["field"], each["code"]) for each in refused.json["errors"]] == [(field, code)]


async def test_two_extra_hours_at_once_are_refused_and_one_may_be_moved_over_itself(
    hospital: Hospital,
) -> None:
    amara = await hospital.staff(AMARA)
    made = (await amara.post(HERS, EXTRA)).json["exception"]
    again = await amara.post(HERS, EXTRA | {"start": "19:30", "end": "21:00"})
    assert (again.status, again.json["errors"][0]["code"]) == (422, "overlap")
    moved = await amara.put(f"{HERS}/{made['id']}", EXTRA | {"end": "21:00", "version": 0})
    assert moved.status == 200, moved.text


async def test_what_is_said_of_sites_cannot_be_said_of_people(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    refused = await amara.post(HERS, AWAY | {"kind": "open"})
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "kind")


async def test_a_list_of_a_century_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for last in ("2126-01-01", "2025-01-01"):
        refused = await amara.get(HERS, params={"first": "2026-01-01", "last": last})
        assert (refused.status, refused.json["errors"][0]["code"]) == (422, "too-far")


async def test_coordinators_and_administrators_keep_them_for_their_own_organization(
    hospital: Hospital,
) -> None:
    for who in (ADA, COORDINATOR):
        person = await hospital.staff(who)
        made = (await person.post(HERS, AWAY)).json["exception"]
        assert (await person.send("DELETE", f"{HERS}/{made['id']}?version=0")).status == 204


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    made = (await amara.post(HERS, AWAY)).json["exception"]
    hospital.units.tables.practitioners[COORDINATOR.id] = replace(COORDINATOR, organization_id=RURAL.id)
    account = f"account-{COORDINATOR.id}"
    elsewhere = replace(hospital.units.tables.accounts[account], organization_id=RURAL.id)
    hospital.units.tables.accounts[account] = elsewhere
    for who, status in ((STRANGER, 404), (COORDINATOR, 404), (NOOR, 403), (PIA, 403)):
        person = await hospital.staff(who)
        for answer in (
            await person.get(HERS, params=DAY),
            await person.post(HERS, AWAY),
            await person.put(f"{HERS}/{made['id']}", AWAY | {"version": 0}),
            await person.send("DELETE", f"{HERS}/{made['id']}?version=0"),
        ):
            assert answer.status == status, (who.id, answer.text)
    assert (await amara.get(HERS, params=DAY)).json["exceptions"] == [made]


async def test_somebody_elses_exception_is_not_reached_through_ones_own_address(hospital: Hospital) -> None:
    amara, cyd = await hospital.staff(AMARA), await hospital.staff(STRANGER)
    made = (await amara.post(HERS, AWAY)).json["exception"]
    his = f"/api/v1/staff/{STRANGER.id}/exceptions/{made['id']}"
    assert (await cyd.put(his, AWAY | {"version": 0})).status == 404
    assert (await cyd.send("DELETE", f"{his}?version=0")).status == 404
