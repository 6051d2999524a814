"""What storage forgets when its time is over, fake and real alike; and how living sessions are found."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from telehealth.domain.consultation import VisitStatus
from telehealth.services.ports import Units
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.cast import NOW
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]
HOUR = timedelta(hours=1)
ACCOUNT = f"account-{cast.AMARA.id}"


async def test_sessions_of_an_account_are_the_living_ones(units: Units) -> None:
    async with units.writing() as uow:
        await uow.accounts.add_session(replace(cast.session("2"), created_at=NOW + HOUR))
        await uow.accounts.add_session(replace(cast.session("3"), created_at=NOW + HOUR, ended_at=NOW + HOUR))
    async with units.reading() as uow:
        assert [each.id for each in await uow.accounts.sessions_of(ACCOUNT, NOW - HOUR)] == [
            "session-1",
            "session-2",
        ]
        assert [each.id for each in await uow.accounts.sessions_of(ACCOUNT, NOW)] == ["session-2"]
        assert await uow.accounts.sessions_of("account-of-nobody", NOW - HOUR) == []


async def test_one_session_is_found_by_its_id_ended_or_not(units: Units) -> None:
    ended = replace(cast.session(), ended_at=NOW)
    async with units.writing() as uow:
        await uow.accounts.save_session(ended)
        assert await uow.accounts.session_by_id("session-1") == ended
        assert await uow.accounts.session_by_id("session-2") is None


async def test_old_sessions_and_links_are_forgotten(units: Units) -> None:
    links = [cast.one_time_link(), replace(cast.one_time_link("2"), expires_at=NOW)]
    async with units.writing() as uow:
        await uow.accounts.add_session(replace(cast.session("2"), created_at=NOW + HOUR))
        for link in links:
            await uow.accounts.add_link(link)
    async with units.writing() as uow:
        assert await uow.accounts.forget_sessions(NOW + HOUR) == 1
        assert await uow.accounts.forget_links(NOW + HOUR) == 1
    async with units.reading() as uow:
        assert await uow.accounts.session_by_id("session-1") is None
        assert await uow.accounts.session_by_id("session-2") is not None
        assert await uow.accounts.link_by_id("once-2") is None
        assert await uow.accounts.link_by_id("once-1") is not None


@pytest.mark.parametrize(
    "status, left",
    [(VisitStatus.COMPLETED, 0), (VisitStatus.CANCELLED, 0), (VisitStatus.WAITING, 1)],
)
async def test_browsers_of_closed_visits_are_forgotten(units: Units, status: VisitStatus, left: int) -> None:
    async with units.writing() as uow:
        visit = await uow.visits.get("visit-1")
        assert visit is not None
        await uow.visits.save(replace(visit, status=status, since=NOW, version=visit.version + 1))
        await uow.visits.add_session(cast.visit_session())
    async with units.writing() as uow:
        assert await uow.visits.forget_sessions(NOW) == 0
        assert await uow.visits.forget_sessions(NOW + HOUR) == 1 - left
    async with units.reading() as uow:
        found = await uow.visits.session(cast.visit_session().digest)
        assert (found is not None) == bool(left)


async def test_living_sessions_are_found_by_their_index(storage: Storage) -> None:
    engine = storage.engines[0]
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a table of one page as it stands")
    asked = "SELECT * FROM staff_session WHERE account_id = 'a' AND created_at > 'b' AND ended_at IS NULL"
    async with engine.connect() as connection:
        plan = (await connection.execute(text(f"EXPLAIN QUERY PLAN {asked} ORDER BY created_at, id"))).all()
    assert "ix_staff_session_living (account_id=? AND created_at>?)" in plan[0][-1]
