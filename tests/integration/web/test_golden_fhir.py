"""The cases of odd clocks by FHIR: found as slots, booked by `$book`, told by the calendar, and busy then."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import vobject

from tests.integration.storage.cast import BO
from tests.integration.web.hospital import Hospital, Person
from tests.integration.web.test_calendar_feed import address
from tests.integration.web.test_fhir_slots import book_slot, schedule_of, slots
from tests.integration.web.test_golden_slots import GOLDEN, case

MORE: list[tuple[str, str, str, list[str]]] = [
    ("America/Nuuk", "2026-03-28", "22:00-23:30", ["2026-03-29T00:00", "2026-03-29T00:30"]),
    (
        "Asia/Gaza",
        "2026-10-24",
        "01:00-02:00",
        [f"2026-10-23T{each}" for each in ("22:00", "22:30", "23:00", "23:30")],
    ),
    ("America/Havana", "2025-11-02", "00:00-01:00", ["04:00", "04:30", "05:00", "05:30"]),
    ("Pacific/Norfolk", "2026-10-04", "02:00-03:00", []),
    ("Australia/Eucla", "2026-11-24", "09:00-10:00", ["00:15", "00:45"]),
    ("America/St_Johns", "2026-03-08", "02:00-03:30", ["05:30"]),
    ("Asia/Pyongyang", "2018-05-04", "23:00-00:00", ["14:30"]),
    ("Pacific/Kwajalein", "2026-11-24", "23:30-00:00", ["11:30"]),
]


def instants(on: str, expected: list[str]) -> list[datetime]:
    texts = (each if "T" in each else f"{on}T{each}" for each in expected)
    return [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in texts]


async def shown(person: Person, day: date, status: str) -> dict[datetime, str]:
    """Start and id of what is told as free, or as busy, from the day before until the day after."""
    around = [
        datetime.combine(day + timedelta(days=each), time(0), tzinfo=UTC).isoformat() for each in (-1, 2)
    ]
    asked = [("start", f"ge{around[0]}"), ("start", f"lt{around[1]}"), ("status", status), ("_count", "200")]
    found = await slots(person, await schedule_of(person), *asked)
    return {datetime.fromisoformat(each["start"]): each["id"] for each in found}


@pytest.mark.parametrize("zone, on, wall, expected", [*GOLDEN, *MORE])
async def test_a_day_of_odd_clocks_is_the_same_at_every_door(
    hospital: Hospital, zone: str, on: str, wall: str, expected: list[str]
) -> None:
    day, (start, end) = date.fromisoformat(on), (time.fromisoformat(each) for each in wall.split("-"))
    amara = await case(hospital, zone, day, start, end, 30)
    calendar = await address(amara)
    wanted = instants(on, expected)
    free = await shown(amara, day, "free")
    assert (list(free), await shown(amara, day, "busy")) == (wanted, {})
    for slot in free.values():
        assert (await book_slot(amara, slot, BO.id)).status == 200
    assert (await shown(amara, day, "free"), await shown(amara, day, "busy")) == ({}, free)
    hospital.clock.at = datetime.combine(day - timedelta(days=7), time(12), tzinfo=UTC)
    told = vobject.readOne((await (await hospital.visitor()).get(calendar)).text)
    assert sorted(each.dtstart.value for each in told.contents.get("vevent", [])) == wanted
