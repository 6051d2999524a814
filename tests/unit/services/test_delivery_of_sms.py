"""SMS in the outbox: at most once, whatever becomes of the gateway or of us."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.outbox import PASSWORD_FORGOTTEN, UNSURE, Channel, OutboxMessage
from telehealth.domain.outbox import Delivery as State
from telehealth.notify.templates import Wording
from telehealth.services.delivery import CLAIM_FOR, Delivery
from telehealth.services.letters import NotDelivered
from telehealth.services.visit_making import message
from tests.fakes import Posted
from tests.unit.services.conftest import House
from tests.unit.services.test_delivery import APPOINTMENT, BO, INVITATIONS, booked, kept


@pytest.fixture
def posted() -> Posted:
    return Posted()


@pytest.fixture
def delivery(house: House, posted: Posted) -> Delivery:
    return Delivery(
        work=house.work,
        messengers={Channel.SMS: posted},
        words=Wording(),
        invitations=INVITATIONS,
        wishes={PASSWORD_FORGOTTEN: house.recovery.ask_password_reset},
    )


@pytest.fixture
async def waiting(house: House) -> OutboxMessage:
    """Bo's invitation as an SMS."""
    await booked(house)
    sms = message(house.work, Channel.SMS, "visit-invitation", BO, APPOINTMENT, "visit")
    async with house.units.writing() as uow:
        await uow.outbox.put(sms)
    return sms


async def test_an_sms_goes_to_the_phone_in_few_words(
    delivery: Delivery, posted: Posted, waiting: OutboxMessage, house: House
) -> None:
    assert await delivery.send_due(Channel.SMS) == 1
    (sms,) = posted.messages
    assert (sms.key, sms.to, sms.subject, sms.html) == (waiting.id, BO.phone, "", "")
    assert sms.text.startswith("District Hospital: your video visit with Dr Amara Okafor is on Tue 24 Nov")
    assert kept(house, waiting).state is State.SENT


async def test_where_the_gateway_did_nothing_it_waits_and_goes_again(
    delivery: Delivery, posted: Posted, waiting: OutboxMessage, house: House
) -> None:
    posted.failure = NotDelivered("busy")
    await delivery.send_due(Channel.SMS)
    assert (kept(house, waiting).state, kept(house, waiting).last_error) == (State.DUE, "busy")
    posted.failure = None
    house.clock.move(seconds=10)
    assert await delivery.send_due(Channel.SMS) == 1


@pytest.mark.parametrize("failure", [TimeoutError(), RuntimeError("?"), NotDelivered(UNSURE, final=True)])
async def test_what_may_be_out_is_given_up(
    delivery: Delivery, posted: Posted, waiting: OutboxMessage, house: House, failure: Exception
) -> None:
    posted.failure = failure
    await delivery.send_due(Channel.SMS)
    assert (kept(house, waiting).state, kept(house, waiting).last_error) == (State.FAILED, UNSURE)
    posted.failure = None
    house.clock.move(hours=2)
    assert await delivery.send_due(Channel.SMS) == 0
    assert house.actions() == [f"message:fail failed {UNSURE}"]


async def test_a_refused_number_bounces(
    delivery: Delivery, posted: Posted, waiting: OutboxMessage, house: House
) -> None:
    posted.failure = NotDelivered("recipient-refused", bounced=True)
    await delivery.send_due(Channel.SMS)
    assert kept(house, waiting).state is State.BOUNCED


async def test_an_sms_that_a_dead_worker_handed_over_is_given_up_after_its_claim(
    delivery: Delivery, posted: Posted, waiting: OutboxMessage, house: House
) -> None:
    async with house.units.writing() as uow:
        await uow.outbox.claim(Channel.SMS, house.clock.at, house.clock.at + CLAIM_FOR, 10)
        await uow.outbox.hand_over(waiting.id, house.clock.at, house.clock.at + CLAIM_FOR)
    await delivery.send_due(Channel.SMS)
    assert kept(house, waiting).state is State.LEAVING
    house.clock.at += CLAIM_FOR
    await delivery.send_due(Channel.SMS)
    assert (kept(house, waiting).state, kept(house, waiting).last_error) == (State.FAILED, UNSURE)
    assert posted.messages == []
    (entry,) = house.units.tables.entries.values()
    assert (entry.action, entry.patient_ids) == ("message:fail", ("bo",))


async def test_a_report_that_comes_before_our_own_mark_stands(
    delivery: Delivery, posted: Posted, waiting: OutboxMessage, house: House
) -> None:
    async def quick(_: object) -> None:
        async with house.units.writing() as uow:
            leaving = await uow.outbox.get(waiting.id)
            assert leaving is not None
            await uow.outbox.save(replace(leaving, state=State.DELIVERED))

    posted.send = quick  # type: ignore[method-assign]
    await delivery.send_due(Channel.SMS)
    assert kept(house, waiting).state is State.DELIVERED


async def test_two_workers_with_one_claimed_sms_send_it_once(
    delivery: Delivery, posted: Posted, waiting: OutboxMessage, house: House
) -> None:
    async with house.units.writing() as uow:
        (claimed,) = await uow.outbox.claim(Channel.SMS, house.clock.at, house.clock.at, 10)
    await asyncio.gather(delivery._deliver(claimed), delivery._deliver(claimed))
    assert len(posted.messages) == 1


async def test_a_channel_that_hangs_does_not_hold_up_the_other(
    delivery: Delivery, posted: Posted, waiting: OutboxMessage, house: House
) -> None:
    house.clock.move(seconds=1)
    assert timedelta(seconds=30) < CLAIM_FOR
    assert await delivery.send_due(Channel.SMS) == 1
    states = {each.channel: each.state for each in house.units.tables.outbox.values()}
    assert states == {Channel.EMAIL: State.DUE, Channel.SMS: State.SENT}
