"""Rooms of group sessions: one for all of them, and nobody else's when one of them goes elsewhere."""

from datetime import timedelta

import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.errors import SlotTaken
from telehealth.domain.people import Patient
from telehealth.domain.resources import Needs
from telehealth.services.parties import claims_of
from telehealth.services.resources import Description
from tests.cast import CARDIOLOGY, CARLA, CY, SITE, House
from tests.integration.services.test_groups import TOMORROW, book, cy_offers, group, starts

__all__ = ["group"]


async def test_a_group_shares_the_only_room_and_another_visit_does_not(
    house: House, group: list[Patient]
) -> None:
    await house.assembled.services.timing.resources.add(CARLA, SITE, ResourceKind.ROOM, Description("Room 1"))
    await cy_offers(house)
    booked = await book(house, group[:2], needs=Needs(room=SITE))
    assert [[party.resource.name for party in each.parties] for each in booked] == [["Room 1"]] * 2
    assert await starts(house, needs=Needs(room=SITE)) == {0: 1, 20: 3}
    assert await starts(house, needs=Needs(room=SITE), practitioner_id=CY.id) == {20: 3}
    with pytest.raises(SlotTaken) as refused:
        await book(house, group[2:3], needs=Needs(room=SITE), practitioner_id=CY.id)
    assert refused.value.missing == {ResourceKind.ROOM}


async def test_who_leaves_the_group_leaves_it_the_room(house: House, group: list[Patient]) -> None:
    """At a time that meets the group's with another specialist: the room is not theirs to take along."""
    for name in ("Room 1", "Room 2"):
        await house.assembled.services.timing.resources.add(CARLA, SITE, ResourceKind.ROOM, Description(name))
    await cy_offers(house, 8, 40)
    booked = await book(house, group[:2], needs=Needs(room=SITE))
    start = TOMORROW + timedelta(minutes=10)
    moved = await house.assembled.services.appointments.moving.move(
        CARLA, booked[0].appointment.id, start, 0, practitioner_id=CY.id
    )
    async with house.assembled.opened.storage.reading() as uow:
        had = await uow.resources.parties([moved.id, booked[1].appointment.id])
    assert [[party.resource.name for party in had[each]] for each in had] == [["Room 2"], ["Room 1"]]


async def test_who_came_without_an_appointment_is_seen_alone(house: House, group: list[Patient]) -> None:
    (booked,) = await book(house, group[:1])
    async with house.assembled.opened.storage.reading() as uow:
        service = await uow.directory.service(CARDIOLOGY)
    assert service is not None
    assert any(each.session for each in claims_of(booked.appointment, service))
    assert not any(each.session for each in claims_of(booked.appointment, service, pauses=False))
