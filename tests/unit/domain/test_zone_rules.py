"""Where an agreed wall time lies under the rules in use, on the days on which that is not obvious."""

from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.zone_rules import agreed_instant, shifts_among
from telehealth.timezones import use_packaged_zones

use_packaged_zones()


def booked(zone: str, wall: str, start: datetime) -> Appointment:
    return Appointment(
        id=wall,
        uid=f"{wall}@telehealth",
        organization_id="hospital",
        patient_organization_id="hospital",
        patient_id="bo",
        practitioner_id="amara",
        service_id="cardiology",
        location_id="site",
        status=AppointmentStatus.BOOKED,
        start=start,
        end=start + timedelta(minutes=20),
        zone=zone,
        local_start=wall,
        tzdata="2025.3",
    )


@pytest.mark.parametrize(
    "zone, wall, former, instant",
    [
        ("America/Vancouver", "2026-11-03T09:00", "2026-11-03T17:00", "2026-11-03T16:00"),
        ("Pacific/Kiritimati", "2026-12-01T09:00", "2026-11-30T19:00", "2026-11-30T19:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30", "2026-10-25T00:30"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T01:30", "2026-10-25T01:30"),
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T06:30", "2027-03-14T07:30"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:15", "2026-10-03T15:45"),
    ],
)
def test_the_wall_time_is_what_was_agreed(zone: str, wall: str, former: str, instant: str) -> None:
    start = datetime.fromisoformat(former).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert agreed_instant(booked(zone, wall, start)) == expected


def test_each_finds_its_new_time_already_left_by_the_one_before() -> None:
    vancouver = [
        booked("America/Vancouver", f"2026-11-03T{hour:02}:00", datetime(2026, 11, 3, hour + 8, tzinfo=UTC))
        for hour in (9, 8, 10)
    ]
    berlin = [
        booked("Europe/Berlin", f"2026-11-03T{hour:02}:30", datetime(2026, 11, 3, hour - 2, 30, tzinfo=UTC))
        for hour in (12, 14, 13)
    ]
    order = [each.appointment.local_start[11:] for each in shifts_among([*vancouver, *berlin])]
    assert order == ["08:00", "09:00", "10:00", "14:30", "13:30", "12:30"]
