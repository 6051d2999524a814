"""Which visits of a patient took place, the newest first; and which languages a specialist speaks."""

from dataclasses import replace
from datetime import timedelta

from telehealth.domain.appointment import AppointmentStatus
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import AMARA, BO, CY, NOW, appointment, claims


async def test_only_what_took_place_is_told_and_the_newest_first(cluster: Storage) -> None:
    fulfilled = AppointmentStatus.FULFILLED
    visits = [
        replace(appointment(str(number), NOW + timedelta(hours=number), patient), status=status, test=test)
        for number, (patient, status, test) in enumerate(
            [
                (BO, fulfilled, False),
                (BO, AppointmentStatus.BOOKED, False),
                (BO, fulfilled, True),
                (CY, fulfilled, False),
                (BO, fulfilled, False),
            ]
        )
    ]
    async with cluster.writing() as unit:
        for each in visits:
            await unit.appointments.book(each, claims(each))
        assert await unit.appointments.fulfilled(BO.id) == [visits[4], visits[0]]
        assert await unit.appointments.fulfilled("nobody") == []


async def test_the_languages_of_a_specialist_come_back(cluster: Storage) -> None:
    async with cluster.writing() as unit:
        await unit.directory.save_practitioner(replace(AMARA, languages=("ar", "es")))
        kept = await unit.directory.practitioner(AMARA.id)
    assert kept == replace(AMARA, languages=("ar", "es"))
