"""Appointments as another system seeks them, one contract for fake and real."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.appointment import AppointmentQuery, AppointmentStatus
from telehealth.domain.modality import Modality
from telehealth.services.ports import Units
from tests.integration.storage.cast import (
    AMARA,
    BO,
    CY,
    HOSPITAL,
    NOW,
    RURAL,
    appointment,
    claims,
    held,
)
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

HOUR = timedelta(hours=1)
BOOKED = frozenset({AppointmentStatus.BOOKED})


async def found(
    units: Units, query: AppointmentQuery, organization: str = HOSPITAL.id
) -> tuple[list[str], int]:
    async with units.reading() as uow:
        shown, total = await uow.appointments.search(query, organization, NOW)
    return [each.id for each in shown], total


@pytest.fixture
async def filled(units: Units) -> Units:
    """Bo's visit at NOW, Cy's an hour later, a hold of Bo's that counts, one that ran out, and a test."""
    later = replace(appointment("2", NOW + HOUR, CY), modality=Modality.PHONE)
    counts, over = held("3", NOW + HOUR, NOW + 2 * HOUR), held("4", NOW, NOW + 3 * HOUR)
    trial = replace(appointment("5", NOW + 4 * HOUR), test=True)
    async with units.writing() as uow:
        for each in (later, counts, over, trial):
            await uow.appointments.book(each, claims(each))
    return units


async def test_each_criterion_narrows_and_the_number_counts_all(filled: Units) -> None:
    everything = ["appointment-1", "appointment-2", "appointment-3"]
    assert await found(filled, AppointmentQuery(practitioner_id=AMARA.id)) == (everything, 3)
    assert await found(filled, AppointmentQuery(practitioner_id=AMARA.id, count=1)) == (everything[:1], 3)
    assert await found(filled, AppointmentQuery(patient_id=BO.id)) == (["appointment-1", "appointment-3"], 2)
    assert await found(filled, AppointmentQuery(patient_id=BO.id, statuses=BOOKED)) == (["appointment-1"], 1)
    assert await found(filled, AppointmentQuery(modality=Modality.PHONE)) == (["appointment-2"], 1)
    assert await found(filled, AppointmentQuery(practitioner_id="nobody")) == ([], 0)


async def test_a_span_holds_its_start_and_not_its_end(filled: Units) -> None:
    assert (await found(filled, AppointmentQuery(start=NOW + HOUR)))[0] == ["appointment-2", "appointment-3"]
    assert (await found(filled, AppointmentQuery(end=NOW + HOUR)))[0] == ["appointment-1"]


async def test_who_sends_the_patient_finds_the_visit_and_others_do_not(filled: Units) -> None:
    query = AppointmentQuery(practitioner_id=AMARA.id)
    assert (await found(filled, query, RURAL.id))[0] == ["appointment-1", "appointment-3"]
    assert await found(filled, query, "org-elsewhere") == ([], 0)
