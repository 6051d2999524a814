"""The shared record's store, and its fake: identifiers that the first keeps, versions in their order."""

from dataclasses import replace
from datetime import timedelta

from telehealth.domain.people import Identifier
from telehealth.services.ports import Units
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

NUMBER, OTHER = Identifier("https://lab.example", "A-1"), Identifier("https://lab.example", "a-1")
KEY = ("Observation", cast.BO.id)


async def test_the_first_keeps_an_identifier_and_the_others_are_known_too(units: Units) -> None:
    async with units.writing() as uow:
        assert await uow.record.claim(*KEY, NUMBER, "one")
        assert not await uow.record.claim(*KEY, NUMBER, "two")
        await uow.record.identify(*KEY, "one", [NUMBER, OTHER])
        await uow.record.identify(*KEY, "three", [NUMBER])
        assert await uow.record.holders(*KEY, NUMBER) == ["one", "three"]
        assert await uow.record.holders(*KEY, OTHER) == ["one"]
        assert await uow.record.holders("Condition", cast.BO.id, NUMBER) == []
        assert await uow.record.holders("Observation", cast.CY.id, NUMBER) == []
    async with units.writing() as uow:
        await uow.record.identify(*KEY, "one", [OTHER])
        assert await uow.record.holders(*KEY, NUMBER) == ["three"]
        assert await uow.record.claim(*KEY, NUMBER, "four")


async def test_a_history_is_told_from_its_end(units: Units) -> None:
    async with units.writing() as uow:
        for version in (1, 2, 3):
            await uow.record.put(cast.resource(version))
        told = await uow.record.history("Composition", "resource-1", 3, 5)
        assert await uow.record.opened("Composition", told) == [cast.resource(2), cast.resource()]
        (newest,) = await uow.record.history("Composition", "resource-1", 9, 1)
        assert (newest.version, newest.mark) == (3, (cast.NOW, "resource-1"))
        assert await uow.record.history("Composition", "other", 9, 1) == []


async def test_a_patients_resources_are_walked_through_unopened(units: Units) -> None:
    later = cast.NOW + timedelta(microseconds=1)
    newest = [
        replace(cast.resource(), id="b"),
        replace(cast.resource(), id="c"),
        replace(cast.resource(2), id="a", updated_at=later),
    ]
    others = [
        replace(cast.resource(), id="a"),
        replace(cast.resource(type_="Encounter"), id="b"),
        replace(cast.resource(patient_id=cast.CY.id), id="d"),
    ]
    async with units.writing() as uow:
        for each in (*newest, *others):
            await uow.record.put(each)
    whose = (cast.BO.id, "Composition")
    async with units.reading() as uow:
        assert await uow.record.count(*whose) == 3
        assert await uow.record.count(cast.CY.id, "Encounter") == 0
        heads = await uow.record.heads(*whose, None, 9)
        assert [(each.id, each.version, each.updated_at) for each in heads] == [
            (each.id, each.version, each.updated_at) for each in newest
        ]
        assert 0 <= heads[0].size - len(newest[0].text) < 128
        assert await uow.record.heads(*whose, heads[0].mark, 1) == heads[1:2]
        assert await uow.record.heads(*whose, heads[1].mark, 9) == heads[2:]
        assert await uow.record.heads(*whose, heads[2].mark, 9) == []
        assert await uow.record.opened("Composition", [heads[2], heads[0]]) == [newest[2], newest[0]]


async def test_an_identifier_is_not_readable(cluster: Storage) -> None:
    async with cluster.writing() as uow:
        await uow.record.identify(*KEY, "one", [NUMBER])
    async with cluster.engines[0].connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM resource_identifier")).all()
    assert "A-1" not in str(rows)
    assert "lab.example" not in str(rows)
