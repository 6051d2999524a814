"""Booked times: nobody is in two places, holds run out, and what is freed can be had again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.errors import SlotTaken, StaleVersion
from telehealth.domain.people import Patient
from telehealth.domain.scheduling import Interval
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import AMARA, BO, CY, NOW, VISIT_LENGTH, appointment, claims, held

DAY = Interval(NOW - timedelta(hours=9), NOW + timedelta(hours=15))


async def book(
    storage: Storage, name: str, minutes: int = 0, patient: Patient = BO, *, pause: timedelta = timedelta(0)
) -> None:
    wanted = appointment(name, NOW + timedelta(minutes=minutes), patient)
    async with storage.writing() as unit:
        await unit.appointments.book(wanted, claims(wanted, pause=pause))


async def test_an_appointment_comes_back_as_it_went_in(cluster: Storage) -> None:
    await book(cluster, "1")
    async with cluster.reading() as unit:
        assert await unit.appointments.get("appointment-1") == appointment("1")
        assert await unit.appointments.get("nothing") is None


@pytest.mark.parametrize("minutes", [-19, 0, 19])
async def test_a_specialist_is_not_in_two_visits(cluster: Storage, minutes: int) -> None:
    await book(cluster, "1")
    with pytest.raises(SlotTaken, match=r"^This time has just been taken\.") as refused:
        await book(cluster, "2", minutes, CY)
    assert refused.value.missing == {ResourceKind.PRACTITIONER}
    async with cluster.reading() as unit:
        assert await unit.appointments.get("appointment-2") is None


async def test_a_patient_is_not_in_two_visits(cluster: Storage) -> None:
    await book(cluster, "1")
    other = replace(appointment("2", NOW + timedelta(minutes=10)), practitioner_id="prac-noor")
    with pytest.raises(SlotTaken, match=r"^The patient has another visit") as refused:
        async with cluster.writing() as unit:
            await unit.appointments.book(other, claims(other))
    assert refused.value.missing == {ResourceKind.PATIENT}


async def test_neighbours_touch_without_overlapping(cluster: Storage) -> None:
    await book(cluster, "1")
    await book(cluster, "before", -20, CY)
    await book(cluster, "after", 20, CY)


async def test_the_pause_after_a_visit_is_the_specialists_alone(cluster: Storage) -> None:
    await book(cluster, "1", pause=timedelta(minutes=5))
    with pytest.raises(SlotTaken):
        await book(cluster, "2", 20, CY)
    await book(cluster, "3", 25, BO)


async def test_a_cancelled_time_can_be_booked_again(cluster: Storage) -> None:
    await book(cluster, "1")
    async with cluster.writing() as unit:
        cancelled = replace(appointment("1"), status=AppointmentStatus.CANCELLED, version=1, sequence=1)
        await unit.appointments.save(cancelled)
    await book(cluster, "2", 0, CY)
    with pytest.raises(SlotTaken):
        async with cluster.writing() as unit:
            await unit.appointments.save(replace(cancelled, status=AppointmentStatus.BOOKED, version=2))
    async with cluster.reading() as unit:
        assert await unit.appointments.get("appointment-1") == cancelled


async def test_a_stale_change_is_refused(cluster: Storage) -> None:
    await book(cluster, "1")
    for version in (0, 2):
        with pytest.raises(StaleVersion):
            async with cluster.writing() as unit:
                await unit.appointments.save(replace(appointment("1"), version=version))


async def test_a_hold_takes_the_time_until_it_runs_out(cluster: Storage) -> None:
    until = NOW + timedelta(minutes=10)
    async with cluster.writing() as unit:
        await unit.appointments.book(held("1", until), claims(held("1", until)))
    async with cluster.writing() as unit:
        assert await unit.appointments.release_expired(until - timedelta(seconds=1)) == 0
    with pytest.raises(SlotTaken):
        await book(cluster, "2", 0, CY)
    async with cluster.writing() as unit:
        assert await unit.appointments.release_expired(until) == 1
        wanted = appointment("2", NOW, CY)
        await unit.appointments.book(wanted, claims(wanted))
    async with cluster.reading() as unit:
        expired = await unit.appointments.get("appointment-1")
        assert expired is not None
        assert expired.status is AppointmentStatus.CANCELLED
        assert expired.version == 1


async def test_a_hold_that_became_a_booking_does_not_run_out(cluster: Storage) -> None:
    hold = held("1", NOW + timedelta(minutes=10))
    async with cluster.writing() as unit:
        await unit.appointments.book(hold, claims(hold))
        await unit.appointments.save(
            replace(hold, status=AppointmentStatus.BOOKED, version=1, held_until=None)
        )
        assert await unit.appointments.release_expired(NOW + timedelta(days=1)) == 0


async def test_busy_times_are_told_for_each_resource(cluster: Storage) -> None:
    await book(cluster, "2", 40, CY, pause=timedelta(minutes=5))
    await book(cluster, "1")
    first = Interval(NOW, NOW + VISIT_LENGTH)
    second = Interval(NOW + timedelta(minutes=40), NOW + timedelta(minutes=65))
    async with cluster.reading() as unit:
        found = await unit.appointments.busy(ResourceKind.PRACTITIONER, [AMARA.id, "prac-noor"], DAY)
        assert found == {AMARA.id: [first, second], "prac-noor": []}
        assert await unit.appointments.busy(ResourceKind.PATIENT, [BO.id], DAY) == {BO.id: [first]}
        after_first = Interval(first.end, DAY.end)
        assert await unit.appointments.busy(ResourceKind.PATIENT, [BO.id], after_first) == {BO.id: []}
        assert await unit.appointments.busy(ResourceKind.PATIENT, [], DAY) == {}


async def test_another_time_is_claimed_instead_of_the_former_one(cluster: Storage) -> None:
    await book(cluster, "1")
    moved = replace(
        appointment("1", NOW + timedelta(hours=2)), version=1, sequence=1, local_start="2026-11-23T12:00"
    )
    async with cluster.writing() as unit:
        await unit.appointments.move(moved, claims(moved))
    async with cluster.reading() as unit:
        assert await unit.appointments.get("appointment-1") == moved
    await book(cluster, "2", 0, CY)
    with pytest.raises(SlotTaken):
        await book(cluster, "3", 120, CY)


async def test_a_move_to_a_taken_time_or_over_a_newer_version_changes_nothing(cluster: Storage) -> None:
    await book(cluster, "1")
    await book(cluster, "2", 120, CY)
    taken = replace(appointment("1", NOW + timedelta(minutes=110)), version=1)
    for wanted, refusal in ((taken, SlotTaken), (replace(taken, version=3), StaleVersion)):
        with pytest.raises(refusal):
            async with cluster.writing() as unit:
                await unit.appointments.move(wanted, claims(wanted))
    async with cluster.reading() as unit:
        assert await unit.appointments.get("appointment-1") == appointment("1")
    with pytest.raises(SlotTaken):
        await book(cluster, "3", 0, CY)
