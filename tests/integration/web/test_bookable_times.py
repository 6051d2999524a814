"""What takes bookable time away or adds to it: what is not offered is refused with a code of its own."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from telehealth.domain.closures import ClosedBecause, Closure
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.scheduling import Break
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, HOSPITAL, RURAL, VILLAGE, WARD
from tests.integration.web.hospital import HOURS, Hospital, Person

TUESDAY = date(2026, 11, 24)
MORNING, NOON = datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 24, 11, tzinfo=UTC)
"""From eight to twelve by Berlin's clocks; the hours begin at eight and end at six."""
HOUR = timedelta(hours=1)
SHUT = Closure("closure-1", HOSPITAL.id, "", MORNING + HOUR, NOON, ClosedBecause.POWER)
AWAY = HoursException(
    *("exception-1", HOSPITAL.id, AMARA.id, WARD.id, "", ExceptionKind.AWAY),
    *(TUESDAY, time(9), TUESDAY, time(12)),
)
EVENING = replace(AWAY, kind=ExceptionKind.EXTRA, service_id=CARDIOLOGY.id, start=time(18, 10), end=time(19))


async def times(person: Person, start: datetime = MORNING, end: datetime = NOON) -> list[str]:
    """Free times of a part of that Tuesday, in UTC."""
    span = {"start": start.isoformat(), "end": end.isoformat(), "service": CARDIOLOGY.id, "count": "500"}
    found = await person.get("/api/v1/slots", params=span)
    assert found.status == 200, found.text
    return [each["start"][11:16] for each in found.json["slots"]]


async def refusal(person: Person, start: datetime) -> str:
    """The code with which booking is refused; `booked` when it is not."""
    ids = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
    answer = await person.post("/api/v1/appointments", ids | {"start": start.isoformat()})
    if answer.status == 201:
        return "booked"
    assert answer.status == 422, answer.text
    assert answer.json["errors"][0]["field"] == "start"
    return str(answer.json["errors"][0]["code"])


async def said(hospital: Hospital, *things: Any) -> Person:
    """Keep closures and exceptions; Dr Amara, signed in."""
    async with hospital.units.writing() as uow:
        for each in things:
            await (uow.closures.add(each) if isinstance(each, Closure) else uow.schedules.add_exception(each))
    return await hospital.staff(AMARA)


async def set_up(hospital: Hospital, **changes: Any) -> Person:
    """Change when the service can be booked."""
    hospital.units.tables.services[CARDIOLOGY.id] = replace(CARDIOLOGY, **changes)
    return await hospital.staff(AMARA)


async def test_the_plain_morning(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert await times(amara, end=MORNING + HOUR) == ["07:00", "07:25"]
    assert await refusal(amara, MORNING + timedelta(minutes=5)) == "not-offered"


@pytest.mark.parametrize("site", ["", WARD.id])
async def test_a_closed_clinic_is_not_offered_and_booking_in_it_is_refused(
    hospital: Hospital, site: str
) -> None:
    amara = await said(hospital, replace(SHUT, location_id=site))
    assert await times(amara) == ["07:00", "07:25"], "the visit at 07:50 would reach into the closed time"
    assert await refusal(amara, MORNING + timedelta(minutes=50)) == "closed"
    assert await refusal(amara, MORNING + timedelta(minutes=75)) == "closed"
    assert await refusal(amara, MORNING + timedelta(minutes=25)) == "booked"


@pytest.mark.parametrize("other", [{"location_id": VILLAGE.id}, {"organization_id": RURAL.id}])
async def test_another_clinic_that_is_closed_matters_nothing(
    hospital: Hospital, other: dict[str, str]
) -> None:
    amara = await said(hospital, replace(SHUT, **other))
    assert len(await times(amara)) == 9
    assert await refusal(amara, MORNING + timedelta(minutes=75)) == "booked"


async def test_a_visit_cannot_be_moved_into_a_closed_time(hospital: Hospital) -> None:
    amara = await said(hospital, SHUT)
    ids = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
    made = await amara.post("/api/v1/appointments", ids | {"start": MORNING.isoformat()})
    wish = {"start": (MORNING + timedelta(minutes=75)).isoformat(), "version": 0}
    moved = await amara.post(f"/api/v1/appointments/{made.json['id']}/move", wish)
    assert (moved.status, moved.json["errors"][0]["code"]) == (422, "closed")


async def test_who_is_away_is_not_offered(hospital: Hospital) -> None:
    amara = await said(hospital, AWAY)
    assert await times(amara) == ["07:00", "07:25"]
    assert await refusal(amara, MORNING + timedelta(minutes=75)) == "away"


async def test_extra_hours_are_offered_with_steps_of_their_own(hospital: Hospital) -> None:
    amara = await said(hospital, EVENING)
    evening = datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert await times(amara, evening, evening + 2 * HOUR) == ["17:10", "17:35"]
    assert await refusal(amara, evening + timedelta(minutes=35)) == "booked"
    assert await refusal(amara, evening + timedelta(minutes=60)) == "not-offered"


async def test_extra_hours_that_run_into_others_overlap_with_nothing(hospital: Hospital) -> None:
    amara = await said(hospital, replace(EVENING, start=time(17)))
    late = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    assert await times(amara, late, late + 3 * HOUR) == ["15:45", "16:10", "16:35", "17:00", "17:25"]


async def test_a_break_cuts_the_day_in_two(hospital: Hospital) -> None:
    pause = Break(time(9), time(10, 30))
    for each in HOURS:
        hospital.units.tables.hours[each.id] = replace(each, breaks=(pause,))
    amara = await hospital.staff(AMARA)
    assert await times(amara) == ["07:00", "07:25", "09:30", "09:55", "10:20"]


async def test_holidays_of_the_sites_region_are_kept(hospital: Hospital) -> None:
    feast = date(2027, 5, 27)  # Corpus Christi, kept in Bavaria and not in Berlin
    start, end = datetime(2027, 5, 27, 6, tzinfo=UTC), datetime(2027, 5, 27, 8, tzinfo=UTC)
    hospital.units.tables.locations[WARD.id] = replace(WARD, region="DE-BE")
    amara = await hospital.staff(AMARA)
    assert len(await times(amara, start, end)) == 5
    hospital.units.tables.locations[WARD.id] = replace(WARD, region="DE-BY")
    assert await times(amara, start, end) == []
    assert await refusal(amara, start) == "holiday"
    working = replace(
        AWAY, id="open", practitioner_id="", kind=ExceptionKind.OPEN, first=feast, last=feast, end=time(0)
    )
    await said(hospital, working)
    assert len(await times(amara, start, end)) == 5
    assert await refusal(amara, start) == "booked"


async def test_extra_hours_hold_on_a_holiday(hospital: Hospital) -> None:
    feast, eight = date(2027, 5, 27), datetime(2027, 5, 27, 6, tzinfo=UTC)
    hospital.units.tables.locations[WARD.id] = replace(WARD, region="DE-BY")
    amara = await said(hospital, replace(EVENING, first=feast, last=feast, start=time(8), end=time(9)))
    assert await times(amara, eight, eight + 4 * HOUR) == ["06:00", "06:25"]


async def test_a_service_wants_notice_and_looks_so_far_ahead(hospital: Hospital) -> None:
    amara = await set_up(hospital, notice_minutes=24 * 60, horizon_days=2)
    now = hospital.clock.at
    assert await times(amara, now, now + timedelta(days=3))
    found = await times(amara, now + timedelta(hours=20), now + timedelta(hours=25))
    assert found[0] == "09:05", "the first time that is a day ahead"
    assert await refusal(amara, MORNING) == "too-soon"
    assert await refusal(amara, MORNING + timedelta(days=7)) == "too-far"
    assert await refusal(amara, MORNING - timedelta(days=2)) == "in-the-past"


async def test_a_held_time_can_be_booked_although_its_notice_ran_out_meanwhile(hospital: Hospital) -> None:
    ahead = int((MORNING - hospital.clock.at) / timedelta(minutes=1)) - 2
    amara = await set_up(hospital, notice_minutes=ahead)
    ids = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
    wish = ids | {"start": MORNING.isoformat()}
    held = await amara.post("/api/v1/holds", wish)
    assert held.status == 201, held.text
    hospital.clock.move(minutes=5)
    assert await refusal(amara, MORNING) == "too-soon"
    booked = await amara.post("/api/v1/appointments", wish | {"hold_id": held.json["id"]})
    assert booked.status == 201, booked.text


async def test_a_horizon_of_a_century_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert await refusal(amara, datetime(2099, 11, 24, 9, tzinfo=UTC)) == "too-far"
    span = {"start": "2026-11-24T00:00:00Z", "end": "2099-11-24T00:00:00Z", "service": CARDIOLOGY.id}
    found = await amara.get("/api/v1/slots", params=span)
    assert (found.status, found.json["errors"][0]["code"]) == (422, "too-far")


async def test_pauses_before_and_after_keep_their_distance_from_what_is_booked(hospital: Hospital) -> None:
    amara = await set_up(hospital, before_minutes=10, buffer_minutes=5)
    assert await times(amara, end=MORNING + 2 * HOUR) == ["07:00", "07:35", "08:10"]
    assert await refusal(amara, MORNING + timedelta(minutes=35)) == "booked"
    assert await times(amara, end=MORNING + 2 * HOUR) == ["07:00", "08:10"]
    claims = [claim for each in hospital.units.tables.claims.values() for claim in each]
    (own,) = (each for each in claims if each.resource_id == AMARA.id)
    assert (own.start, own.end) == (MORNING + timedelta(minutes=25), MORNING + timedelta(minutes=60))
