"""The same contract for what was asked of storage later: lapses, who left, versions."""

from dataclasses import replace
from datetime import timedelta

from telehealth.domain.consultation import Connection, VisitStatus
from telehealth.domain.people import Role
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import LATER, kind, units

__all__ = ["kind", "units"]


async def test_visits_that_nobody_attended_are_found_once_their_time_is_over(units: Units) -> None:
    visit, over = cast.visit(cast.appointment()), cast.NOW + cast.VISIT_LENGTH
    later = over + timedelta(seconds=1)
    async with units.reading() as uow:
        assert await uow.visits.lapsed(over, 10) == []
        assert await uow.visits.lapsed(later, 10) == [visit.id]
        assert await uow.visits.lapsed(later, 0) == []
        assert await uow.visits.thought_here() == []
    async with units.writing() as uow:
        here = replace(visit, status=VisitStatus.WAITING, connection=Connection.GOOD, version=1)
        await uow.visits.save(here)
        assert await uow.visits.thought_here() == [visit.id]
        assert await uow.visits.lapsed(later, 10) == []
        await uow.visits.save(replace(here, connection=Connection.AWAY, version=2))
        assert await uow.visits.thought_here() == []


async def test_who_left_is_offered_no_more(units: Units) -> None:
    service = cast.CARDIOLOGY.id
    async with units.reading() as uow:
        assert await uow.directory.practitioners(role=Role.SPECIALIST, working=True) == [cast.AMARA]
        assert len(await uow.directory.offered(cast.AMARA.id, service)) == 1
    async with units.writing() as uow:
        await uow.accounts.save(replace(cast.account(), disabled_at=LATER))
        assert await uow.directory.practitioners(role=Role.SPECIALIST, working=True) == []
        assert await uow.directory.practitioners(role=Role.SPECIALIST) == [cast.AMARA]
        assert await uow.directory.offered(cast.AMARA.id, service) == []


async def test_versions_are_told_without_opening_anything(units: Units) -> None:
    async with units.writing() as uow:
        await uow.notes.add(cast.note())
        await uow.notes.save(cast.note(2))
        await uow.record.put(cast.resource())
        await uow.record.put(cast.resource(2))
        assert await uow.notes.versions(["visit-1", "other"]) == {("visit-1", cast.AMARA.id): 2}
        assert await uow.record.versions("Composition", ["resource-1", "other"]) == {"resource-1": 2}
        assert await uow.record.versions("Encounter", ["resource-1"]) == {}
