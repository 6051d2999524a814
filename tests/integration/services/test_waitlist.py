"""Waiting lists end to end: what becomes free is offered in order, kept for a while, and taken once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, SlotTaken
from telehealth.domain.outbox import INVITATION, MOVED, WAITLIST_OFFER, Channel, OutboxMessage
from telehealth.domain.people import Patient
from telehealth.domain.waitlist import OfferState, WaitStatus
from telehealth.services.booking import Booked
from telehealth.services.waitlist import Wish
from telehealth.services.waitlist_lines import Line
from tests.cast import ADA, CARDIOLOGY, CARLA, HOSPITAL, MONDAY, NOOR, House, a_patient

AT_ONCE = 10
DAY = timedelta(days=1)
TUESDAY = MONDAY + DAY
"""The only time that is free within the wishes of these tests, once its visit is cancelled."""


@pytest.fixture
async def full(house: House) -> Booked:
    """Only Tuesday 09:30Z is offered by anybody, and Bo has it."""
    async with house.assembled.opened.storage.writing() as uow:
        for rule in await uow.directory.hours():
            await uow.directory.remove_hours(rule.id)
            start = (TUESDAY + timedelta(hours=1)).time()
            if rule.weekday == TUESDAY.isoweekday():
                end = (TUESDAY + timedelta(hours=1, minutes=20)).time()
                await uow.directory.add_hours(replace(rule, id="only", start=start, end=end))
    return await house.book(TUESDAY)


async def patient(house: House, given: str, number: str) -> Patient:
    actor = replace(SYSTEM, organization_id=HOSPITAL)
    return await house.assembled.services.desk.register(actor, a_patient(given, "Waits", number))


async def waits(house: House, given: str, number: str, **changes: object) -> Patient:
    """A patient on the list for the next week; whoever comes later has waited a minute less."""
    who = await patient(house, given, number)
    house.clock.pass_by(minutes=1)
    wish = Wish(who.id, CARDIOLOGY, MONDAY.date(), MONDAY.date() + 6 * DAY, notice_hours=2)
    await house.assembled.services.appointments.waitlist.add(CARLA, replace(wish, **changes))  # type: ignore[arg-type]
    return who


async def rounds(house: House) -> int:
    offers = house.assembled.services.appointments.offers
    await offers.expire()
    return await offers.offer()


async def messages(house: House, channel: Channel = Channel.EMAIL) -> Sequence[OutboxMessage]:
    now = house.clock.now()
    async with house.assembled.opened.storage.writing() as uow:
        return await uow.outbox.claim(channel, now, now + timedelta(minutes=1), 100)


async def lines(house: House) -> dict[str, Line]:
    found = await house.assembled.services.appointments.waitlist.listed(CARLA)
    return {line.patient.name.given: line for line in found}


def token(house: House, line: Line) -> str:
    assert line.open is not None
    return house.assembled.invitations.offers.token(line.open.id, line.patient.id)


async def freed(house: House, full: Booked) -> None:
    await house.assembled.services.appointments.cancel(CARLA, full.appointment.id)


async def actions(house: House, patient_id: str) -> list[AuditAction]:
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(patient_id=patient_id)
    return [each.action for each in entries]


async def test_a_freed_time_goes_to_who_has_waited_longest_and_moves_on(house: House, full: Booked) -> None:
    cleo = await waits(house, "Cleo", "02")
    await waits(house, "Dov", "03")
    assert await rounds(house) == 0
    await freed(house, full)
    assert await rounds(house) == 1
    assert await rounds(house) == 0
    found = await lines(house)
    offer = found["Cleo"].open
    assert offer is not None
    assert (offer.start, found["Dov"].open) == (TUESDAY, None)
    assert offer.expires_at == house.clock.now() + timedelta(hours=2)
    (told,) = [each for each in await messages(house) if each.template == WAITLIST_OFFER]
    assert (told.person_id, told.visit_id) == (cleo.id, "")
    house.clock.at = offer.expires_at
    assert await rounds(house) == 1
    found = await lines(house)
    assert [each.state for each in found["Cleo"].offers] == [OfferState.EXPIRED]
    assert found["Dov"].open is not None
    house.clock.pass_by(hours=2)
    assert await rounds(house) == 0


async def test_what_is_taken_is_booked_and_its_link_is_on_its_way(house: House, full: Booked) -> None:
    cleo = await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    door = house.assembled.services.appointments.offer_door
    secret = token(house, (await lines(house))["Cleo"])
    shown = await door.look(secret)
    assert (shown.state, shown.offer.start, shown.moves) == (OfferState.OPEN, TUESDAY, None)
    await door.take(secret)
    await door.take(secret)
    assert await lines(house) == {}
    assert (await door.look(secret)).state is OfferState.TAKEN
    async with house.assembled.opened.storage.reading() as uow:
        (row,) = await uow.visits.ahead([cleo.id], house.clock.now())
    assert (row.appointment.start, row.appointment.status) == (TUESDAY, AppointmentStatus.BOOKED)
    assert [each.template for each in await messages(house) if each.visit_id == row.visit.id] == [INVITATION]
    assert {AuditAction.OFFER_MADE, AuditAction.OFFER_TAKEN, AuditAction.APPOINTMENT_BOOKED} <= set(
        await actions(house, cleo.id)
    )


async def test_a_later_visit_of_the_service_is_moved_and_keeps_its_uid(house: House, full: Booked) -> None:
    cleo = await waits(house, "Cleo", "02")
    later = await house.book(TUESDAY + 7 * DAY, patient=cleo)
    await freed(house, full)
    await rounds(house)
    door = house.assembled.services.appointments.offer_door
    secret = token(house, (await lines(house))["Cleo"])
    assert (await door.look(secret)).moves == later.appointment.start
    await messages(house)
    await door.take(secret)
    async with house.assembled.opened.storage.reading() as uow:
        (row,) = await uow.visits.ahead([cleo.id], house.clock.now())
    now = row.appointment
    assert (now.id, now.uid, now.start) == (later.appointment.id, later.appointment.uid, TUESDAY)
    assert now.sequence == later.appointment.sequence + 1
    assert [each.template for each in await messages(house) if each.visit_id == row.visit.id] == [MOVED]
    await house.book(TUESDAY + 7 * DAY)


async def test_nothing_later_than_the_own_visit_is_offered(house: House, full: Booked) -> None:
    cleo = await waits(house, "Cleo", "02", last=MONDAY.date() + 30 * DAY)
    await house.assembled.services.appointments.cancel(CARLA, full.appointment.id)
    await house.book(TUESDAY, patient=cleo)
    assert await rounds(house) == 0


async def test_who_says_not_this_time_stays_on_the_list(house: House, full: Booked) -> None:
    await waits(house, "Cleo", "02")
    await waits(house, "Dov", "03")
    await freed(house, full)
    await rounds(house)
    door = house.assembled.services.appointments.offer_door
    secret = token(house, (await lines(house))["Cleo"])
    await door.decline(secret)
    await door.decline(secret)
    with pytest.raises(SlotTaken):
        await door.take(secret)
    assert await rounds(house) == 1
    found = await lines(house)
    assert ([each.state for each in found["Cleo"].offers], bool(found["Dov"].open)) == (
        [OfferState.DECLINED],
        True,
    )


async def test_taken_too_late_is_refused_even_before_the_worker_comes(house: House, full: Booked) -> None:
    await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    line = (await lines(house))["Cleo"]
    assert line.open is not None
    door, secret = house.assembled.services.appointments.offer_door, token(house, line)
    house.clock.at = line.open.expires_at
    assert (await door.look(secret)).state is OfferState.EXPIRED
    with pytest.raises(SlotTaken):
        await door.take(secret)


async def test_an_offer_expires_once_with_many_workers(house: House, full: Booked) -> None:
    cleo = await waits(house, "Cleo", "02")
    await freed(house, full)
    offers = house.assembled.services.appointments.offers
    made = await asyncio.gather(*(offers.offer() for _ in range(AT_ONCE)))
    assert sum(made) == 1
    house.clock.pass_by(hours=2)
    assert sum(await asyncio.gather(*(offers.expire() for _ in range(AT_ONCE)))) == 1
    found = await actions(house, cleo.id)
    assert (found.count(AuditAction.OFFER_MADE), found.count(AuditAction.OFFER_EXPIRED)) == (1, 1)


async def test_of_taking_and_expiring_and_booking_one_wins(house: House, full: Booked) -> None:
    cleo = await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    door = house.assembled.services.appointments.offer_door
    secret = token(house, (await lines(house))["Cleo"])
    tries = [*(door.take(secret) for _ in range(AT_ONCE)), *(house.book(TUESDAY) for _ in range(AT_ONCE))]
    made = await asyncio.gather(*tries, return_exceptions=True)
    assert made[:AT_ONCE] == [None] * AT_ONCE
    assert all(isinstance(each, SlotTaken) for each in made[AT_ONCE:])
    async with house.assembled.opened.storage.reading() as uow:
        assert len(await uow.visits.ahead([cleo.id], house.clock.now())) == 1


async def test_nobody_is_written_to_at_night_and_the_slot_waits(house: House, full: Booked) -> None:
    await waits(house, "Cleo", "02")
    await freed(house, full)
    house.clock.at = MONDAY.replace(hour=20, minute=30)
    assert await rounds(house) == 0
    house.clock.at = TUESDAY.replace(hour=7, minute=0)
    assert await rounds(house) == 1


async def test_who_is_taken_off_frees_the_time_that_was_kept(house: House, full: Booked) -> None:
    await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    line = (await lines(house))["Cleo"]
    secret = token(house, line)
    desk = house.assembled.services.appointments.waitlist
    await desk.take_off(CARLA, line.waiting.id)
    await desk.take_off(CARLA, line.waiting.id)
    await house.book(TUESDAY)
    with pytest.raises(SlotTaken):
        await house.assembled.services.appointments.offer_door.take(secret)
    async with house.assembled.opened.storage.reading() as uow:
        one = await uow.waitlist.get(line.waiting.id)
    assert one is not None
    assert one.status is WaitStatus.LEFT


async def test_five_wrong_birth_dates_end_the_code(house: House, full: Booked) -> None:
    cleo = await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    line = (await lines(house))["Cleo"]
    assert line.open is not None
    code = house.assembled.invitations.offers.code(line.open.id, cleo.id).replace("-", "")
    door = house.assembled.services.appointments.offer_door
    assert (await door.by_code(code, cleo.birth_date)).token == token(house, line)
    for _ in range(5):
        with pytest.raises(NotFound):
            await door.by_code(code, cleo.birth_date + DAY)
    with pytest.raises(NotFound):
        await door.by_code(code, cleo.birth_date)


async def test_a_stranger_is_refused(house: House, full: Booked) -> None:
    cleo = await waits(house, "Cleo", "02")
    services = house.assembled.services.appointments
    (line,) = (await lines(house)).values()
    wish = Wish(cleo.id, CARDIOLOGY, MONDAY.date(), MONDAY.date() + DAY)
    with pytest.raises(NotPermitted):
        await services.waitlist.listed(ADA)
    with pytest.raises(NotFound):
        await services.waitlist.add(NOOR, wish)
    with pytest.raises(NotFound):
        await services.waitlist.take_off(NOOR, line.waiting.id)
    assert await services.waitlist.listed(NOOR) == []
    with pytest.raises(NotFound):
        await services.offer_door.look("x" * 43)
    with pytest.raises(BadInput) as twice:
        await services.waitlist.add(CARLA, wish)
    assert [each.code for each in twice.value.problems] == ["twice"]
    with pytest.raises(NotFound):
        await services.waitlist.add(CARLA, replace(wish, practitioner_id=CARLA.id))


async def test_who_never_answers_is_asked_three_times(house: House, full: Booked) -> None:
    await waits(house, "Cleo", "02", last=MONDAY.date() + 60 * DAY)
    await freed(house, full)
    made = []
    for _ in range(5):
        made.append(await rounds(house))
        house.clock.pass_by(hours=2)
    assert made == [1, 1, 1, 0, 0]
