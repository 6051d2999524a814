"""A link has an end: two hours after the visit, whatever became of it, and a day later even for who waits."""

from datetime import timedelta

import pytest

from telehealth.domain.errors import VisitClosed
from telehealth.services.booking import Booked
from tests.cast import AMARA, MONDAY, House

END = MONDAY + timedelta(minutes=20)
MINUTE = timedelta(minutes=1)
CLOSES = END + timedelta(hours=2)
LAST = END + timedelta(hours=24)


@pytest.mark.parametrize("far", ["booked", "arrived", "waiting"])
async def test_a_minute_before_the_end_the_link_opens(house: House, far: str) -> None:
    booked = await house.book()
    if far == "arrived":
        await house.arrive(booked)
    elif far == "waiting":
        await house.wait(booked)
    house.clock.at = CLOSES - MINUTE
    assert await house.arrive(booked) is not None


@pytest.mark.parametrize("far", ["booked", "arrived"])
async def test_a_minute_after_the_end_nobody_comes_in_who_does_not_wait(house: House, far: str) -> None:
    joining = house.assembled.services.joining
    booked = await house.book()
    token = booked.join_url.partition("#")[2]
    opened = None
    if far == "arrived":
        opened = await joining.open(token)
    house.clock.at = CLOSES + MINUTE
    assert (await joining.look(token)).state == "over"
    with pytest.raises(VisitClosed, match="over"):
        await joining.open(token)
    if opened is not None:
        assert await joining.visitor(opened.visit_id, opened.cookie) is None


async def spoken(house: House, booked: Booked) -> str:
    """The code of Bo's link, as it is typed."""
    async with house.assembled.opened.storage.reading() as uow:
        link = await uow.visits.link_of(booked.visit_id, house.bo.id)
    assert link is not None
    return house.assembled.invitations.code(link).replace("-", "")


async def test_the_spoken_code_ends_with_the_link(house: House) -> None:
    code = await spoken(house, await house.book())
    house.clock.at = CLOSES + MINUTE
    with pytest.raises(VisitClosed):
        await house.assembled.services.joining.by_code(code, house.bo.birth_date)


async def test_the_spoken_code_lives_as_long_as_the_link(house: House) -> None:
    start = MONDAY + timedelta(days=2)
    code = await spoken(house, await house.book(start))
    opens = start - timedelta(hours=24)
    house.clock.at = opens - MINUTE
    with pytest.raises(VisitClosed):
        await house.assembled.services.joining.by_code(code, house.bo.birth_date)
    for at in (opens, start + timedelta(minutes=140) - MINUTE):
        house.clock.at = at
        opened = await house.assembled.services.joining.by_code(code, house.bo.birth_date)
        assert opened.visit_id


async def test_who_waits_may_come_back_for_a_day_and_no_longer(house: House) -> None:
    joining = house.assembled.services.joining
    booked = await house.book()
    await house.wait(booked)
    token = booked.join_url.partition("#")[2]
    house.clock.at = LAST - MINUTE
    opened = await joining.open(token)
    assert await joining.visitor(opened.visit_id, opened.cookie) is not None
    house.clock.at = LAST + MINUTE
    with pytest.raises(VisitClosed):
        await joining.open(token)
    assert await joining.visitor(opened.visit_id, opened.cookie) is None


async def test_a_call_that_nobody_ended_does_not_stay_open_for_ever(house: House) -> None:
    booked = await house.book()
    await house.call(booked)
    house.clock.at = LAST + MINUTE
    with pytest.raises(VisitClosed):
        await house.assembled.services.joining.open(booked.join_url.partition("#")[2])


async def test_after_the_end_of_the_visit_the_patient_may_read_on_for_half_an_hour(house: House) -> None:
    joining = house.assembled.services.joining
    booked = await house.book()
    await house.call(booked)
    await house.assembled.services.consulting.end(AMARA, booked.visit_id)
    house.clock.pass_by(minutes=29)
    opened = await joining.open(booked.join_url.partition("#")[2])
    assert await joining.visitor(opened.visit_id, opened.cookie) is not None
    house.clock.pass_by(minutes=2)
    assert await joining.visitor(opened.visit_id, opened.cookie) is None
