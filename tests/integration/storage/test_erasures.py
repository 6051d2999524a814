"""Erasures and holds as rows, one contract for fake and real: begun once, held, cleared of all ways in."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.crypto.keyring import Keyring
from telehealth.domain.consultation import HERE, UNBEGUN, VisitStatus
from telehealth.domain.erasure import Erasure, Ground, LegalHold, erased
from telehealth.domain.errors import Erased, StaleVersion
from telehealth.domain.people import PatientQuery
from telehealth.domain.scheduling import Interval
from telehealth.domain.walk_in import Triage, WalkIn, WalkInStatus
from telehealth.services.ports import Units
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units
from tests.integration.storage.test_parties_race import others_wait

__all__ = ["kind", "units"]

BO = cast.BO.id
DAY = timedelta(days=1)
LATER = cast.NOW + timedelta(minutes=1)
BEGUN = Erasure(BO, cast.BO.organization_id, Ground.MISTAKE, cast.NOW)
HOLD = LegalHold(BO, cast.BO.organization_id, cast.NOW, "a court asks for it")


async def test_an_erasure_is_begun_once_and_stays_open_until_it_is_done(units: Units) -> None:
    async with units.writing() as uow:
        assert (await uow.erasures.get(BO), await uow.erasures.unfinished()) == (None, [])
        await uow.erasures.add(BEGUN)
        other = replace(BEGUN, patient_id=cast.CY.id, begun_at=LATER)
        await uow.erasures.add(other)
        assert await uow.erasures.unfinished() == [BEGUN, other]
        assert [await uow.erasures.finish(BO, at) for at in (LATER, LATER + DAY)] == [1, 0]
        assert await uow.erasures.get(BO) == replace(BEGUN, done_at=LATER)
        assert await uow.erasures.unfinished() == [other]
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.erasures.add(BEGUN)


async def test_a_hold_has_its_newest_reason_until_it_is_taken_back(units: Units) -> None:
    async with units.writing() as uow:
        assert await uow.erasures.held(BO) is None
        await uow.erasures.hold(HOLD)
        newer = replace(HOLD, reason="another court asks", set_at=LATER)
        await uow.erasures.hold(newer)
        assert await uow.erasures.held(BO) == newer
        assert [await uow.erasures.release(BO) for _ in range(2)] == [1, 0]
        assert await uow.erasures.held(BO) is None


async def test_the_last_entry_is_what_was_written_or_the_last_visit(units: Units) -> None:
    async with units.writing() as uow:
        end = cast.appointment().end
        assert await uow.erasures.last_entry(BO) == end
        assert await uow.erasures.last_entry("nobody") is None
        await uow.record.put(replace(cast.resource(), updated_at=end + timedelta(days=1)))
        assert await uow.erasures.last_entry(BO) == end + timedelta(days=1)
        assert await uow.erasures.recordings(BO) == []
        assert await uow.patients.house_of(BO) == cast.BO.organization_id
        assert await uow.patients.house_of("nobody") is None


@pytest.mark.parametrize("status", VisitStatus)
async def test_a_visit_counts_that_is_ahead_or_going_on(units: Units, status: VisitStatus) -> None:
    end = cast.appointment().end
    async with units.writing() as uow:
        await uow.visits.save(replace(cast.visit(cast.appointment()), status=status, version=1))
        going_on, ahead = int(status in HERE), int(status in HERE | UNBEGUN)
        assert [await uow.erasures.visits(BO, at) for at in (cast.NOW, end)] == [ahead, going_on]
        assert await uow.erasures.visits(cast.CY.id, cast.NOW) == 0
        await uow.visits.save(replace(cast.visit(cast.appointment()), status=status, test=True, version=2))
        assert await uow.erasures.visits(BO, cast.NOW) == 0


async def test_who_is_erased_is_booked_by_nobody_meanwhile(cluster: Storage) -> None:
    done: list[str] = []

    async def booked() -> None:
        async with cluster.writing() as uow:
            await uow.appointments.book(cast.appointment(), cast.claims(cast.appointment()))
        done.append("booked")

    async with cluster.writing() as uow:
        await uow.erasures.alone(BO)
        other = asyncio.create_task(booked())
        await others_wait(cluster, 1)
        done.append("erased")
    await other
    assert done == ["erased", "booked"]


async def test_all_that_leads_to_the_patient_is_cleared(units: Units) -> None:
    async with units.writing() as uow:
        await uow.visits.add_link(cast.link())
        await uow.visits.add_session(cast.visit_session())
        await uow.outbox.put(cast.message())
        whom = (cast.RURAL.id, cast.CARDIOLOGY.id, BO)
        await uow.walk_ins.add(
            WalkIn("w1", *whom, Triage.URGENT, cast.NOW, WalkInStatus.WAITING, cast.NOW, "a cough")
        )
        await uow.erasures.clear(BO)
        assert await uow.outbox.of_visit("visit-1") == []
        assert await uow.walk_ins.of_clinic(cast.RURAL.id, cast.NOW) == []
        assert await uow.visits.sessions_of("visit-1") == []
        row = await uow.visits.row("visit-1")
        assert row is not None
        assert row.link is None


async def test_an_erased_patient_is_nobody_in_lists_and_nowhere_else(units: Units, keyring: Keyring) -> None:
    if not isinstance(units, Storage):
        pytest.skip("nothing is sealed in memory")
    async with units.writing() as uow:
        await uow.visits.save(
            replace(cast.visit(cast.appointment()), confirmation=cast.CONFIRMATION, version=1)
        )
        await uow.record.put(cast.resource())
        await uow.erasures.clear(BO)
    keyring.shred(BO)
    nobody = erased(BO, cast.BO.organization_id)
    async with units.reading() as uow:
        day = Interval(cast.NOW - timedelta(days=1), cast.NOW + timedelta(days=1))
        (row,) = await uow.visits.day(cast.AMARA.id, day)
        assert (row.patient, row.visit.confirmation) == (nobody, None)
        assert await uow.patients.many([BO, cast.CY.id]) == {BO: nobody, cast.CY.id: cast.CY}
        for query in (PatientQuery(phone=cast.BO.phone), PatientQuery(email=cast.BO.email)):
            assert await uow.patients.search(query, cast.BO.organization_id) == []
        for look in (uow.patients.get(BO), uow.record.of_patient(BO)):
            with pytest.raises(Erased):
                await look
    with pytest.raises(Erased):
        async with units.writing() as uow:
            await uow.record.put(replace(cast.resource(2)))
