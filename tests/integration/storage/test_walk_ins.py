"""Walk-ins as rows, one contract for fake and real: nobody waits twice, and what was over sooner is free."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.errors import StaleVersion
from telehealth.domain.scheduling import Interval
from telehealth.domain.walk_in import Triage, WalkIn, WalkInEvent, WalkInStatus
from telehealth.services.ports import Units
from tests.integration.storage.cast import (
    AMARA,
    BO,
    CARDIOLOGY,
    CY,
    HOSPITAL,
    NOW,
    RURAL,
    appointment,
    claims,
)
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

MINUTE = timedelta(minutes=1)
WAITS = WalkInStatus.WAITING
BO_HERE = WalkIn(
    "walk-in-bo", RURAL.id, CARDIOLOGY.id, BO.id, Triage.URGENT, NOW, WAITS, NOW, "Short of breath", ""
)
CY_HERE = WalkIn(
    "walk-in-cy", RURAL.id, CARDIOLOGY.id, CY.id, Triage.STANDARD, NOW - MINUTE, WAITS, NOW - MINUTE
)


async def test_a_walk_in_comes_back_to_the_letter_through_every_change(units: Units) -> None:
    worse = BO_HERE.assessed(Triage.IMMEDIATE, "Fainted")
    gone = worse.step(WalkInEvent.LEAVE, NOW + MINUTE)
    for number, each in enumerate((BO_HERE, worse, gone)):
        async with units.writing() as uow:
            await (uow.walk_ins.save if number else uow.walk_ins.add)(each)
        async with units.reading() as uow:
            assert await uow.walk_ins.get(each.id) == each
            assert await uow.walk_ins.of_patient(BO.id) == (each if each.status is WAITS else None)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.walk_ins.save(worse)


async def test_a_clinic_sees_all_who_came_and_a_service_those_who_wait(units: Units) -> None:
    async with units.writing() as uow:
        await uow.walk_ins.add(BO_HERE)
        await uow.walk_ins.add(CY_HERE)
    async with units.reading() as uow:
        assert await uow.walk_ins.waiting([CARDIOLOGY.id], NOW - MINUTE) == [CY_HERE, BO_HERE]
        assert await uow.walk_ins.waiting([CARDIOLOGY.id], NOW) == [BO_HERE]
        assert await uow.walk_ins.waiting(["svc-skin"], NOW - MINUTE) == []
        assert await uow.walk_ins.of_clinic("org-elsewhere", NOW - MINUTE) == []
    left = CY_HERE.step(WalkInEvent.LEAVE, NOW)
    async with units.writing() as uow:
        await uow.walk_ins.save(left)
    async with units.reading() as uow:
        assert await uow.walk_ins.waiting([CARDIOLOGY.id], NOW - MINUTE) == [BO_HERE]
        assert await uow.walk_ins.of_clinic(RURAL.id, NOW - MINUTE) == [left, BO_HERE]


async def test_who_is_sent_on_is_seen_by_both_clinics_and_waits_in_one(units: Units) -> None:
    sent = BO_HERE.sent(HOSPITAL.id, CARDIOLOGY.id, "Needs an X-ray")
    async with units.writing() as uow:
        await uow.walk_ins.add(BO_HERE)
        await uow.walk_ins.save(sent)
    async with units.reading() as uow:
        assert await uow.walk_ins.get(BO_HERE.id) == sent
        for clinic in (RURAL.id, HOSPITAL.id):
            assert await uow.walk_ins.of_clinic(clinic, NOW) == [sent]
        assert await uow.walk_ins.waiting([CARDIOLOGY.id], NOW) == [sent]


async def test_nobody_waits_in_two_places(units: Units) -> None:
    again = replace(BO_HERE, id="walk-in-again")
    async with units.writing() as uow:
        await uow.walk_ins.add(BO_HERE)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.walk_ins.add(again)
    async with units.writing() as uow:
        await uow.walk_ins.save(BO_HERE.step(WalkInEvent.LEAVE, NOW))
        await uow.walk_ins.add(again)


async def test_what_was_over_sooner_takes_no_more_time(units: Units) -> None:
    now = NOW + 7 * MINUTE
    over, running = appointment(), appointment("2", NOW + 30 * MINUTE, CY)
    async with units.writing() as uow:
        await uow.appointments.book(running, claims(running, pause=5 * MINUTE))
        await uow.appointments.save(replace(over, status=AppointmentStatus.FULFILLED, version=1))
        await uow.appointments.give_back(AMARA.id, now)
    day = Interval(NOW, NOW + timedelta(hours=2))
    async with units.reading() as uow:
        hers = await uow.appointments.busy(ResourceKind.PRACTITIONER, [AMARA.id], day)
        his = await uow.appointments.busy(ResourceKind.PATIENT, [BO.id], day)
    assert hers[AMARA.id] == [Interval(NOW, now), Interval(NOW + 30 * MINUTE, NOW + 55 * MINUTE)]
    assert his[BO.id] == [Interval(NOW, now)]
