"""The cases of odd clocks at the slots' own address: what is offered in a zone on a day can be booked.

Each case is one weekly rule at a site in that zone, for a service of half an hour without pauses.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from telehealth.domain.scheduling import WeeklyHours
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, WARD
from tests.integration.web.hospital import Hospital, Person

GOLDEN: list[tuple[str, str, str, list[str]]] = [
    # zone, local day, wall times of the rule, starts in UTC
    ("Europe/Berlin", "2026-10-25", "02:00-03:00", ["00:00", "00:30", "01:00", "01:30"]),
    ("Europe/Berlin", "2026-10-25", "02:30-03:00", ["00:30", "01:30"]),
    ("Europe/Berlin", "2026-10-25", "01:30-02:30", ["2026-10-24T23:30", "00:00", "01:00"]),
    ("Europe/Berlin", "2027-03-28", "02:00-03:00", []),
    ("Europe/Berlin", "2027-03-28", "02:30-04:00", ["01:00", "01:30"]),
    ("Europe/Berlin", "2027-03-28", "01:00-02:30", ["00:00", "00:30"]),
    ("America/New_York", "2027-03-12", "02:30-03:00", ["07:30"]),
    ("America/New_York", "2027-03-13", "02:30-03:00", ["07:30"]),
    ("America/New_York", "2027-03-14", "02:30-03:00", []),
    ("America/New_York", "2027-03-15", "02:30-03:00", ["06:30"]),
    ("America/New_York", "2027-11-07", "01:30-02:00", ["05:30", "06:30"]),
    ("Australia/Lord_Howe", "2026-10-04", "02:00-02:30", []),
    ("Australia/Lord_Howe", "2026-10-04", "02:15-03:00", ["2026-10-03T15:30"]),
    ("Australia/Lord_Howe", "2027-04-04", "01:30-02:00", ["2027-04-03T14:30", "2027-04-03T15:00"]),
    ("Africa/Casablanca", "2025-02-23", "02:30-03:00", ["01:30", "02:30"]),
    ("America/Vancouver", "2026-11-03", "09:00-09:30", ["16:00"]),
    ("Pacific/Kiritimati", "2026-12-01", "09:00-09:30", ["2026-11-30T19:00"]),
    # Zones with rules of their own beyond the table.
    ("Asia/Kathmandu", "2026-11-24", "09:00-10:00", ["03:15", "03:45"]),
    ("Pacific/Chatham", "2026-09-27", "02:45-04:30", ["2026-09-26T14:00"]),
    ("Africa/Cairo", "2026-04-24", "00:00-02:00", ["2026-04-23T22:00", "2026-04-23T22:30"]),
    ("America/Santiago", "2026-09-06", "00:00-01:30", ["04:00"]),
    ("Asia/Beirut", "2026-10-24", "23:00-00:00", ["20:00", "20:30", "21:00", "21:30"]),
    ("Europe/Dublin", "2026-10-25", "01:00-02:00", ["00:00", "00:30", "01:00", "01:30"]),
    ("Antarctica/Troll", "2027-03-28", "01:00-03:00", []),
    ("Pacific/Apia", "2011-12-30", "09:00-10:00", []),
    ("Pacific/Apia", "2011-12-31", "09:00-10:00", ["2011-12-30T19:00", "2011-12-30T19:30"]),
]


async def case(hospital: Hospital, zone: str, day: date, start: time, end: time, minutes: int) -> Person:
    """A hospital in that zone whose only hours are of that weekday; Dr Amara, a month before the day."""
    hospital.clock.at = datetime.combine(day - timedelta(days=28), time(12), tzinfo=UTC)
    async with hospital.units.writing() as uow:
        for each in await uow.directory.hours():
            await uow.directory.remove_hours(each.id)
        facts = ("golden", AMARA.id, WARD.id, CARDIOLOGY.id, day.isoweekday(), start, end)
        await uow.directory.add_hours(WeeklyHours(*facts, date(2000, 1, 1)))
        await uow.directory.save_location(replace(WARD, zone=zone, version=1))
        service = replace(CARDIOLOGY, minutes=minutes, buffer_minutes=0, version=1)
        await uow.directory.save_service(service)
    return await hospital.staff(AMARA)


async def starts(person: Person, day: date) -> list[datetime]:
    """What is offered from the day before until the day after, whatever the zone."""
    around = (datetime.combine(day + timedelta(days=each), time(0), tzinfo=UTC) for each in (-1, 2))
    span = dict(zip(("start", "end"), (each.isoformat() for each in around), strict=True))
    found = await person.get("/api/v1/slots", params=span | {"service": CARDIOLOGY.id, "count": "500"})
    assert found.status == 200, found.text
    return [datetime.fromisoformat(each["start"]) for each in found.json["slots"]]


async def book(person: Person, start: datetime) -> Any:
    ids = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
    return await person.post("/api/v1/appointments", ids | {"start": start.isoformat()})


@pytest.mark.parametrize("zone, on, wall, expected", GOLDEN)
async def test_a_day_of_odd_clocks_is_offered_and_booked_rightly(
    hospital: Hospital, zone: str, on: str, wall: str, expected: list[str]
) -> None:
    day, (start, end) = date.fromisoformat(on), (time.fromisoformat(each) for each in wall.split("-"))
    amara = await case(hospital, zone, day, start, end, 30)
    wanted = [
        datetime.fromisoformat(each if "T" in each else f"{on}T{each}").replace(tzinfo=UTC)
        for each in expected
    ]
    assert await starts(amara, day) == wanted
    for each in wanted:
        assert (await book(amara, each)).status == 201
    assert await starts(amara, day) == []
    between = (wanted[0] if wanted else datetime.combine(day, start, tzinfo=UTC)) + timedelta(minutes=7)
    refused = await book(amara, between)
    assert (refused.status, refused.json["errors"][0]["code"]) == (422, "not-offered")


@pytest.mark.parametrize(
    "zone, on, hours",
    [
        ("Europe/Berlin", "2026-10-25", 25),
        ("Europe/Berlin", "2027-03-28", 23),
        ("Europe/Berlin", "2027-03-21", 24),
        ("Africa/Cairo", "2026-04-24", 23),
        ("Asia/Beirut", "2026-10-24", 25),
        ("Antarctica/Troll", "2027-03-28", 22),
        ("Antarctica/Troll", "2026-10-25", 26),
        ("Australia/Lord_Howe", "2026-10-04", 23),
        ("Australia/Lord_Howe", "2027-04-04", 24),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
async def test_a_whole_day_has_as_many_hours_as_it_really_has(
    hospital: Hospital, zone: str, on: str, hours: int
) -> None:
    day = date.fromisoformat(on)
    amara = await case(hospital, zone, day, time(0), time(0), 60)
    assert len(await starts(amara, day)) == hours


async def test_a_wall_time_stays_where_the_rules_of_the_zone_put_it(hospital: Hospital) -> None:
    """Vancouver keeps summer's clocks from 2026 on: nine in the morning is 16:00Z in winter, too."""
    amara = await case(hospital, "America/Vancouver", date(2026, 11, 3), time(9), time(9, 30), 30)
    booked = await book(amara, datetime(2026, 11, 3, 16, tzinfo=UTC))
    assert booked.status == 201
    kept = hospital.units.tables.appointments[booked.json["id"]]
    assert (kept.zone, kept.local_start, kept.tzdata) == ("America/Vancouver", "2026-11-03T09:00", "2026.6")
