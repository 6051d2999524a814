"""The shared record's store, and its fake: identifiers that the first keeps, versions in their order."""

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
        assert told == [cast.resource(2), cast.resource()]
        assert await uow.record.history("Composition", "resource-1", 9, 1) == [cast.resource(3)]
        assert await uow.record.history("Composition", "other", 9, 1) == []


async def test_an_identifier_is_not_readable(cluster: Storage) -> None:
    async with cluster.writing() as uow:
        await uow.record.identify(*KEY, "one", [NUMBER])
    async with cluster.engines[0].connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM resource_identifier")).all()
    assert "A-1" not in str(rows)
    assert "lab.example" not in str(rows)
