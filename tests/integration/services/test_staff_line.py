"""The lines as a clinic's staff see them: who concerns their organization, in an order that they change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import NotFound, NotPermitted
from telehealth.domain.queue import Priority
from tests.cast import ADA, AMARA, CARLA, HOSPITAL, MONDAY, NOOR, PIA, House, a_patient

HOST = replace(NOOR, organization_id=HOSPITAL)


async def test_staff_see_the_line_in_order_and_bring_somebody_to_its_front(house: House) -> None:
    desk, line = house.assembled.services.desk, house.assembled.services.waiting.line
    assert await line.waiting(HOST) == []
    first = await house.book()
    cid = await desk.register(CARLA, a_patient("Cid", "Moss", "02"))
    second = await house.book(MONDAY + timedelta(minutes=20), patient=cid)
    for each in (second, first):
        await house.wait(each)
    (found,) = await line.waiting(HOST)
    assert found.practitioner.id == AMARA.id
    assert [row.visit.id for row in found.rows] == [first.visit_id, second.visit_id]
    await line.prioritize(HOST, second.visit_id, Priority.URGENT)
    (found,) = await line.waiting(HOST)
    assert [row.visit.id for row in found.rows] == [second.visit_id, first.visit_id]


async def test_a_stranger_sees_nobody_and_other_roles_may_not_look(house: House) -> None:
    line = house.assembled.services.waiting.line
    await house.wait(booked := await house.book())
    assert await line.waiting(NOOR) == []
    with pytest.raises(NotFound):
        await line.prioritize(NOOR, booked.visit_id, Priority.URGENT)
    for actor in (AMARA, CARLA, ADA, PIA):
        with pytest.raises(NotPermitted):
            await line.waiting(actor)


async def test_who_waited_the_day_before_yesterday_waits_no_more(house: House) -> None:
    await house.wait(await house.book())
    house.clock.pass_by(days=2)
    assert await house.assembled.services.waiting.line.waiting(HOST) == []
