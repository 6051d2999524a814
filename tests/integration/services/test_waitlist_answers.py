"""Waiting lists: who counts as not having answered, and whom an offer did not reach."""

from dataclasses import replace

import pytest

from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotPermitted
from telehealth.domain.outbox import WAITLIST_OFFER, Channel
from telehealth.domain.outbox import Delivery as State
from telehealth.domain.waitlist import OfferState
from telehealth.services.booking import Booked
from tests.cast import ADA, CARLA, MONDAY, NOOR, House
from tests.integration.services.test_waitlist import (
    DAY,
    actions,
    freed,
    full,
    lines,
    messages,
    rounds,
    token,
    waits,
)
from tests.integration.services.test_waitlist_mended import postman
from tests.services.smtp import SmtpSink

__all__ = ["full"]

LONG = MONDAY.date() + 60 * DAY


async def became(house: House, state: State) -> None:
    """Every offer that waits to leave came to this."""
    for channel in Channel:
        for each in await messages(house, channel):
            if each.template == WAITLIST_OFFER:
                async with house.assembled.opened.storage.writing() as uow:
                    gone = replace(each, state=state, values={}, last_error="recipient-refused")
                    await uow.outbox.save(gone)


async def test_an_offer_that_reached_nobody_is_shown_and_counts_as_no_miss(
    house: House, full: Booked
) -> None:
    await waits(house, "Cleo", "02", last=LONG)
    await freed(house, full)
    post = house.assembled.services.messages.post
    assert await post.unreached_offers(CARLA) == []
    for _ in range(3):
        assert await rounds(house) == 1
        await became(house, State.FAILED)
        (lost,) = await post.unreached_offers(CARLA)
        assert (lost.patient.name.given, lost.practitioner is not None) == ("Cleo", True)
        assert {each.template for each in lost.messages} == {WAITLIST_OFFER}
        house.clock.pass_by(hours=2)
    assert await house.assembled.services.appointments.offers.expire() == 1
    line = (await lines(house))["Cleo"]
    assert {each.state for each in line.offers} == {OfferState.EXPIRED}
    assert line.unreached == {each.id for each in line.offers}
    assert not line.tired
    assert len(await post.unreached_offers(CARLA)) == 1
    assert await rounds(house) == 0, "others shall have the times of whom nothing reaches"
    house.clock.pass_by(days=1)
    assert await rounds(house) == 1
    assert await post.unreached_offers(CARLA) == []  # a newer offer is on its way
    assert AuditAction.MESSAGES_READ in await actions(house, line.patient.id)
    assert await post.unreached_offers(NOOR) == []
    with pytest.raises(NotPermitted):
        await post.unreached_offers(ADA)


async def test_an_offer_that_ran_out_before_it_left_reached_nobody(
    house: House, full: Booked, smtp_sink: SmtpSink
) -> None:
    await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    assert (await lines(house))["Cleo"].unreached == set()
    house.clock.pass_by(hours=2)
    await rounds(house)
    await postman(house, smtp_sink).send_due(Channel.EMAIL)
    await became(house, State.FAILED)
    line = (await lines(house))["Cleo"]
    assert line.unreached == {each.id for each in line.offers}


async def test_one_way_that_leads_to_the_patient_is_enough(house: House, full: Booked) -> None:
    await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    await became(house, State.SENT)
    house.clock.pass_by(hours=2)
    await rounds(house)
    line = (await lines(house))["Cleo"]
    assert (line.unreached, [each.state for each in line.offers]) == (set(), [OfferState.EXPIRED])
    assert await house.assembled.services.messages.post.unreached_offers(CARLA) == []


async def test_only_misses_after_the_last_answer_count(house: House, full: Booked) -> None:
    await waits(house, "Cleo", "02", last=LONG)
    await freed(house, full)
    door = house.assembled.services.appointments.offer_door
    made = []
    for number in range(7):
        made.append(await rounds(house))
        await became(house, State.SENT)
        if number == 2:
            await door.decline(token(house, (await lines(house))["Cleo"]))
        house.clock.pass_by(hours=2)
    assert made == [1, 1, 1, 1, 1, 1, 0]
