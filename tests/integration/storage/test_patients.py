"""Patients come back as they went in, and are found by what staff may search by."""

from dataclasses import replace

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.people import HumanName, PatientQuery
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import BO, CY, HOSPITAL, RURAL


async def test_patients_come_back_as_they_went_in(cluster: Storage) -> None:
    async with cluster.reading() as unit:
        assert await unit.patients.get(BO.id) == BO
        assert await unit.patients.get("nobody") is None
        assert await unit.patients.many([BO.id, CY.id, "nobody", BO.id]) == {BO.id: BO, CY.id: CY}
        assert await unit.patients.many([]) == {}


@pytest.mark.parametrize(
    "query",
    [
        PatientQuery(identifier="19610417-2384"),
        PatientQuery(identifier=" 19610417-2384 "),
        PatientQuery(phone="+46 70 174 06 05"),
        PatientQuery(email="Bo.Lindqvist@Mail.Example"),
        PatientQuery(family="LINDQVIST-ØDEGAARD", birth_date=BO.birth_date),
        PatientQuery(identifier="19610417-2384", phone=BO.phone),
    ],
)
async def test_a_patient_is_found_by(cluster: Storage, query: PatientQuery) -> None:
    async with cluster.reading() as unit:
        assert await unit.patients.search(query, RURAL.id) == [BO]


@pytest.mark.parametrize(
    "query",
    [
        PatientQuery(),
        PatientQuery(family="Lindqvist-Ødegaard"),
        PatientQuery(birth_date=BO.birth_date),
        PatientQuery(family="Lindqvist", birth_date=BO.birth_date),
        PatientQuery(identifier="19610417-2385"),
        PatientQuery(identifier="19610417-2384", phone="+46701740606"),
        PatientQuery(identifier=BO.phone),
    ],
)
async def test_a_patient_is_not_found_by(cluster: Storage, query: PatientQuery) -> None:
    async with cluster.reading() as unit:
        assert await unit.patients.search(query, RURAL.id) == []


async def test_a_patient_is_not_found_from_another_organization(cluster: Storage) -> None:
    async with cluster.reading() as unit:
        assert await unit.patients.search(PatientQuery(phone=BO.phone), HOSPITAL.id) == []
        assert await unit.patients.search(PatientQuery(phone=BO.phone), "") == []


async def test_someone_with_one_name_is_found_by_it(cluster: Storage) -> None:
    async with cluster.reading() as unit:
        assert await unit.patients.search(
            PatientQuery(family="cy", birth_date=CY.birth_date), HOSPITAL.id
        ) == [CY]


async def test_two_people_with_one_phone_are_both_found(cluster: Storage) -> None:
    sister = replace(BO, id="pat-sister", name=HumanName("Ida", "Lindqvist"))
    async with cluster.writing() as unit:
        await unit.patients.add(sister)
    async with cluster.reading() as unit:
        assert await unit.patients.search(PatientQuery(phone=BO.phone), RURAL.id) == [BO, sister]


async def test_the_same_id_twice_is_refused(cluster: Storage) -> None:
    with pytest.raises(StaleVersion):
        async with cluster.writing() as unit:
            await unit.patients.add(BO)
