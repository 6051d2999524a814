"""What others do while somebody is erased: it is seen in time and forbids it, or goes with the patient."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.background import erasing_of
from telehealth.domain.access import SYSTEM
from telehealth.domain.erasure import Ground
from telehealth.domain.exports import Export
from telehealth.domain.people import Patient
from telehealth.domain.waitlist import OfferState, WaitStatus
from telehealth.domain.walk_in import Triage
from telehealth.services.erasing import Erasing, NotErased
from telehealth.services.ports import Units
from telehealth.services.repositories import UnitOfWork
from telehealth.services.waitlist import Wish
from telehealth.services.walk_ins import NewWalkIn
from telehealth.storage.unit_of_work import Storage, Unit
from tests.cast import AMARA, CARDIOLOGY, CARLA, HOSPITAL, MONDAY, House, a_patient
from tests.integration.storage.test_exports import EXPORT
from tests.integration.storage.test_programs import LAB

Does = Callable[[], Awaitable[object]]


@pytest.fixture
async def gus(house: House) -> Patient:
    actor = replace(SYSTEM, organization_id=HOSPITAL)
    return await house.assembled.services.desk.register(actor, a_patient("Gus", "Gone", "09"))


class Between:
    """Storage in which somebody else does something before the writing unit of this number."""

    def __init__(self, storage: Storage, number: int, does: Does) -> None:
        self._storage, self._left, self._does = storage, number, does

    def reading(self) -> object:
        return self._storage.reading()

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Unit]:
        self._left -= 1
        if self._left == 0:
            await self._does()
        async with self._storage.writing() as uow:
            yield uow


def erasing(house: House, number: int, does: Does) -> Erasing:
    opened = house.assembled.opened
    erases = erasing_of(opened)
    units: Units = Between(opened.storage, number, does)  # type: ignore[assignment]
    erases._work = replace(opened.work, units=units)
    return erases


async def test_a_hold_that_is_set_at_the_last_moment_keeps_the_record(house: House, gus: Patient) -> None:
    other = erasing_of(house.assembled.opened)
    erases = erasing(house, 1, lambda: other.hold(gus.id, "a court asks for it"))
    with pytest.raises(NotErased, match="legal hold"):
        await erases.erase(gus.id, Ground.COURT, gus.birth_date)


async def test_a_visit_that_is_booked_at_the_last_moment_keeps_the_patient(
    house: House, gus: Patient
) -> None:
    erases = erasing(house, 1, lambda: house.book(patient=gus))
    with pytest.raises(NotErased, match="visits ahead"):
        await erases.erase(gus.id, Ground.COURT, gus.birth_date)


async def test_nobody_is_erased_in_the_middle_of_their_call(house: House) -> None:
    await house.call(await house.book(MONDAY))
    house.clock.pass_by(minutes=1)
    erases = erasing_of(house.assembled.opened)
    with pytest.raises(NotErased, match="going on"):
        await erases.erase(house.bo.id, Ground.COURT, house.bo.birth_date)
    house.clock.pass_by(hours=2)
    with pytest.raises(NotErased, match="going on"):
        await erases.erase(house.bo.id, Ground.COURT, house.bo.birth_date)


async def test_an_export_that_was_asked_for_before_the_keys_were_gone_goes_too(
    house: House, gus: Patient
) -> None:
    opened = house.assembled.opened
    spool = opened.config.exports / EXPORT.id

    async def asked() -> None:
        async with opened.storage.writing() as uow:
            await uow.programs.add(replace(LAB, organization_id=HOSPITAL))
            await uow.exports.add(of_the_house(EXPORT))
        spool.mkdir(parents=True)

    await erasing(house, 2, asked).erase(gus.id, Ground.MISTAKE, gus.birth_date)
    async with opened.storage.reading() as uow:
        assert await uow.exports.ids() == []
    assert not spool.exists()


async def test_an_export_in_a_backup_that_is_put_back_goes_too(house: House, gus: Patient) -> None:
    opened = house.assembled.opened
    async with opened.storage.writing() as uow:
        await uow.programs.add(replace(LAB, organization_id=HOSPITAL))
        await uow.exports.add(of_the_house(EXPORT))
    opened.custody.keyring.shred(gus.id)
    assert await erasing_of(opened).finish_all() == 1
    async with opened.storage.reading() as uow:
        assert await uow.exports.ids() == []


def of_the_house(export: Export) -> Export:
    return replace(export, organization_id=HOSPITAL)


async def test_who_is_erased_waits_for_no_time_and_none_is_kept_for_them(house: House, gus: Patient) -> None:
    services, erases = house.assembled.services, erasing_of(house.assembled.opened)
    wish = Wish(gus.id, CARDIOLOGY, MONDAY.date(), MONDAY.date() + timedelta(days=6), notice_hours=2)
    one = await services.appointments.waitlist.add(CARLA, wish)
    assert await services.appointments.offers.offer() == 1
    await erases.erase(gus.id, Ground.MISTAKE, gus.birth_date)
    async with house.assembled.opened.storage.reading() as uow:
        left, [offer] = await uow.waitlist.get(one.id), await uow.waitlist.offers_of([one.id])
        assert left is not None
        assert (left.status, offer.state) == (WaitStatus.OVER, OfferState.WITHDRAWN)
        await nothing_is_held(uow, offer.hold_id)
    assert await services.appointments.waitlist.listed(CARLA) == []


async def nothing_is_held(uow: UnitOfWork, hold_id: str) -> None:
    held = await uow.appointments.get(hold_id)
    assert held is not None
    assert held.held_until is None or held.status != "pending"


async def test_who_is_erased_is_in_nobodys_way_in_the_queue(house: House, gus: Patient) -> None:
    services = house.assembled.services
    for patient, triage in ((gus, Triage.IMMEDIATE), (house.bo, Triage.STANDARD)):
        await services.waiting.queue.add(CARLA, NewWalkIn(patient.id, CARDIOLOGY, triage, "a cough"))
    await erasing_of(house.assembled.opened).erase(gus.id, Ground.MISTAKE, gus.birth_date)
    [queue] = await services.waiting.queue.queues(CARLA)
    assert [each.patient.id for each in queue.rows] == [house.bo.id]
    visit_id = await services.waiting.calls.take_next(AMARA, CARDIOLOGY)
    async with house.assembled.opened.storage.reading() as uow:
        row = await uow.visits.row(visit_id)
    assert row is not None
    assert row.patient.id == house.bo.id
