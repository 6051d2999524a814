"""The cases of odd clocks for visits that come back, at the API's own address: seen, booked, read again."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from telehealth.domain.scheduling import WeeklyHours
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, WARD
from tests.integration.web.hospital import Hospital, Person
from tests.integration.web.test_golden_slots import case

GOLDEN = [
    # zone, first start in UTC, days between, wall time, starts in UTC, which of them clocks jump over
    (
        "America/New_York",
        "2027-03-12T07:30",
        1,
        "02:30",
        ["03-12T07:30", "03-13T07:30", "03-14T07:30", "03-15T06:30"],
        [2],
    ),
    ("Europe/Berlin", "2026-10-18T00:30", 7, "02:30", ["10-18T00:30", "10-25T00:30", "11-01T01:30"], []),
    ("Europe/Berlin", "2027-03-21T01:30", 7, "02:30", ["03-21T01:30", "03-28T01:30", "04-04T00:30"], [1]),
    (
        "Australia/Lord_Howe",
        "2026-10-02T15:45",
        1,
        "02:15",
        ["10-02T15:45", "10-03T15:45", "10-04T15:15"],
        [1],
    ),
    ("Pacific/Kiritimati", "2026-11-30T19:00", 1, "09:00", ["11-30T19:00", "12-01T19:00", "12-02T19:00"], []),
    ("Africa/Casablanca", "2025-02-22T01:30", 1, "02:30", ["02-22T01:30", "02-23T01:30", "02-24T02:30"], []),
    ("America/Vancouver", "2026-10-27T16:00", 7, "09:00", ["10-27T16:00", "11-03T16:00", "11-10T16:00"], []),
]


async def open_every_day(hospital: Hospital, zone: str, first: datetime, wall: time) -> Person:
    """A hospital in that zone, open every day from that wall time on, every quarter of an hour."""
    begins = first.astimezone(ZoneInfo(zone)).date()
    until = time(wall.hour + 4, wall.minute)
    amara = await case(hospital, zone, begins, wall, until, 15)
    async with hospital.units.writing() as uow:
        for weekday in {*range(1, 8)} - {begins.isoweekday()}:
            ids = (AMARA.id, WARD.id, CARDIOLOGY.id, weekday)
            await uow.directory.add_hours(WeeklyHours(f"on-{weekday}", *ids, wall, until, date(2000, 1, 1)))
        service = await uow.directory.service(CARDIOLOGY.id)
        assert service is not None
        await uow.directory.save_service(replace(service, version=service.version + 1))
    return amara


@pytest.mark.parametrize("zone, first, apart, wall, expected, jumped", GOLDEN)
async def test_a_series_keeps_its_wall_time_over_odd_clocks(
    hospital: Hospital, zone: str, first: str, apart: int, wall: str, expected: list[str], jumped: list[int]
) -> None:
    start = datetime.fromisoformat(f"{first}+00:00")
    amara = await open_every_day(hospital, zone, start, time.fromisoformat(wall))
    ids = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
    rule = {"start": start.isoformat(), "frequency": "daily", "interval": apart, "count": len(expected)}
    seen = (await amara.post("/api/v1/series/preview", ids | rule)).json["visits"]
    assert [each["code"] for each in seen] == [""] * len(expected)
    booked = await amara.post("/api/v1/series", ids | rule)
    assert booked.status == 201, booked.text
    for visits in (seen, booked.json["visits"]):
        assert [each["start"][5:16] for each in visits] == expected
        assert [at for at, each in enumerate(visits) if each["shifted"]] == jumped
        assert {each["occurrence"][11:] for each in visits} == {wall}
    spans = [
        [datetime.fromisoformat(each[end]) for end in ("start", "end")] for each in booked.json["visits"]
    ]
    assert {end - begin for begin, end in spans} == {timedelta(minutes=15)}  # also over a clock change
    found = await amara.get(f"/fhir/R4/Appointment?patient={BO.id}")
    assert [each["resource"]["start"][5:16] for each in found.json["entry"]] == expected
