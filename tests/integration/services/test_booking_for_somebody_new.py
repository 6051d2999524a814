"""A new patient and their first visit are one transaction: a lost race leaves nobody behind."""

from dataclasses import replace

import pytest

from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, NotPermitted, SlotTaken
from telehealth.domain.outbox import INVITATION
from telehealth.domain.people import PatientQuery
from telehealth.services.booking import BookingRequest
from telehealth.services.trail import Once
from tests.cast import ADA, AMARA, CARDIOLOGY, CARLA, HOSPITAL, MONDAY, House, a_patient

EVE = a_patient("Eve", "Moss", "09")
WANTED = BookingRequest("", CARDIOLOGY, AMARA.id, MONDAY, new=EVE)
BY_PHONE = PatientQuery(phone=EVE.phone)


async def known(house: House) -> int:
    async with house.assembled.opened.storage.reading() as uow:
        return len(await uow.patients.search(BY_PHONE, HOSPITAL))


async def actions(house: House) -> list[AuditAction]:
    async with house.assembled.opened.storage.reading() as uow:
        return [each.action for each in await uow.audit.entries(organization_id=HOSPITAL)]


async def test_both_are_written_with_the_invitation_and_pressed_twice_once(house: House) -> None:
    once = Once(CARLA.id, "key-of-the-form", b"1" * 32)
    first, second = [await house.assembled.services.booking.book(CARLA, WANTED, once) for _ in range(2)]
    assert first == second
    assert await known(house) == 1
    async with house.assembled.opened.storage.reading() as uow:
        sent = [each.template for each in await uow.outbox.of_visit(first.visit_id)]
    assert sent.count(INVITATION) == 2
    assert (await actions(house)).count(AuditAction.PATIENT_CREATED) == 2  # Bo and Eve


@pytest.mark.parametrize("whom", [AMARA.id, ""])
async def test_a_lost_race_leaves_nobody_behind(house: House, whom: str) -> None:
    await house.book()
    before = await actions(house)
    with pytest.raises(SlotTaken):
        await house.assembled.services.booking.book(CARLA, replace(WANTED, practitioner_id=whom))
    assert await known(house) == 0
    assert await actions(house) == before


async def test_bad_details_and_strangers_book_nothing(house: House) -> None:
    bad = replace(WANTED, new=replace(EVE, phone="12"))
    with pytest.raises(BadInput):
        await house.assembled.services.booking.book(CARLA, bad)
    with pytest.raises(NotPermitted):
        await house.assembled.services.booking.book(ADA, WANTED)
    assert await known(house) == 0
    assert (await house.book()).appointment.start == MONDAY
