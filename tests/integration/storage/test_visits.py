"""Visits, their links and browsers: kept whole, changed one after the other, a day from few statements."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from telehealth.domain.care import Meeting
from telehealth.domain.consultation import HERE, VisitEvent, VisitStatus
from telehealth.domain.errors import StaleVersion
from telehealth.domain.scheduling import Interval
from telehealth.services.repositories import DayRow
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.cast import AMARA, BO, CY, NOW, appointment, arrive, claims, link, note, visit

DAY = Interval(NOW - timedelta(hours=9), NOW + timedelta(hours=15))


@pytest.fixture
async def booked(cluster: Storage) -> Storage:
    async with cluster.writing() as unit:
        await arrive(unit)
    return cluster


async def test_a_visit_comes_back_as_it_went_in(booked: Storage) -> None:
    async with booked.reading() as unit:
        assert await unit.visits.get("visit-1") == visit(appointment())
        assert await unit.visits.by_appointment("appointment-1") == visit(appointment())
        assert await unit.visits.get("nothing") is None


async def test_a_visit_is_changed_step_by_step(booked: Storage) -> None:
    arrived = visit(appointment()).step(VisitEvent.ARRIVE, NOW)
    waiting = replace(arrived.step(VisitEvent.WAIT, NOW), confirmation=cast.CONFIRMATION, consent_at=NOW)
    for step in (arrived, waiting):
        async with booked.writing() as unit:
            await unit.visits.save(step)
    async with booked.reading() as unit:
        assert await unit.visits.get("visit-1") == waiting


async def test_the_number_to_phone_is_kept_with_and_without_a_confirmation(booked: Storage) -> None:
    arrived = visit(appointment()).step(VisitEvent.ARRIVE, NOW)
    asked = arrived.by_phone("+4930555", NOW)
    confirmed = replace(asked, confirmation=cast.CONFIRMATION, version=asked.version + 1)
    for step in (arrived, asked, confirmed, confirmed.not_by_phone()):
        async with booked.writing() as unit:
            await unit.visits.save(step)
        async with booked.reading() as unit:
            assert await unit.visits.get("visit-1") == step


async def test_a_stale_change_of_a_visit_is_refused(booked: Storage) -> None:
    for version in (0, 2):
        with pytest.raises(StaleVersion):
            async with booked.writing() as unit:
                await unit.visits.save(replace(visit(appointment()), version=version))


async def test_an_appointment_has_one_visit(booked: Storage) -> None:
    with pytest.raises(StaleVersion):
        async with booked.writing() as unit:
            await unit.visits.add(visit(appointment(), "2"))


async def test_a_day_shows_each_visit_with_all_that_belongs_to_it(booked: Storage) -> None:
    later = appointment("2", NOW + timedelta(hours=1), CY)
    tomorrow = appointment("3", DAY.end)
    async with booked.writing() as unit:
        for extra, name in ((tomorrow, "3"), (later, "2")):
            await unit.appointments.book(extra, claims(extra))
            await unit.visits.add(visit(extra, name))
        await unit.notes.add(note())
        await unit.visits.add_link(link(generation=2))
    first = DayRow(
        visit(appointment()), appointment(), BO, cast.CARDIOLOGY, cast.WARD, "draft", link(generation=2)
    )
    second = DayRow(visit(later, "2"), later, CY, cast.CARDIOLOGY, cast.WARD, "", None)
    async with booked.reading() as unit:
        assert await unit.visits.day(AMARA.id, DAY) == [first, second]
        assert await unit.visits.day("prac-noor", DAY) == []
        assert await unit.visits.row("visit-1") == first
        assert await unit.visits.row("nothing") is None


@pytest.mark.parametrize("status", [*VisitStatus])
async def test_a_clinic_has_its_day_and_of_the_days_beside_it_only_who_is_here(
    cluster: Storage, status: VisitStatus
) -> None:
    around = Interval(DAY.start - timedelta(days=1), DAY.end + timedelta(days=1))
    times = {"the day before": DAY.start - timedelta(hours=1), "today": NOW, "the day after": DAY.end}
    far = {"long ago": around.start - timedelta(hours=1), "in two days": around.end}
    async with cluster.writing() as unit:
        for name, start in (times | far).items():
            extra = appointment(name, start)
            await unit.appointments.book(extra, claims(extra))
            await unit.visits.add(replace(visit(extra, name), status=status))
    async with cluster.reading() as unit:
        rows = await unit.visits.clinic(AMARA.id, DAY, around)
    shown = list(times) if status in HERE else [] if status is VisitStatus.CANCELLED else ["today"]
    assert [row.visit.id for row in rows] == [f"visit-{name}" for name in shown]


async def test_a_test_is_no_part_of_a_clinic(cluster: Storage) -> None:
    async with cluster.writing() as unit:
        played = replace(appointment(), test=True)
        await unit.appointments.book(played, claims(played))
        await unit.visits.add(replace(visit(played), test=True, status=VisitStatus.WAITING))
    async with cluster.reading() as unit:
        assert await unit.visits.clinic(AMARA.id, DAY, DAY) == []
        assert len(await unit.visits.day(AMARA.id, DAY)) == 1


@pytest.mark.parametrize("visits", [1, 30])
async def test_a_day_takes_few_statements_whatever_its_length(cluster: Storage, visits: int) -> None:
    async with cluster.writing() as unit:
        for number in range(visits):
            extra = appointment(str(number), NOW + number * timedelta(minutes=20))
            await unit.appointments.book(extra, claims(extra))
            await unit.visits.add(visit(extra, str(number)))
            await unit.visits.add_link(link(f"visit-{number}"))
    statements: list[str] = []

    def count(_c: object, _d: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    async with cluster.reading() as unit:
        engine = cluster.engines[1].sync_engine
        event.listen(engine, "before_cursor_execute", count)
        rows = await unit.visits.day(AMARA.id, DAY)
        event.remove(engine, "before_cursor_execute", count)
    assert len(rows) == visits
    assert len(statements) <= 4


async def test_the_visits_of_two_are_told_with_their_hours(booked: Storage) -> None:
    later, confirmed = appointment("2", NOW + timedelta(days=400)), replace(visit(appointment()), version=1)
    confirmed = replace(confirmed, confirmation=cast.CONFIRMATION)
    async with booked.writing() as unit:
        await unit.visits.save(confirmed)
        await unit.appointments.book(replace(later, by_practitioner=True), claims(later))
        await unit.visits.add(visit(later, "2"))
        found = {each.visit.id: each for each in await unit.visits.meetings(AMARA.id, BO.id)}
        assert found == {
            "visit-1": Meeting(confirmed, NOW, appointment().end),
            "visit-2": Meeting(visit(later, "2"), later.start, later.end, by_practitioner=True),
        }
        assert await unit.visits.meetings(AMARA.id, CY.id) == []
        assert await unit.visits.meetings("prac-noor", BO.id) == []


async def test_links_are_found_by_token_code_and_person(booked: Storage) -> None:
    first, second = link(), link(generation=2)
    revoked = replace(first, revoked_at=NOW, code_tries=3)
    async with booked.writing() as unit:
        assert await unit.visits.link(first.digest) == first
        assert await unit.visits.link_by_code(first.code_digest) == first
        await unit.visits.save_link(revoked)
        await unit.visits.add_link(second)
    async with booked.reading() as unit:
        assert await unit.visits.link(first.digest) == revoked
        assert await unit.visits.link_by_code(first.code_digest) == revoked
        assert await unit.visits.link_of("visit-1", BO.id) == second
        assert await unit.visits.link_of("visit-1", CY.id) is None
        assert await unit.visits.link(b"another") is None


async def test_browsers_of_a_visit_are_kept_and_ended_for_good(booked: Storage) -> None:
    ended = replace(cast.visit_session(), ended_at=NOW)
    second = replace(cast.visit_session("2"), created_at=NOW + timedelta(seconds=1))
    async with booked.writing() as unit:
        await unit.visits.add_session(cast.visit_session())
        await unit.visits.add_session(second)
        assert await unit.visits.session(b"cookie 1") == cast.visit_session()
        await unit.visits.save_session(ended)
        await unit.visits.save_session(cast.visit_session())
    async with booked.reading() as unit:
        assert await unit.visits.session(b"cookie 1") == ended
        assert await unit.visits.sessions_of("visit-1") == [ended, second]
        assert await unit.visits.session(b"another") is None
