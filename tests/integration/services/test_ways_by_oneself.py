"""Who takes a time by a link has the visit in the first way of its service that leads to them anywhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import BadInput
from telehealth.domain.modality import Modality
from telehealth.domain.waitlist import ALWAYS
from telehealth.services.booking import Booked
from telehealth.services.waitlist import Wish
from tests.cast import ADA, CARDIOLOGY, CARLA, House
from tests.integration.services.test_choices import START, invited, kept
from tests.integration.services.test_choices_in_vain import offer
from tests.integration.services.test_own_wishes import DAWIT
from tests.integration.services.test_waitlist import full, lines, rounds, token, waits

__all__ = ["full"]
ASSISTED, PHONE, VIDEO = Modality.ASSISTED, Modality.PHONE, Modality.VIDEO


@pytest.mark.parametrize("ways, found", [((ASSISTED, PHONE), PHONE), ((PHONE, VIDEO), PHONE)])
async def test_an_invited_patient_is_seen_as_the_service_is_offered(
    house: House, ways: tuple[Modality, ...], found: Modality
) -> None:
    door = house.assembled.services.appointments.choice_door
    await offer(house, *ways)
    _, link = await invited(house)
    await door.choose(link, START, "a-key")
    await door.confirm(link, await kept(door, link))
    booked = (await door.look(link)).booked
    assert booked is not None
    assert booked.row.appointment.modality is found


@pytest.mark.parametrize("ways", [(ASSISTED, PHONE), (PHONE,), (ASSISTED,)])
async def test_who_waits_is_offered_a_time_in_a_way_that_there_is_or_none(
    house: House, full: Booked, ways: tuple[Modality, ...]
) -> None:
    await waits(house, "Eve", "02")
    await offer(house, *ways)
    await house.assembled.services.appointments.cancel(CARLA, full.appointment.id)
    assert await rounds(house) == (1 if PHONE in ways else 0)
    if PHONE in ways:
        line = (await lines(house))["Eve"]
        await house.assembled.services.appointments.offer_door.take(token(house, line))
        async with house.assembled.opened.storage.reading() as uow:
            (row,) = await uow.visits.ahead([line.patient.id], house.clock.now())
        assert row.appointment.modality is PHONE


async def test_nobody_is_promised_a_time_in_a_way_that_does_not_lead_to_them(
    house: House, full: Booked
) -> None:
    await offer(house, ASSISTED)
    with pytest.raises(BadInput) as refused:
        await waits(house, "Eve", "02")
    assert [each.code for each in refused.value.problems] == ["at-a-site"]
    week = house.clock.now().date(), house.clock.now().date() + timedelta(days=6)
    appointments = house.assembled.services.appointments
    await appointments.waitlist.add(CARLA, Wish(house.bo.id, CARDIOLOGY, *week))
    assert list(await lines(house)) == ["Bo"], "whose visit would only be earlier"
    await offer(house, ASSISTED, PHONE)
    await house.assembled.services.timing.open.open(ADA, CARDIOLOGY, wanted=True)
    with pytest.raises(BadInput) as refused:
        await appointments.own_wishes.ask(CARDIOLOGY, "", DAWIT, ALWAYS)
    assert [each.code for each in refused.value.problems] == ["no-number"]
    assert await appointments.own_wishes.ask(CARDIOLOGY, "", replace(DAWIT, contact="+4930055599"), ALWAYS)
