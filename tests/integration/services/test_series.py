"""Visits that come back: foreseen, booked all or none, told once, kept by the wall clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, SlotTaken
from telehealth.domain.series import Frequency, Rule
from telehealth.services.series import Choice, SeriesDesk, Standing
from telehealth.services.series_plan import Wanted
from telehealth.services.trail import Once
from tests.cast import ADA, AMARA, CARDIOLOGY, CARLA, HOSPITAL, NOOR, House, a_patient

MARCH = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)
"""A Monday, half past ten in Berlin; three weeks later clocks are put forward."""
WEEK = timedelta(days=7)
WEEKLY = Rule(Frequency.WEEKLY, count=6)
THIRD = "2027-03-22T10:30"


def desk(house: House) -> SeriesDesk:
    return house.assembled.services.appointments.series


def wanted(house: House, rule: Rule = WEEKLY, start: datetime = MARCH) -> Wanted:
    return Wanted(house.bo.id, CARDIOLOGY, AMARA.id, start, rule)


async def book(house: House, choice: Choice | None = None, once: Once | None = None) -> Standing:
    return await desk(house).book(CARLA, choice or Choice(wanted(house)), once)


async def taken_by_another(house: House, start: datetime) -> None:
    office = replace(SYSTEM, organization_id=HOSPITAL)
    cid = await house.assembled.services.desk.register(office, a_patient("Cid", "Moss", "02"))
    await house.book(start, patient=cid)


def starts(found: Standing) -> list[datetime]:
    return [row.appointment.start for row in found.rows]


async def test_six_weekly_visits_keep_the_wall_time_over_the_clock_change(house: House) -> None:
    booked = await book(house)
    summer = timedelta(hours=1)
    expected = [MARCH + WEEK * week - summer * (week > 2) for week in range(6)]
    assert starts(booked) == expected
    assert {row.appointment.local_start[11:] for row in booked.rows} == {"10:30"}
    assert {row.appointment.series_id for row in booked.rows} == {booked.series.id}
    assert all(row.link is not None for row in booked.rows)
    assert (booked.series.rule, booked.series.zone) == (
        "FREQ=WEEKLY;INTERVAL=1;COUNT=6",
        "Europe/Berlin",
    )


async def test_what_is_in_the_way_is_seen_before_anything_is_booked(house: House) -> None:
    await taken_by_another(house, MARCH + 2 * WEEK)
    await house.book(MARCH + WEEK + timedelta(minutes=20))
    found = await desk(house).foresee(CARLA, wanted(house, Rule(Frequency.WEEKLY, count=3)))
    first, second, third = found.visits
    assert (first.free, second.free, third.why.code) == (True, True, "taken")
    assert third.ways == tuple(MARCH + 2 * WEEK + timedelta(minutes=each) for each in (-20, 20, -40))
    found = await desk(house).foresee(CARLA, wanted(house, WEEKLY, MARCH + timedelta(minutes=20)))
    assert [each.why.code for each in found.visits] == ["", "taken", "", "", "", ""]


@pytest.mark.parametrize(
    "start, code",
    [(datetime(2026, 11, 16, 9, 30, tzinfo=UTC), "in-the-past"), (MARCH + timedelta(hours=9), "not-offered")],
)
async def test_each_visit_is_held_against_all_that_a_single_one_is(
    house: House, start: datetime, code: str
) -> None:
    found = await desk(house).foresee(CARLA, wanted(house, start=start))
    assert found.visits[0].why.code == code
    with pytest.raises(BadInput) as refused:
        await book(house, Choice(wanted(house, start=start)))
    assert refused.value.problems[0].code == code


async def test_one_taken_time_keeps_the_whole_series_from_being_booked(house: House) -> None:
    await taken_by_another(house, MARCH + 2 * WEEK)
    with pytest.raises(SlotTaken):
        await book(house)
    async with house.assembled.opened.storage.reading() as uow:
        ahead = await uow.visits.ahead([house.bo.id], MARCH)
    assert ahead == []


async def test_a_visit_in_the_way_is_left_out_or_takes_another_time(house: House) -> None:
    await taken_by_another(house, MARCH + 2 * WEEK)
    other = MARCH + 2 * WEEK + timedelta(minutes=40)
    booked = await book(house, Choice(wanted(house), frozenset({"2027-03-15T10:30"}), {THIRD: other}))
    assert len(booked.rows) == 5
    assert [row.appointment.apart for row in booked.rows] == [False, True, False, False, False]
    assert booked.rows[1].appointment.recurrence == "2027-03-22T11:10"


@pytest.mark.parametrize(
    "left_out, instead, code",
    [
        ({"2027-03-09T10:30"}, {}, "unknown"),
        ({THIRD}, {THIRD: MARCH}, "unknown"),
        ({"2027-03-15T10:30"}, {}, "too-few"),
        (set(), {"2027-03-15T10:30": MARCH}, "twice"),
    ],
)
async def test_a_choice_that_means_nothing_is_refused(
    house: House, left_out: set[str], instead: dict[str, datetime], code: str
) -> None:
    short = wanted(house, Rule(Frequency.WEEKLY, count=3 if THIRD in left_out else 2))
    with pytest.raises(BadInput) as refused:
        await book(house, Choice(short, frozenset(left_out), instead))
    assert [each.code for each in refused.value.problems] == [code]


async def test_the_patient_is_told_once_and_reminded_of_each(house: House) -> None:
    booked = await book(house)
    async with house.assembled.opened.storage.reading() as uow:
        posts = [await uow.outbox.of_visit(row.visit.id) for row in booked.rows]
    templates = [sorted({each.template for each in post}) for post in posts]
    assert (
        templates
        == [["series-booked", "visit-reminder", "visit-soon"]] + [["visit-reminder", "visit-soon"]] * 5
    )
    assert len([each for each in posts[0] if each.template == "series-booked"]) == 2  # an SMS and a mail


async def test_pressed_twice_it_is_booked_once(house: House) -> None:
    once = Once("carla", "key-of-a-series", b"hash")
    first, second = await book(house, once=once), await book(house, once=once)
    assert starts(first) == starts(second)
    assert first.series == second.series


async def test_a_stranger_is_refused(house: House) -> None:
    with pytest.raises(NotPermitted):
        await desk(house).foresee(ADA, wanted(house))
    with pytest.raises(NotFound):
        await desk(house).foresee(NOOR, wanted(house))
    with pytest.raises(NotFound):
        await desk(house).book(NOOR, Choice(wanted(house)))
    booked = await book(house)
    with pytest.raises(NotFound):
        await desk(house).look(NOOR, booked.series.id)
    with pytest.raises(NotFound):
        await desk(house).look(CARLA, "nothing")
    assert (await desk(house).look(CARLA, booked.series.id)).series == booked.series


async def test_who_did_what_is_in_the_log(house: House) -> None:
    await desk(house).foresee(CARLA, wanted(house))
    booked = await book(house)
    await desk(house).look(CARLA, booked.series.id)
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(patient_id=house.bo.id)
    found = {(each.action.value, each.entity_id) for each in entries if each.entity == "AppointmentSeries"}
    own = booked.series.id
    assert found == {("series:foresee", ""), ("series:book", own), ("series:read", own)}
