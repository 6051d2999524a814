"""This visit, this and the following, or all of a series: moved and cancelled together, told once."""

import asyncio
from datetime import datetime, timedelta

import icalendar
import pytest

from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, SlotTaken, StaleVersion, WrongState
from telehealth.domain.series import Reach
from telehealth.services.repositories import DayRow
from telehealth.services.series import Standing
from telehealth.services.series_changes import SeriesChanges
from telehealth.services.series_reach import Move, Wish
from telehealth.services.trail import Once
from tests.cast import ADA, CARLA, NOOR, House
from tests.integration.services.test_calendar_mails import mailed
from tests.integration.services.test_series import MARCH, WEEK, book, starts, taken_by_another
from tests.integration.services.test_series_calendar import file_of, read_by_another
from tests.services.smtp import SmtpSink

MINUTES, DAY, SUMMER = timedelta(minutes=1), timedelta(days=1), timedelta(hours=1)


def changes(house: House) -> SeriesChanges:
    return house.assembled.services.appointments.series_changes


def wish(row: DayRow, reach: Reach = Reach.FOLLOWING) -> Wish:
    return Wish(row.appointment.id, row.appointment.version, reach)


def walls(found: Standing) -> list[str]:
    return [f"{datetime.fromisoformat(row.appointment.local_start):%a %H:%M}" for row in found.rows]


async def templates(house: House, found: Standing) -> list[list[str]]:
    async with house.assembled.opened.storage.reading() as uow:
        posts = [await uow.outbox.of_visit(row.visit.id) for row in found.rows]
    return [sorted({each.template for each in post if "-re" not in each.template}) for post in posts]


async def test_this_and_the_following_go_to_another_weekday_and_wall_time(house: House) -> None:
    booked = await book(house)
    third = booked.rows[2]
    to = third.appointment.start + DAY + 40 * MINUTES
    after = await changes(house).move(CARLA, Move(wish(third), to))
    assert walls(after) == ["Mon 10:30"] * 2 + ["Tue 11:10"] * 4
    expected = [to + WEEK * week - SUMMER * (week > 0) for week in range(4)]
    assert starts(after)[2:] == expected
    assert [row.appointment.sequence for row in after.rows] == [0, 0, 1, 1, 1, 1]
    assert [row.appointment.recurrence for row in after.rows] == [
        row.appointment.recurrence for row in booked.rows
    ]
    assert not any(row.appointment.apart for row in after.rows)


async def test_one_message_tells_all_and_every_older_link_is_dead(house: House) -> None:
    booked = await book(house)
    after = await changes(house).move(CARLA, Move(wish(booked.rows[2]), MARCH + 2 * WEEK + DAY))
    told = await templates(house, after)
    assert (
        told
        == [["series-booked", "visit-soon"], ["visit-soon"], ["series-moved", "visit-soon"]]
        + [["visit-soon"]] * 3
    )
    kept = [old.link == new.link for old, new in zip(booked.rows, after.rows, strict=True)]
    assert kept == [True, True, False, False, False, False]


async def test_all_leaves_exceptions_and_what_is_over_as_they_are(house: House) -> None:
    booked = await book(house)
    fourth, desk = booked.rows[3].appointment, house.assembled.services.appointments
    apart = await desk.moving.move(CARLA, fourth.id, fourth.start + 2 * DAY, fourth.version)
    await desk.cancel(CARLA, booked.rows[4].appointment.id)
    house.clock.at = MARCH + DAY
    after = await changes(house).move(CARLA, Move(wish(booked.rows[5], Reach.ALL), starts(booked)[5] + DAY))
    assert walls(after) == ["Mon 10:30", "Tue 10:30", "Tue 10:30", "Wed 10:30", "Mon 10:30", "Tue 10:30"]
    assert after.rows[3].appointment == apart
    assert after.rows[4].appointment.status is AppointmentStatus.CANCELLED
    with pytest.raises(BadInput) as refused:
        await changes(house).move(CARLA, Move(wish(after.rows[3]), apart.start + DAY))
    assert [each.code for each in refused.value.problems] == ["apart"]


async def test_what_is_in_the_way_is_seen_and_answered_before_anything_moves(house: House) -> None:
    booked = await book(house)
    await taken_by_another(house, starts(booked)[4] + 20 * MINUTES)
    move = Move(wish(booked.rows[3]), starts(booked)[3] + 20 * MINUTES)
    seen = await changes(house).foresee(CARLA, move)
    assert [each.why.code for _, each in seen.visits] == ["", "taken", ""]
    assert starts(booked)[4] in seen.visits[1][1].ways  # their own time is free for them
    with pytest.raises(SlotTaken):
        await changes(house).move(CARLA, move)
    fifth, sixth = (row.appointment.recurrence for row in booked.rows[4:])
    instead = {fifth: starts(booked)[4] + 40 * MINUTES}
    after = await changes(house).move(CARLA, Move(move.wish, move.start, frozenset({sixth}), instead))
    assert walls(after)[3:] == ["Mon 10:50", "Mon 11:10", "Mon 10:30"]
    assert [row.appointment.apart for row in after.rows[3:]] == [False, True, False]


@pytest.mark.parametrize("kept, code", [({"2027-03-09T10:30"}, "unknown"), (set(), "same-time")])
async def test_a_move_that_means_nothing_is_refused(house: House, kept: set[str], code: str) -> None:
    booked = await book(house)
    start = starts(booked)[2] + (20 * MINUTES if kept else timedelta(0))
    with pytest.raises(BadInput) as refused:
        await changes(house).move(CARLA, Move(wish(booked.rows[2]), start, frozenset(kept)))
    assert [each.code for each in refused.value.problems] == [code]


async def test_this_and_the_following_are_cancelled_and_their_times_are_free(house: House) -> None:
    booked = await book(house)
    seen = await changes(house).look(CARLA, wish(booked.rows[2]))
    assert [row.visit.id for row in seen.rows] == [row.visit.id for row in booked.rows[2:]]
    after = await changes(house).cancel(CARLA, wish(booked.rows[2]))
    assert [row.appointment.status.value for row in after.rows] == ["booked"] * 2 + ["cancelled"] * 4
    assert (await templates(house, after))[2] == ["series-cancelled"]
    for start in starts(booked)[2:]:
        await house.book(start)
    with pytest.raises(StaleVersion):
        await changes(house).cancel(CARLA, wish(booked.rows[2]))


async def test_the_last_alone_is_told_as_a_single_visit_is(house: House) -> None:
    booked = await book(house)
    after = await changes(house).move(CARLA, Move(wish(booked.rows[5]), starts(booked)[5] + DAY))
    assert (await templates(house, after))[5] == ["visit-moved", "visit-soon"]
    after = await changes(house).cancel(CARLA, wish(after.rows[5]))
    assert (await templates(house, after))[5] == ["visit-cancelled", "visit-moved"]


async def test_pressed_twice_it_happens_once(house: House) -> None:
    booked = await book(house)
    move = Move(wish(booked.rows[2]), starts(booked)[2] + DAY)
    once, later = Once("carla", "key-of-a-move", b"hash"), Once("carla", "key-of-an-end", b"hash")
    first, second = [await changes(house).move(CARLA, move, once) for _ in range(2)]
    assert starts(first) == starts(second)
    ends = [await changes(house).cancel(CARLA, wish(first.rows[1]), later) for _ in range(2)]
    assert {row.appointment.version for row in ends[1].rows[2:]} == {2}


async def test_the_calendar_follows_the_whole_series(house: House, smtp_sink: SmtpSink) -> None:
    booked = await book(house)
    await mailed(house, smtp_sink)
    after = await changes(house).move(CARLA, Move(wish(booked.rows[2]), starts(booked)[2] + DAY))
    file = file_of(await mailed(house, smtp_sink))
    assert read_by_another(file) == starts(after)
    (whole, *_) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert whole["SEQUENCE"] == 4
    after = await changes(house).cancel(CARLA, wish(after.rows[4]))
    file = file_of(await mailed(house, smtp_sink))
    assert "METHOD:REQUEST" in file
    assert read_by_another(file) == starts(after)[:4]
    await changes(house).cancel(CARLA, wish(after.rows[0], Reach.ALL))
    file = file_of(await mailed(house, smtp_sink))
    assert "METHOD:CANCEL" in file
    (whole,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert whole["SEQUENCE"] == 10


async def test_a_stranger_is_refused(house: House) -> None:
    booked = await book(house)
    asked, move = wish(booked.rows[0]), Move(wish(booked.rows[0]), MARCH + DAY)
    for actor, refusal in ((ADA, NotPermitted), (NOOR, NotFound)):
        for call in (changes(house).look(actor, asked), changes(house).cancel(actor, asked)):
            with pytest.raises(refusal):
                await call
        for change in (changes(house).foresee(actor, move), changes(house).move(actor, move)):
            with pytest.raises(refusal):
                await change
    single = await house.book(MARCH + DAY)
    with pytest.raises(NotFound):
        await changes(house).look(CARLA, Wish(single.appointment.id, 0, Reach.ALL))


async def test_changes_of_one_series_come_one_after_the_other(house: House) -> None:
    booked = await book(house)
    rows, starting = booked.rows, starts(booked)
    moving = house.assembled.services.appointments.moving

    async def single(at: int) -> object:
        appointment = rows[at].appointment
        return await moving.move(CARLA, appointment.id, starting[at] + 60 * MINUTES, appointment.version)

    tries = [
        *(changes(house).move(CARLA, Move(wish(rows[at], Reach.ALL), starting[at] + DAY)) for at in range(6)),
        *(changes(house).cancel(CARLA, wish(rows[at])) for at in range(1, 6)),
        *(single(at) for at in range(6)),
    ]
    ends = await asyncio.gather(*tries, return_exceptions=True)
    lost = [each for each in ends if isinstance(each, BaseException)]
    assert len(lost) < len(ends)
    assert {type(each) for each in lost} <= {StaleVersion, WrongState, BadInput}
    async with house.assembled.opened.storage.reading() as uow:
        ids = await uow.series.visits(booked.series.id)
        visits = [row.appointment for row in (await uow.visits.rows(ids)).values()]
    assert sum(each.sequence for each in visits) == sum(each.version for each in visits)
    assert {each.recurrence for each in visits} == {row.appointment.recurrence for row in rows}


async def test_one_of_many_series_and_single_bookings_gets_the_weeks(house: House) -> None:
    async def series() -> object:
        return await book(house)

    async def single(week: int) -> object:
        return await house.book(starting[week])

    starting = [MARCH + WEEK * week - SUMMER * (week > 2) for week in range(6)]
    ends = await asyncio.gather(
        *(series() if number % 2 else single(number % 6) for number in range(24)), return_exceptions=True
    )
    lost = [each for each in ends if isinstance(each, BaseException)]
    assert {type(each) for each in lost} == {SlotTaken}
    won = [each for each in ends if not isinstance(each, BaseException)]
    assert len(won) == 1 or not any(isinstance(each, Standing) for each in won)
