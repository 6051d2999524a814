"""A clinic runs late: who is at home hears of each step once, and that it is on time after all."""

from datetime import timedelta

import pytest

from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotPermitted
from telehealth.domain.outbox import LATE, LATENESS, ON_TIME, OutboxMessage
from telehealth.domain.queue import Reason
from telehealth.notify.templates import Wording
from telehealth.services.booking import Booked
from telehealth.services.letters import Letters, NotDelivered
from telehealth.services.post import matters
from tests.cast import AMARA, CARLA, MONDAY, House, a_patient

MORNING = MONDAY - timedelta(hours=1)


async def said(house: House, booked: Booked) -> list[tuple[str, str, str]]:
    """What about lateness lies in the outbox: kind, way and minutes."""
    async with house.assembled.opened.storage.reading() as uow:
        found = await uow.outbox.of_visit(booked.visit_id)
    late = [each for each in found if each.template in LATENESS]
    return sorted((each.template, each.channel.value, each.values["minutes"]) for each in late)


async def late(house: House, minutes: int) -> None:
    await house.assembled.services.waiting.running.late(AMARA, minutes, Reason.LONGER)


async def write(house: House, message: OutboxMessage) -> str:
    invitations = house.assembled.services.booking._invitations
    words = Wording()
    async with house.assembled.opened.storage.reading() as uow:
        letter = await Letters(invitations=invitations, words=words).write(uow, message, house.clock.now())
    return words(letter).sms


@pytest.fixture
async def booked(house: House) -> Booked:
    house.clock.at = MORNING
    return await house.book()


def both(template: str, minutes: int) -> list[tuple[str, str, str]]:
    return [(template, way, str(minutes)) for way in ("email", "sms")]


async def test_each_step_is_told_once_and_replaces_what_has_not_left(house: House, booked: Booked) -> None:
    await late(house, 10)
    assert await said(house, booked) == []
    for minutes, told in ((20, both(LATE, 20)), (15, both(LATE, 20)), (45, both(LATE, 45))):
        await late(house, minutes)
        assert await said(house, booked) == told
    await late(house, 0)
    assert await said(house, booked) == both(ON_TIME, 0)
    await late(house, 5)
    assert await said(house, booked) == both(ON_TIME, 0)


async def test_only_who_is_at_home_and_near_hears_of_it(house: House, booked: Booked) -> None:
    desk = house.assembled.services.desk
    waiting = await desk.register(CARLA, a_patient("Cid", "Moss", "02"))
    far = await desk.register(CARLA, a_patient("Dora", "Lund", "03"))
    here = await house.book(MONDAY + timedelta(minutes=20), patient=waiting)
    later = await house.book(MORNING + timedelta(hours=4), patient=far)
    await house.wait(here)
    await late(house, 30)
    assert [len(await said(house, each)) for each in (booked, here, later)] == [2, 0, 0]
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.unlinked(1000)
    (entry,) = [each for each in entries if each.action is AuditAction.CLINIC_LATE]
    assert entry.patient_ids == (house.bo.id,)
    await house.assembled.services.waiting.running.pause(AMARA, Reason.EMERGENCY)
    assert len(await said(house, booked)) == 2, "a pause is told on the page only"


async def test_the_message_says_how_late_and_is_not_sent_to_who_came_or_was_moved(
    house: House, booked: Booked
) -> None:
    await late(house, 30)
    async with house.assembled.opened.storage.reading() as uow:
        message = next(each for each in await uow.outbox.of_visit(booked.visit_id) if each.template == LATE)
        row = await uow.visits.row(booked.visit_id)
    assert row is not None
    words = await write(house, message)
    assert "may begin about 30 minutes late. Your link stays the same." in words
    assert "today at 10:30" in words
    assert matters(message, row)
    bo = await house.wait(booked)
    with pytest.raises(NotDelivered, match="superseded"):
        await write(house, message)
    async with house.assembled.opened.storage.reading() as uow:
        row = await uow.visits.row(booked.visit_id)
    assert row is not None
    assert not matters(message, row), "nobody phones about it"
    assert bo.visit_id == booked.visit_id


async def test_who_was_moved_hears_of_the_lateness_of_the_new_time(house: House, booked: Booked) -> None:
    await late(house, 30)
    moving = house.assembled.services.appointments.moving
    appointment = booked.appointment
    after = MONDAY + timedelta(hours=1)
    await moving.move(CARLA, appointment.id, after, appointment.version)
    await late(house, 45)
    (said_now,) = {minutes for _, _, minutes in (await said(house, booked))} - {"30"}
    assert said_now == "45"


async def test_only_the_specialist_says_how_the_own_clinic_runs(house: House, booked: Booked) -> None:
    with pytest.raises(NotPermitted):
        await house.assembled.services.waiting.running.late(CARLA, 30, Reason.LONGER)
    assert await said(house, booked) == []
