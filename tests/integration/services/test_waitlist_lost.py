"""Waiting lists: what is offered and cannot be had any more when somebody takes it ends at once."""

from dataclasses import replace

import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import SlotTaken
from telehealth.domain.resources import Needs
from telehealth.domain.waitlist import OfferState
from telehealth.services.booking import Booked, BookingRequest
from telehealth.services.resources import Description
from telehealth.services.waitlist_door import OfferDoor
from tests.cast import AMARA, CARDIOLOGY, CARLA, SITE, House
from tests.integration.services.test_waitlist import (
    DAY,
    TUESDAY,
    freed,
    full,
    lines,
    patient,
    rounds,
    token,
    waits,
)
from tests.integration.services.test_waitlist_earlier import visitor_of

__all__ = ["full"]


async def test_an_offer_whose_room_was_taken_meanwhile_ends_at_once(house: House, full: Booked) -> None:
    room = await house.assembled.services.timing.resources.add(
        CARLA, SITE, ResourceKind.ROOM, Description("Room 1")
    )
    cleo = await patient(house, "Cleo", "02")
    asked = BookingRequest(cleo.id, CARDIOLOGY, AMARA.id, TUESDAY + 7 * DAY, needs=Needs(room.id))
    later = await house.assembled.services.booking.book(CARLA, asked)
    await house.assembled.services.appointments.waitlist.earlier(visitor_of(later, cleo))
    await freed(house, full)
    assert await rounds(house) == 1
    line = (await lines(house))["Cleo"]
    secret, door = token(house, line), house.assembled.services.appointments.offer_door
    async with house.assembled.opened.storage.writing() as uow:
        (party,) = (await uow.resources.parties([later.appointment.id]))[later.appointment.id]
        other = replace(
            later.appointment, id="other", uid="other", start=TUESDAY, end=full.appointment.end,
            practitioner_id="cy", patient_id=house.bo.id, version=0,
        )  # fmt: skip
        await uow.appointments.book(other, [party.claim(other)])
    for _ in range(2):
        with pytest.raises(SlotTaken):
            await door.take(secret)
        assert (await door.look(secret)).state is OfferState.WITHDRAWN
    line = (await lines(house))["Cleo"]
    assert (line.open, [each.state for each in line.offers]) == (None, [OfferState.WITHDRAWN])
    await house.book(TUESDAY)  # what was kept for Cleo is free again, without a room
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(patient_id=cleo.id)
    taken = [each.outcome for each in entries if each.action is AuditAction.OFFER_TAKEN]
    assert taken == [AuditOutcome.FAILED]


async def offered(house: House, full: Booked) -> tuple[str, OfferDoor]:
    """Offer Cleo the time of Bo, who cancels; the secret of her link, and where she answers."""
    await waits(house, "Cleo", "02")
    await freed(house, full)
    await rounds(house)
    return token(house, (await lines(house))["Cleo"]), house.assembled.services.appointments.offer_door


async def test_an_offer_whose_hours_are_gone_ends_at_once(house: House, full: Booked) -> None:
    secret, door = await offered(house, full)
    async with house.assembled.opened.storage.writing() as uow:
        for rule in await uow.directory.hours():
            if rule.id == "only":
                await uow.directory.remove_hours(rule.id)
    with pytest.raises(SlotTaken):
        await door.take(secret)
    assert (await door.look(secret)).state is OfferState.WITHDRAWN
    assert (await lines(house))["Cleo"].open is None


async def test_who_asks_too_late_ends_nothing_but_what_ran_out(house: House, full: Booked) -> None:
    secret, door = await offered(house, full)
    house.clock.pass_by(hours=2)
    with pytest.raises(SlotTaken):
        await door.take(secret)
    assert await house.assembled.services.appointments.offers.expire() == 1
    assert (await door.look(secret)).state is OfferState.EXPIRED
