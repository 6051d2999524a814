"""Whose call may be made ready before Admit: the first of the line, and nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Connection, Device
from telehealth.domain.errors import NotFound, NotPermitted
from telehealth.services.booking import Booked
from telehealth.services.doorkeeper import Doorkeeper, NotAdmitted
from tests.cast import ADA, AMARA, CY, MONDAY, NOOR, PIA, RURAL, House, a_patient

LATER = MONDAY + timedelta(hours=1)


async def ready(house: House, booked: Booked) -> Actor:
    """In the waiting room with camera and microphone."""
    visitor = await house.wait(booked)
    await house.assembled.services.attending.device(visitor, Device.READY)
    return visitor


async def next_visit(door: Doorkeeper) -> str:
    following = await door.next_in_line(AMARA.id)
    assert following is not None
    return following.visit_id


async def test_nobody_is_next_before_somebody_waits_with_open_devices(house: House) -> None:
    door = house.assembled.doorkeeper
    booked = await house.book()
    assert await door.next_in_line(AMARA.id) is None
    bo = await house.wait(booked)
    assert await door.next_in_line(AMARA.id) is None
    await house.assembled.services.attending.device(bo, Device.SOUND_ONLY)
    assert await next_visit(door) == booked.visit_id


async def test_the_earlier_appointment_is_next_whoever_came_first(house: House) -> None:
    door, desk = house.assembled.doorkeeper, house.assembled.services.desk
    cleo = await desk.register(AMARA, a_patient("Cleo", "Berg", "77"))
    late, early = await house.book(LATER), await house.book(patient=cleo)
    await ready(house, late)
    assert await next_visit(door) == late.visit_id
    await ready(house, early)
    assert await next_visit(door) == early.visit_id


async def test_whose_page_is_gone_is_passed_over_and_keeps_the_place_for_the_return(house: House) -> None:
    door, services = house.assembled.doorkeeper, house.assembled.services
    cleo = await services.desk.register(AMARA, a_patient("Cleo", "Berg", "77"))
    first, second = await house.book(), await house.book(LATER, patient=cleo)
    bo = await ready(house, first)
    await ready(house, second)
    await services.attending.connection(bo, Connection.AWAY)
    assert await next_visit(door) == second.visit_id
    await services.attending.connection(bo, Connection.GOOD)
    assert await next_visit(door) == first.visit_id


async def test_both_sides_of_the_next_call_get_a_seat_and_an_entry(house: House) -> None:
    door = house.assembled.doorkeeper
    booked = await house.book()
    bo = await ready(house, booked)
    seats = [await door.prepared_seat(each, booked.visit_id) for each in (bo, AMARA)]
    assert [seat.participant for seat in seats] == ["p", "s"]
    async with house.assembled.opened.storage.reading() as uow:
        entries = [each for each in await uow.audit.entries() if each.action is AuditAction.VISIT_PREPARED]
    assert {each.actor_id for each in entries} == {bo.id, AMARA.id}


async def test_who_is_not_next_is_not_prepared(house: House) -> None:
    door, desk = house.assembled.doorkeeper, house.assembled.services.desk
    cleo = await desk.register(AMARA, a_patient("Cleo", "Berg", "77"))
    second = await house.book(LATER)
    await ready(house, await house.book(patient=cleo))
    bo = await ready(house, second)
    with pytest.raises(NotAdmitted):
        await door.prepared_seat(bo, second.visit_id)
    assert (await door.prepared_seat(AMARA, second.visit_id)).participant == "s"


async def test_before_somebody_waits_the_specialist_prepares_nothing(house: House) -> None:
    booked = await house.book()
    await house.arrive(booked)
    with pytest.raises(NotAdmitted):
        await house.assembled.doorkeeper.prepared_seat(AMARA, booked.visit_id)


@pytest.mark.parametrize("actor,refusal", [(CY, NotFound), (ADA, NotPermitted)], ids=["cy", "ada"])
async def test_a_stranger_is_refused(house: House, actor: Actor, refusal: type[Exception]) -> None:
    booked = await house.book()
    await ready(house, booked)
    with pytest.raises(refusal):
        await house.assembled.doorkeeper.prepared_seat(actor, booked.visit_id)


async def test_nobody_is_prepared_where_the_organization_has_switched_it_off(house: House) -> None:
    door, rules = house.assembled.doorkeeper, house.assembled.services.rules
    bo = await ready(house, booked := await house.book())
    assert await next_visit(door) == booked.visit_id
    await rules.prepare(ADA, wanted=False)
    assert await door.next_in_line(AMARA.id) is None
    with pytest.raises(NotAdmitted):
        await door.prepared_seat(bo, booked.visit_id)
    await rules.prepare(ADA, wanted=True)
    assert await next_visit(door) == booked.visit_id


async def test_only_an_administrator_switches_and_only_the_own_organization(house: House) -> None:
    rules = house.assembled.services.rules
    for actor in (AMARA, CY, NOOR, PIA):
        with pytest.raises(NotPermitted):
            await rules.prepare(actor, wanted=False)
        with pytest.raises(NotPermitted):
            await rules.read(actor)
    await rules.prepare(replace(ADA, organization_id=RURAL), wanted=False)
    assert (await rules.read(ADA)).prepares
