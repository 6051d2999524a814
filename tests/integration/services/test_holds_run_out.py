"""A held time that nobody used is free on every list at once: the sweeper only comes later."""

from dataclasses import replace
from datetime import timedelta

from telehealth.domain.scheduling import A_DAY, A_WEEK
from telehealth.services.booking import HOLD_FOR, BookingRequest
from telehealth.services.slots import SlotFinder, SlotQuery
from telehealth.services.years import YearQuery
from tests.cast import AMARA, CARDIOLOGY, CARLA, MONDAY, House

START = MONDAY + timedelta(hours=2)
WANTED = SlotQuery(CARDIOLOGY, MONDAY, MONDAY + A_DAY, AMARA.id)


async def lists(house: House) -> list[bool]:
    """Whether the time is free for anybody, for Bo, at this start alone, and on the specialist's agenda."""
    finder = SlotFinder(work=house.assembled.opened.work)
    agendas = house.assembled.services.appointments.agendas
    (agenda,) = await agendas.listed(CARLA)
    free = [each.start for each in await finder.find(CARLA, WANTED)]
    for_bo = [each.start for each in await finder.find(CARLA, replace(WANTED, patient_id=house.bo.id))]
    offered = await agendas.slots(CARLA, agenda.id, START, START + timedelta(minutes=1))
    return [
        START in free,
        START in for_bo,
        bool((await finder.free_at(CARDIOLOGY, [START]))[START]),
        all(each.free for each in offered),
    ]


async def test_its_last_second_counts_and_then_everybody_sees_it_as_free(house: House) -> None:
    await house.assembled.services.booking.hold(
        CARLA, BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, START)
    )
    house.clock.at += HOLD_FOR - timedelta(seconds=1)
    assert await lists(house) == [False] * 4
    house.clock.at += timedelta(seconds=1)
    assert await lists(house) == [True] * 4


async def test_the_year_counts_its_time_again(house: House) -> None:
    years, query = house.assembled.services.overview.years, YearQuery(service_id=CARDIOLOGY)

    async def next_week() -> float:
        return (await years.read(CARLA, query)).people[0].free[1]

    before = await next_week()
    held = BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, START + A_WEEK)
    await house.assembled.services.booking.hold(CARLA, held)
    assert await next_week() < before
    house.clock.at += HOLD_FOR
    assert await next_week() == before
