"""Reminders leave while they say something: not for a time that is no more, not to whoever is here."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from telehealth.domain.consultation import VisitStatus
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.outbox import INVITATION, MOVED, REMINDER, REMINDING, SOON, Channel, OutboxMessage
from telehealth.domain.outbox import Delivery as State
from telehealth.notify.templates import Wording
from telehealth.services.delivery import Delivery
from telehealth.services.letters import NotDelivered
from tests.fakes import Posted
from tests.unit.services.conftest import House
from tests.unit.services.test_delivery import APPOINTMENT, BO, INVITATIONS, START, TOKENS, VISIT

SERVICE = HealthcareService("service", "hospital", "Heart", "cardiology", 20)
DAY, TEN = START - timedelta(days=1), START - timedelta(minutes=10)


@pytest.fixture
def posted() -> Posted:
    return Posted()


@pytest.fixture
def delivery(house: House, posted: Posted) -> Delivery:
    messengers = dict.fromkeys(Channel, posted)
    return Delivery(
        work=house.work, messengers=messengers, words=Wording(), invitations=INVITATIONS, wishes={}
    )


@pytest.fixture
async def invited(house: House) -> None:
    """Bo was invited a week ago."""
    house.clock.at = START - timedelta(days=7)
    async with house.units.writing() as uow:
        await uow.patients.add(BO)
        await uow.directory.add_service(SERVICE)
        await uow.appointments.book(APPOINTMENT, [])
        await uow.visits.add(VISIT)
        await uow.visits.add_link(INVITATIONS.link(house.work, "visit", "bo"))
        await INVITATIONS.invite(house.work, uow, INVITATION, BO, APPOINTMENT, "visit", SERVICE)


def reminders(house: House) -> list[OutboxMessage]:
    found = [each for each in house.units.tables.outbox.values() if each.template in REMINDING]
    return sorted(found, key=lambda each: (each.due_at, each.channel))


async def send(house: House, delivery: Delivery, at: datetime) -> None:
    house.clock.at = at
    for channel in Channel:
        await delivery.send_due(channel)


def said(posted: Posted) -> list[str]:
    return sorted(each.subject or each.text for each in posted.messages)


@pytest.mark.usefixtures("invited")
async def test_both_ways_carry_them_at_their_time_with_the_living_link(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    await send(house, delivery, DAY - timedelta(seconds=1))
    posted.messages.clear()
    await send(house, delivery, DAY)
    link = f"https://care.example/v?lang=en#{TOKENS.derive('visit', 'bo', 1)}"
    mail, sms = said(posted)
    assert mail == "District Hospital: reminder of your video visit on Tuesday, 24 November 2026 at 10:30"
    assert sms == (
        "District Hospital: reminder of your video visit with Dr Amara Okafor on Tue 24 Nov"
        f" at 10:30 (time in Madrid). Open this link then: {link} Help: +34600000000"
    )
    posted.messages.clear()
    await send(house, delivery, TEN)
    assert said(posted)[0] == "District Hospital: your video visit begins at 10:30"
    posted.messages.clear()
    await send(house, delivery, START)
    assert posted.messages == []


@pytest.mark.usefixtures("invited")
async def test_who_is_here_is_not_called(house: House, delivery: Delivery, posted: Posted) -> None:
    await send(house, delivery, TEN - timedelta(minutes=1))
    posted.messages.clear()
    for status in (VisitStatus.WAITING, VisitStatus.IN_PROGRESS, VisitStatus.COMPLETED):
        house.units.tables.visits["visit"] = replace(VISIT, status=status)
        await send(house, delivery, TEN)
    assert posted.messages == []
    assert {each.last_error for each in reminders(house) if each.template == SOON} == {"superseded"}


@pytest.mark.usefixtures("invited")
async def test_who_opened_the_link_early_and_left_is_called(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    await send(house, delivery, TEN - timedelta(minutes=1))
    posted.messages.clear()
    house.units.tables.visits["visit"] = replace(VISIT, status=VisitStatus.ARRIVED)
    await send(house, delivery, TEN)
    assert len(posted.messages) == 2


@pytest.mark.usefixtures("invited")
async def test_after_an_outage_only_the_last_one_leaves(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    await send(house, delivery, DAY - timedelta(minutes=1))
    posted.failure = NotDelivered("unreachable")
    await send(house, delivery, DAY)
    posted.messages.clear()
    posted.failure = None
    await send(house, delivery, TEN + timedelta(minutes=1))
    assert len(posted.messages) == 2
    assert {each.last_error for each in reminders(house) if each.template == REMINDER} == {"superseded"}


@pytest.mark.usefixtures("invited")
async def test_one_that_missed_the_visit_is_given_up_and_the_clinic_sees_it(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    await send(house, delivery, TEN - timedelta(minutes=1))
    posted.messages.clear()
    await send(house, delivery, START)
    assert posted.messages == []
    lost = [(each.state, each.last_error) for each in reminders(house) if each.template == SOON]
    assert lost == [(State.FAILED, "too-late")] * 2


@pytest.mark.usefixtures("invited")
async def test_one_that_was_claimed_before_a_move_does_not_leave_after_it(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    await send(house, delivery, DAY - timedelta(minutes=1))
    posted.messages.clear()
    house.units.tables.appointments["appointment"] = replace(APPOINTMENT, start=START + timedelta(days=1))
    await send(house, delivery, DAY)
    assert posted.messages == []


@pytest.mark.usefixtures("invited")
async def test_a_cancelled_visit_has_no_reminders_left(house: House) -> None:
    assert len(reminders(house)) == 4
    async with house.units.writing() as uow:
        await INVITATIONS.withdraw(house.work, uow, VISIT, APPOINTMENT)
    assert reminders(house) == []


@pytest.mark.usefixtures("invited")
async def test_news_of_another_time_plan_the_reminders_of_that_time(house: House) -> None:
    async with house.units.writing() as uow:
        await uow.outbox.take_back("visit", REMINDING)
        later = replace(APPOINTMENT, start=START + timedelta(days=7))
        await INVITATIONS.invite(house.work, uow, MOVED, BO, later, "visit", SERVICE)
    assert [each.due_at for each in reminders(house)] == [
        due + timedelta(days=7) for due in (DAY, DAY, TEN, TEN)
    ]
