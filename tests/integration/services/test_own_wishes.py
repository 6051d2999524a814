"""Wishes that people leave on a waiting list by themselves: a code first, one place each, not without end."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from telehealth.domain.access import ActorKind
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, EnoughBooked, NotFound, WrongState
from telehealth.domain.outbox import CONTACT_CODE, Channel
from telehealth.domain.own_booking import Asked
from telehealth.domain.waitlist import ALWAYS, Suits
from telehealth.services.own_wishes import OwnWishes
from telehealth.services.waitlist import Wish
from telehealth.services.waitlist_lines import Line
from tests.cast import ADA, CARDIOLOGY, CARLA, HOSPITAL, MONDAY, House
from tests.integration.services.waiting import actions

AT_ONCE = 10
DAWIT = Asked("Dawit", "Alemu", date(1980, 6, 5), "dawit@mail.example", "am")
MORNINGS = Suits((1, 3), 0, 12)


@pytest.fixture
async def wishes(house: House) -> OwnWishes:
    await house.assembled.services.timing.open.open(ADA, CARDIOLOGY, wanted=True)
    return house.assembled.services.appointments.own_wishes


async def code(house: House) -> str:
    """The newest code that waits to be sent."""
    now = house.clock.now()
    async with house.assembled.opened.storage.writing() as uow:
        waiting = await uow.outbox.claim(Channel.EMAIL, now, now + timedelta(minutes=1), 100)
    return [each.values["code"] for each in waiting if each.template == CONTACT_CODE][-1]


async def wished(house: House, wishes: OwnWishes, told: Asked = DAWIT, suits: Suits = MORNINGS) -> str:
    """The cookie of somebody who is on the list."""
    cookie = await wishes.ask(CARDIOLOGY, "", told, suits)
    await wishes.confirm(CARDIOLOGY, cookie, await code(house))
    return cookie


def bo_says(house: House) -> Asked:
    bo = house.bo
    return Asked(bo.name.given, bo.name.family, bo.birth_date, bo.email, "en")


async def lines(house: House) -> list[Line]:
    return await house.assembled.services.appointments.waitlist.listed(CARLA)


async def test_nobody_is_on_the_list_before_the_code_and_many_presses_make_one_place(
    house: House, wishes: OwnWishes
) -> None:
    cookie = await wishes.ask(CARDIOLOGY, "", DAWIT, MORNINGS)
    assert await lines(house) == []
    right = await code(house)
    await asyncio.gather(*(wishes.confirm(CARDIOLOGY, cookie, right) for _ in range(AT_ONCE)))
    (line,) = await lines(house)
    one = line.waiting
    assert (line.patient.name.family, one.by_patient, one.practitioner_id) == ("Alemu", True, "")
    assert (one.weekdays, one.from_hour, one.until_hour) == ((1, 3), 0, 12)
    found = await wishes.underway(CARDIOLOGY, cookie)
    assert found is not None
    assert (found.waiting, found.wish.asked, found.wish.code) == (one, None, ""), "nothing else is kept"
    assert {AuditAction.OWN_WISH_CODE, AuditAction.WAITLIST_ADDED} <= {*await actions(house)}


async def test_only_times_at_the_hours_that_suit_are_offered(house: House, wishes: OwnWishes) -> None:
    await wished(house, wishes, suits=Suits((2,), 12, 24))
    assert await house.assembled.services.appointments.offers.offer() == 1
    (line,) = await lines(house)
    (offer,) = line.offers
    assert offer.start == MONDAY.replace(hour=11, minute=10) + timedelta(days=1), "the first after noon there"


async def test_who_is_known_is_put_on_the_list_and_asking_again_keeps_the_place(
    house: House, wishes: OwnWishes
) -> None:
    told = replace(
        DAWIT, given="Bo", family="Lindqvist", birth_date=house.bo.birth_date, contact=house.bo.email
    )
    await wished(house, wishes, told)
    (first,) = await lines(house)
    assert first.patient.id == house.bo.id
    house.clock.pass_by(hours=1)
    await wished(house, wishes, told, ALWAYS)
    (second,) = await lines(house)
    assert (second.waiting.since, second.waiting.weekdays) == (first.waiting.since, ALWAYS.weekdays)
    assert second.waiting.id != first.waiting.id


async def test_what_staff_wished_stays_as_it_is(house: House, wishes: OwnWishes) -> None:
    desk = house.assembled.services.appointments.waitlist
    theirs = Wish(house.bo.id, CARDIOLOGY, MONDAY.date(), MONDAY.date() + timedelta(days=9), "amara")
    made = await desk.add(CARLA, theirs)
    told = replace(
        DAWIT, given="Bo", family="Lindqvist", birth_date=house.bo.birth_date, contact=house.bo.email
    )
    cookie = await wished(house, wishes, told)
    (line,) = await lines(house)
    assert line.waiting == made
    async with house.assembled.opened.storage.reading() as uow:
        log = await uow.audit.entries(organization_id=HOSPITAL)
    seen = [(each.action, each.entity_id) for each in log if each.actor_kind == ActorKind.BOOKER]
    assert (AuditAction.WAITLIST_READ, made.id) in seen, "from now on it is theirs to take back"
    await wishes.take_back(CARDIOLOGY, cookie)
    assert await lines(house) == []


async def test_a_wish_is_taken_back_by_whoever_left_it(house: House, wishes: OwnWishes) -> None:
    cookie = await wished(house, wishes)
    with pytest.raises(NotFound):
        await wishes.take_back(CARDIOLOGY, cookie[:-1] + "x")
    for _ in range(2):
        await wishes.take_back(CARDIOLOGY, cookie)
    assert await lines(house) == []
    assert (await actions(house)).count(AuditAction.WAITLIST_LEFT) == 1


async def test_five_wrong_codes_and_an_old_one_are_the_end(house: House, wishes: OwnWishes) -> None:
    cookie = await wishes.ask(CARDIOLOGY, "", DAWIT, ALWAYS)
    right = await code(house)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    tries = (wishes.confirm(CARDIOLOGY, cookie, wrong) for _ in range(AT_ONCE))
    made = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, BadInput) for each in made) == 5
    with pytest.raises(WrongState):
        await wishes.confirm(CARDIOLOGY, cookie, right)
    another = await wishes.ask(CARDIOLOGY, cookie, DAWIT, ALWAYS)
    assert another != cookie
    right = await code(house)
    house.clock.pass_by(minutes=10)
    with pytest.raises(WrongState):
        await wishes.confirm(CARDIOLOGY, another, right)
    assert await lines(house) == []


async def test_so_many_wait_with_one_contact_and_no_more(house: House, wishes: OwnWishes) -> None:
    for which in range(5):
        await wished(house, wishes, replace(DAWIT, given=f"Dawit {which}"))
    with pytest.raises(EnoughBooked):
        await wished(house, wishes, replace(DAWIT, given="Dawit 5"))
    await wished(house, wishes, replace(DAWIT, given="Dawit 4"))
    assert len(await lines(house)) == 5


async def test_a_service_that_is_not_open_has_no_such_page(house: House) -> None:
    wishes = house.assembled.services.appointments.own_wishes
    with pytest.raises(NotFound):
        await wishes.ask(CARDIOLOGY, "", DAWIT, ALWAYS)
