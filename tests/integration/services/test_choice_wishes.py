"""Invited patients for whom no time fits: on the waiting list by their link, and one visit in the end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.audit import AuditAction
from telehealth.domain.choice import ChoiceState
from telehealth.domain.errors import NotFound, WrongState
from telehealth.domain.waitlist import ALWAYS, Suits
from telehealth.services.choice_wishes import ChoiceWishes
from telehealth.services.waitlist import Line, Wish
from tests.cast import AMARA, CARDIOLOGY, CARLA, MONDAY, House
from tests.integration.services.test_choices import LAST, START, invited, kept
from tests.integration.services.waiting import actions

TUESDAYS = Suits((2,), 12, 24)


@pytest.fixture
def wishes(house: House) -> ChoiceWishes:
    return house.assembled.services.appointments.choice_wishes


async def lines(house: House) -> list[Line]:
    return await house.assembled.services.appointments.waitlist.listed(CARLA)


async def test_by_the_link_a_wish_is_left_changed_and_taken_back(house: House, wishes: ChoiceWishes) -> None:
    _, token = await invited(house, practitioner_id=AMARA.id)
    await wishes.ask(token, TUESDAYS)
    (line,) = await lines(house)
    one = line.waiting
    assert (one.patient_id, one.practitioner_id, one.last, one.by_patient) == (
        house.bo.id,
        AMARA.id,
        LAST,
        True,
    )
    assert (one.weekdays, one.from_hour, one.until_hour) == ((2,), 12, 24)
    house.clock.pass_by(hours=1)
    await wishes.ask(token, ALWAYS)
    found = await wishes.standing(token)
    assert found.waiting is not None
    assert (found.waiting.since, found.waiting.weekdays) == (one.since, ALWAYS.weekdays)
    assert (found.zone, found.no_more) == ("Europe/Berlin", False)
    for _ in range(2):
        await wishes.take_back(token)
    assert await lines(house) == []


async def test_who_takes_an_offer_has_answered_the_invitation(house: House, wishes: ChoiceWishes) -> None:
    _, token = await invited(house)
    await wishes.ask(token, TUESDAYS)
    services = house.assembled.services.appointments
    await services.choice_door.choose(token, START, "a-key")
    assert await services.offers.offer() == 1
    (line,) = await lines(house)
    (offer,) = line.offers
    await services.offer_door.take(house.assembled.invitations.offers.token(offer.id, house.bo.id))
    found = await services.choice_door.look(token)
    assert (found.state, found.kept) == (ChoiceState.BOOKED, None)
    assert found.booked is not None
    assert found.booked.row.appointment.start == offer.start
    assert AuditAction.CHOICE_ENDED in await actions(house)


async def test_who_books_waits_no_more(house: House, wishes: ChoiceWishes) -> None:
    _, token = await invited(house)
    await wishes.ask(token, ALWAYS)
    door = house.assembled.services.appointments.choice_door
    await door.choose(token, START, "a-key")
    await door.confirm(token, await kept(door, token))
    assert await lines(house) == []
    assert AuditAction.WAITLIST_LEFT in await actions(house)


async def test_what_staff_wished_stays_as_it_is(house: House, wishes: ChoiceWishes) -> None:
    desk = house.assembled.services.appointments.waitlist
    made = await desk.add(CARLA, Wish(house.bo.id, CARDIOLOGY, MONDAY.date(), LAST))
    _, token = await invited(house)
    await wishes.ask(token, TUESDAYS)
    await wishes.take_back(token)
    assert [line.waiting for line in await lines(house)] == [made]


async def test_no_wish_where_an_interpreter_is_needed_or_the_invitation_has_ended(
    house: House, wishes: ChoiceWishes
) -> None:
    choice, token = await invited(house)
    async with house.assembled.opened.storage.writing() as uow:
        await uow.choices.save(replace(choice, interpreter=True, version=choice.version + 1))
    with pytest.raises(WrongState):
        await wishes.ask(token, ALWAYS)
    house.clock.at = choice.expires_at + timedelta(minutes=1)
    with pytest.raises(WrongState):
        await wishes.ask(token, ALWAYS)
    with pytest.raises(NotFound):
        await wishes.take_back("x" * 43)
