"""Weekly hours with breaks and days, changed by version; what could never be kept is refused."""

from typing import Any

import pytest

from telehealth.domain.organizations import Location, SiteKind
from tests.integration.storage.cast import CARDIOLOGY, HOSPITAL, WARD
from tests.integration.web.hospital import ADA, STRANGER, Hospital

HOURS = {"weekday": 1, "start": "08:00", "end": "16:00", "service": CARDIOLOGY.id, "site": WARD.id}
CYD = f"/api/v1/staff/{STRANGER.id}/hours"


async def test_breaks_and_days_come_back_as_they_were_set(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    wanted = HOURS | {"breaks": ["12:00/12:45"], "valid_from": "2026-12-07", "until": "2027-03-01"}
    added = await ada.post(CYD, wanted)
    assert added.status == 201, added.text
    assert added.json == wanted | {"id": added.json["id"], "version": 0}
    assert (await ada.get(CYD)).json["hours"] == [added.json]


async def test_hours_are_changed_by_whoever_read_them_last(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    path = f"{CYD}/{(await ada.post(CYD, HOURS)).json['id']}"
    changed = await ada.put(path, HOURS | {"end": "14:00", "version": 0})
    assert (changed.status, changed.json["end"], changed.json["version"]) == (200, "14:00", 1)
    assert changed.json["valid_from"] == "2026-11-23", "the first day stays where none is given"
    stale = await ada.put(path, HOURS | {"end": "12:00", "version": 0})
    assert (stale.status, stale.json["code"], stale.json["version"]) == (412, "stale-version", 1)
    assert (await ada.get(CYD)).json["hours"] == [changed.json]
    assert (await ada.put(f"{CYD}/none", HOURS | {"version": 0})).status == 404
    assert (await ada.put(path, HOURS)).status == 422, "a change without a version means nothing"
    assert "hours:change" in hospital.actions()


@pytest.mark.parametrize(
    "changes, field, code",
    [
        ({"until": "2026-12-01", "valid_from": "2026-12-02"}, "until", "upside-down"),
        ({"until": "2026-11-01", "valid_from": "2026-10-01"}, "until", "over"),
        ({"valid_from": "2126-11-23"}, "valid_from", "too-far"),
        ({"valid_from": "2026-12-01", "until": "2026-12-04"}, "end", "never"),
        ({"breaks": ["08:00/15:50"]}, "end", "never"),
        (
            {
                "weekday": 7,
                "start": "02:00",
                "end": "03:00",
                **dict.fromkeys(("valid_from", "until"), "2027-03-28"),
            },
            "end",
            "never",
        ),
        ({"breaks": ["12:45/12:00"]}, "breaks", "upside-down"),
        ({"breaks": ["12:00/13:00", "12:30/14:00"]}, "breaks", "overlap"),
        ({"breaks": ["07:00/09:00"]}, "breaks", "overlap"),
        ({"breaks": ["15:00/17:00"]}, "breaks", "outside"),
        ({"breaks": ["12:00"]}, "breaks[0]", "not-a-span"),
        ({"breaks": ["12:00/25:00"]}, "breaks[0]", "not-a-time"),
        ({"breaks": ["12:00/12:01"] * 7}, "breaks", "too-many"),
        ({"valid_from": "2027-02-30"}, "valid_from", "not-a-date"),
    ],
)
async def test_hours_that_cannot_be_kept_are_refused(
    hospital: Hospital, changes: dict[str, Any], field: str, code: str
) -> None:
    ada = await hospital.staff(ADA)
    refused = await ada.post(CYD, HOURS | changes)
    assert refused.status == 422, refused.text
    assert [(each["field"], each["code"]) for each in refused.json["errors"]] == [(field, code)]
    assert (await ada.get(CYD)).json["hours"] == []


async def test_hours_of_other_days_may_have_the_same_times(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    assert (await ada.post(CYD, HOURS | {"until": "2026-12-31"})).status == 201
    assert (await ada.post(CYD, HOURS | {"valid_from": "2027-01-01"})).status == 201
    refused = await ada.post(CYD, HOURS | {"valid_from": "2026-12-28"})
    assert (refused.status, refused.json["errors"][0]["code"]) == (422, "overlap")


@pytest.mark.parametrize(
    "zone, weekday, start, end, status",
    [
        ("Asia/Tokyo", 1, "16:00", "22:00", 422),  # ends at 13:00 in UTC; Berlin's hours begin at 07:00
        ("Asia/Tokyo", 1, "08:00", "15:00", 201),  # ends at 06:00 in UTC, before them in winter and in summer
        ("Asia/Tokyo", 1, "08:00", "15:30", 422),  # reaches into them in summer only
        ("Pacific/Kiritimati", 1, "20:30", "23:30", 422),  # Monday morning in UTC
        ("Pacific/Kiritimati", 2, "08:00", "09:00", 201),  # Monday evening in UTC, after them
    ],
)
async def test_hours_at_two_sites_are_compared_in_utc(
    hospital: Hospital, zone: str, weekday: int, start: str, end: str, status: int
) -> None:
    far = Location("loc-far", HOSPITAL.id, "Far", SiteKind.CLINIC, zone)
    async with hospital.units.writing() as uow:
        await uow.directory.add_location(far)
    ada = await hospital.staff(ADA)
    assert (await ada.post(CYD, HOURS)).status == 201
    there = {"site": far.id, "weekday": weekday, "start": start, "end": end}
    answer = await ada.post(CYD, HOURS | there)
    assert answer.status == status, answer.text
    if status == 422:
        assert answer.json["errors"][0]["code"] == "overlap"
