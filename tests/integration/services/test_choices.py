"""Patients who are invited to choose a time: one visit for many presses, none after the end."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.choice import Choice, ChoiceState
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, SlotTaken, TooMany, WrongState
from telehealth.domain.outbox import CHOOSE_TIME, INVITATION, Channel, Delivery, OutboxMessage
from telehealth.services.booking import BookingRequest
from telehealth.services.choice_door import ChoiceDoor
from telehealth.services.choices import Asking, ChoiceDesk, Standing
from tests.cast import ADA, AMARA, CARDIOLOGY, CARLA, CY, HOSPITAL, MONDAY, NOOR, House, a_patient
from tests.integration.services.waiting import actions

AT_ONCE = 10
START = MONDAY + timedelta(hours=2)
LATER = START + timedelta(minutes=20)
LAST = MONDAY.date() + timedelta(days=7)


@pytest.fixture
def desk(house: House) -> ChoiceDesk:
    return house.assembled.services.appointments.choices


@pytest.fixture
def door(house: House) -> ChoiceDoor:
    return house.assembled.services.appointments.choice_door


async def invited(house: House, **changes: object) -> tuple[Choice, str]:
    """Bo is invited; the invitation and the secret of its link."""
    asking = replace(Asking(house.bo.id, CARDIOLOGY, LAST), **changes)  # type: ignore[arg-type]
    choice = await house.assembled.services.appointments.choices.invite(CARLA, asking)
    return choice, house.assembled.invitations.choices.token(choice.id, house.bo.id)


async def kept(door: ChoiceDoor, token: str) -> str:
    """The appointment that keeps a time."""
    found = (await door.look(token)).kept
    assert found is not None
    return found.held.id


async def stands(house: House, desk: ChoiceDesk) -> Standing:
    (one,) = await desk.listed(CARLA, house.bo.id)
    return one


async def sent(house: House, choice: Choice) -> list[OutboxMessage]:
    async with house.assembled.opened.storage.reading() as uow:
        return await uow.outbox.of_choices([choice.id])


async def test_a_time_is_chosen_checked_and_booked_once_and_staff_see_it(
    house: House, desk: ChoiceDesk, door: ChoiceDoor
) -> None:
    choice, token = await invited(house)
    assert (await stands(house, desk)).choice.opened_at is None
    assert await door.open(token) == choice.id
    assert (await stands(house, desk)).choice.opened_at == house.clock.now()
    await door.choose(token, START, "a-key")
    hold = await kept(door, token)
    await asyncio.gather(*(door.confirm(token, hold) for _ in range(AT_ONCE)))
    found = await door.look(token)
    assert (found.state, found.kept) == (ChoiceState.BOOKED, None)
    assert found.booked is not None
    assert found.booked.row.appointment.id == hold
    assert (found.booked.row.appointment.start, found.booked.row.appointment.by_patient) == (START, True)
    one = await stands(house, desk)
    assert (one.state, one.booked) == (ChoiceState.BOOKED, found.booked.row)
    async with house.assembled.opened.storage.reading() as uow:
        told = await uow.outbox.of_visit(found.booked.row.visit.id)
    assert [each.template for each in told].count(INVITATION) == len(Channel)
    wanted = {
        AuditAction.CHOICE_MADE,
        AuditAction.CHOICE_OPENED,
        AuditAction.CHOICES_READ,
        AuditAction.APPOINTMENT_HELD,
        AuditAction.APPOINTMENT_BOOKED,
    }
    assert wanted <= {*await actions(house)}


async def test_the_free_times_are_the_patients_and_end_with_the_last_day(
    house: House, door: ChoiceDoor
) -> None:
    choice, token = await invited(house, last=MONDAY.date(), practitioner_id=AMARA.id)
    await house.book(START)
    slots, later = await door.free(token, MONDAY, 100)
    starts = [each.start for each in slots]
    assert (START in starts, LATER in starts, later) == (False, True, None)
    assert max(starts) < choice.expires_at
    with pytest.raises(WrongState):
        await door.choose(token, choice.expires_at, "a-key")


async def test_in_two_tabs_the_time_that_was_read_is_booked_or_none(house: House, door: ChoiceDoor) -> None:
    _, token = await invited(house)
    await door.choose(token, START, "first")
    read = await kept(door, token)
    await door.choose(token, LATER, "second")
    with pytest.raises(WrongState):
        await door.confirm(token, read)
    assert (await door.look(token)).booked is None
    hold = await kept(door, token)
    made = await asyncio.gather(
        *(door.confirm(token, each) for each in (hold, read, hold)), return_exceptions=True
    )
    assert [each for each in made if each is not None and not isinstance(each, WrongState)] == []
    found = (await door.look(token)).booked
    assert found is not None
    assert found.row.appointment.start == LATER
    async with house.assembled.opened.storage.reading() as uow:
        given_up = await uow.appointments.get(read)
    assert given_up is not None
    assert given_up.status is AppointmentStatus.CANCELLED, "the first time is free for others again"


async def test_many_presses_of_one_time_keep_it_once(house: House, door: ChoiceDoor) -> None:
    _, token = await invited(house)
    await asyncio.gather(
        *(door.choose(token, START, "a-key") for _ in range(AT_ONCE)), return_exceptions=True
    )
    await door.choose(token, START, "another")
    await door.confirm(token, await kept(door, token))
    found = (await door.look(token)).booked
    assert found is not None
    assert found.row.appointment.start == START


async def test_the_desk_cannot_come_between(house: House, door: ChoiceDoor) -> None:
    _, token = await invited(house)
    await door.choose(token, START, "a-key")
    hold = await kept(door, token)
    other = await house.assembled.services.desk.register(
        replace(SYSTEM, organization_id=HOSPITAL), a_patient("Cleo", "Waits", "02")
    )
    request = BookingRequest(other.id, CARDIOLOGY, AMARA.id, START)
    booking = house.assembled.services.booking
    made, *others = await asyncio.gather(
        door.confirm(token, hold),
        *(booking.book(CARLA, request) for _ in range(AT_ONCE)),
        return_exceptions=True,
    )
    assert made is None
    assert all(isinstance(each, SlotTaken) for each in others)


async def test_what_ran_out_is_anybodys(house: House, door: ChoiceDoor) -> None:
    _, token = await invited(house)
    await door.choose(token, START, "a-key")
    hold = await kept(door, token)
    house.clock.pass_by(minutes=10)
    other = await house.assembled.services.desk.register(
        replace(SYSTEM, organization_id=HOSPITAL), a_patient("Cleo", "Waits", "02")
    )
    await house.book(START, patient=other)
    with pytest.raises(SlotTaken):
        await door.confirm(token, hold)
    assert (await door.look(token)).kept is None


async def test_taken_back_it_opens_nothing_and_the_kept_time_is_free(
    house: House, desk: ChoiceDesk, door: ChoiceDoor
) -> None:
    choice, token = await invited(house)
    await door.choose(token, START, "a-key")
    hold = await kept(door, token)
    for _ in range(2):
        await desk.take_back(CARLA, choice.id)
    for refused in (
        door.confirm(token, hold),
        door.choose(token, LATER, "a-key"),
        desk.again(CARLA, choice.id),
    ):
        with pytest.raises(WrongState):
            await refused
    await house.book(START)
    assert (await stands(house, desk)).state is ChoiceState.WITHDRAWN
    assert await invited(house), "a new one can be sent"


async def test_it_expires_and_another_can_be_sent(house: House, desk: ChoiceDesk, door: ChoiceDoor) -> None:
    choice, token = await invited(house)
    with pytest.raises(BadInput):
        await invited(house)
    house.clock.at = choice.expires_at
    with pytest.raises(WrongState):
        await door.choose(token, choice.expires_at + timedelta(hours=9), "a-key")
    assert await door.open(token)
    one = await stands(house, desk)
    assert (one.state, one.choice.opened_at) == (ChoiceState.EXPIRED, None)
    await invited(house, last=choice.expires_at.date() + timedelta(days=3))
    states = [each.state for each in await desk.listed(CARLA, house.bo.id)]
    assert states == [ChoiceState.OPEN, ChoiceState.EXPIRED]


async def test_who_has_booked_is_not_taken_back(house: House, desk: ChoiceDesk, door: ChoiceDoor) -> None:
    choice, token = await invited(house)
    await door.choose(token, START, "a-key")
    await door.confirm(token, await kept(door, token))
    with pytest.raises(WrongState):
        await desk.take_back(CARLA, choice.id)


async def test_it_is_sent_again_but_not_without_end_and_reminds_once(house: House, desk: ChoiceDesk) -> None:
    choice, _ = await invited(house)
    first = await sent(house, choice)
    assert {each.template for each in first} == {CHOOSE_TIME}
    assert sum(each.planned for each in first) == len(Channel), "one reminder by each way"
    await desk.again(CARLA, choice.id)
    assert len(await sent(house, choice)) == len(first), "it is on its way already"
    for _ in range(3):
        await settle(house, choice, Delivery.SENT)
        house.clock.pass_by(minutes=1)
        await desk.again(CARLA, choice.id)
    await settle(house, choice, Delivery.SENT)
    with pytest.raises(TooMany):
        await desk.again(CARLA, choice.id)


async def settle(house: House, choice: Choice, state: Delivery) -> None:
    """What was sent came to this."""
    for each in await sent(house, choice):
        if not each.planned and each.state is Delivery.DUE:
            async with house.assembled.opened.storage.writing() as uow:
                await uow.outbox.save(replace(each, state=state))


async def test_staff_see_that_nothing_arrived_though_a_reminder_is_to_come(
    house: House, desk: ChoiceDesk
) -> None:
    choice, _ = await invited(house)
    assert not (await stands(house, desk)).lost
    await settle(house, choice, Delivery.FAILED)
    assert (await stands(house, desk)).lost
    await desk.again(CARLA, choice.id)
    assert not (await stands(house, desk)).lost


async def test_five_wrong_birth_dates_end_the_code(house: House, door: ChoiceDoor) -> None:
    choice, token = await invited(house)
    code = house.assembled.invitations.choices.code(choice.id, house.bo.id).replace("-", "")
    born = house.bo.birth_date
    assert await door.by_code(code, born) == token
    for _ in range(5):
        with pytest.raises(NotFound):
            await door.by_code(code, born + timedelta(days=1))
    with pytest.raises(NotFound):
        await door.by_code(code, born)
    assert (await actions(house)).count(AuditAction.LINK_REFUSED) == 5


async def test_strangers_and_other_houses_are_refused(
    house: House, desk: ChoiceDesk, door: ChoiceDoor
) -> None:
    choice, token = await invited(house)
    asking = Asking(house.bo.id, CARDIOLOGY, LAST)
    with pytest.raises(NotPermitted):
        await desk.invite(ADA, asking)
    for refused in (
        desk.invite(NOOR, asking),
        desk.listed(NOOR, house.bo.id),
        desk.again(NOOR, choice.id),
        desk.take_back(NOOR, choice.id),
        desk.invite(CARLA, replace(asking, practitioner_id=CY.id)),
        door.open(token[:-1] + ("A" if token[-1] != "A" else "B")),
        door.look(""),
    ):
        with pytest.raises(NotFound):
            await refused


async def test_whom_nothing_reaches_is_not_invited(house: House, desk: ChoiceDesk) -> None:
    mute = replace(house.bo, id="mute", phone="", email="", identifiers=())
    async with house.assembled.opened.storage.writing() as uow:
        await uow.patients.add(mute)
    with pytest.raises(BadInput):
        await desk.invite(CARLA, Asking(mute.id, CARDIOLOGY, LAST))
