"""The same contract for what was asked of storage later: lapses, visits ahead, who left, versions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.audit import AuditAction, AuditEntry
from telehealth.domain.calendar_feed import CalendarFeed
from telehealth.domain.consultation import UNBEGUN, Connection, VisitStatus
from telehealth.domain.outbox import REMINDING, SOON, Channel, Delivery
from telehealth.domain.people import Role
from telehealth.domain.scheduling import Interval
from telehealth.domain.series import Series
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import LATER, kind, units

__all__ = ["kind", "units"]

DAY = Interval(cast.NOW, cast.NOW + timedelta(days=1))


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
        assert await uow.visits.lapsed(later, 10) == [visit.id]


async def test_visits_ahead_have_neither_begun_nor_ended_and_are_no_tests(units: Units) -> None:
    visit, later = cast.visit(cast.appointment()), cast.appointment("2", LATER + timedelta(days=1))
    over, both = cast.NOW + cast.VISIT_LENGTH, [cast.BO.id, cast.CY.id]
    async with units.writing() as uow:
        await uow.appointments.book(later, cast.claims(later))
        await uow.visits.add(cast.visit(later, "2"))
        ahead = await uow.visits.ahead(both, over - timedelta(seconds=1))
        assert [row.visit.id for row in ahead] == [visit.id, "visit-2"]
        assert ahead[0].appointment == cast.appointment()
        assert [row.visit.id for row in await uow.visits.ahead(both, over)] == ["visit-2"]
        assert await uow.visits.ahead([cast.CY.id], cast.NOW) == []
        assert await uow.visits.ahead([], cast.NOW) == []
    for version, status in enumerate(VisitStatus, 1):
        async with units.writing() as uow:
            await uow.visits.save(replace(visit, status=status, version=version))
            found = {row.visit.id for row in await uow.visits.ahead(both, cast.NOW)}
            assert (visit.id in found) is (status in UNBEGUN), status
    async with units.writing() as uow:
        await uow.visits.save(replace(visit, test=True, version=version + 1))
        assert [row.visit.id for row in await uow.visits.ahead(both, cast.NOW)] == ["visit-2"]


async def test_who_left_is_offered_no_more(units: Units) -> None:
    service = cast.CARDIOLOGY.id
    async with units.reading() as uow:
        assert await uow.directory.practitioners(role=Role.SPECIALIST, working=True) == [cast.AMARA]
        offering = await uow.schedules.offering(service, DAY)
        assert offering is not None
        assert list(await uow.schedules.timetables(offering, DAY)) == [cast.AMARA.id]
    async with units.writing() as uow:
        await uow.accounts.save(replace(cast.account(), disabled_at=LATER))
        assert await uow.directory.practitioners(role=Role.SPECIALIST, working=True) == []
        assert await uow.directory.practitioners(role=Role.SPECIALIST) == [cast.AMARA]
        assert await uow.schedules.timetables(offering, DAY) == {}


async def test_versions_are_told_without_opening_anything(units: Units) -> None:
    async with units.writing() as uow:
        await uow.notes.add(cast.note())
        await uow.notes.save(cast.note(2))
        await uow.record.put(cast.resource())
        await uow.record.put(cast.resource(2))
        assert await uow.notes.versions(["visit-1", "other"]) == {("visit-1", cast.AMARA.id): 2}
        assert await uow.record.versions("Composition", ["resource-1", "other"]) == {"resource-1": 2}
        assert await uow.record.versions("Encounter", ["resource-1"]) == {}


async def test_what_is_planned_is_taken_back_and_what_is_being_sent_is_not(units: Units) -> None:
    first, second = (replace(cast.message(name), template=SOON) for name in "12")
    other = cast.message("3", due=LATER)
    async with units.writing() as uow:
        await uow.outbox.put(first, second, other)
        assert await uow.outbox.claim(Channel.EMAIL, cast.NOW, LATER, 1) == [
            replace(first, state=Delivery.SENDING)
        ]
        assert await uow.outbox.take_back("visit-2", REMINDING) == 0
        assert await uow.outbox.take_back("visit-1", REMINDING) == 1
    async with units.reading() as uow:
        assert [each.id for each in await uow.outbox.of_visit("visit-1")] == [first.id, other.id]


async def test_a_service_keeps_how_long_before_it_reminds(units: Units) -> None:
    chosen = replace(cast.CARDIOLOGY, reminders=(4320, 30), version=1)
    async with units.writing() as uow:
        assert await uow.directory.service(chosen.id) == cast.CARDIOLOGY
        await uow.directory.save_service(chosen)
        assert await uow.directory.service(chosen.id) == chosen
        await uow.directory.save_service(replace(chosen, reminders=(), version=2))
    async with units.reading() as uow:
        found = await uow.directory.service(chosen.id)
    assert found is not None
    assert found.reminders == ()


async def test_a_calendar_has_one_address_and_tells_real_visits_in_order(units: Units) -> None:
    first = CalendarFeed(cast.AMARA.id, cast.HOSPITAL.id, b"one" * 10, cast.NOW)
    second = replace(first, digest=b"two" * 10, made_at=LATER)
    later, test = (
        cast.appointment(name, LATER + timedelta(hours=hours)) for name, hours in (("2", 3), ("3", 5))
    )
    off = replace(cast.appointment("4", LATER + timedelta(hours=7)), status=AppointmentStatus.CANCELLED)
    async with units.writing() as uow:
        await uow.feeds.put(first)
        await uow.feeds.put(second)
        assert (await uow.feeds.by_digest(first.digest), await uow.feeds.of(cast.AMARA.id)) == (None, second)
        assert await uow.feeds.by_digest(second.digest) == second
        for each in (later, replace(test, test=True), off):
            await uow.appointments.book(each, cast.claims(each))
        day = Interval(cast.NOW, cast.NOW + timedelta(days=1))
        assert await uow.feeds.visits(cast.AMARA.id, day, 9) == [cast.appointment(), later]
        assert await uow.feeds.visits(cast.AMARA.id, day, 1) == [cast.appointment()]
        assert await uow.feeds.visits(cast.AMARA.id, replace(day, end=LATER), 9) == [cast.appointment()]
        assert await uow.feeds.visits("nobody", day, 9) == []
        assert [await uow.feeds.remove(cast.AMARA.id) for _ in range(2)] == [1, 0]
    async with units.reading() as uow:
        assert await uow.feeds.by_digest(second.digest) is None


async def test_a_series_is_kept_and_its_visits_are_told_by_start(units: Units) -> None:
    ids = (cast.HOSPITAL.id, cast.HOSPITAL.id, cast.BO.id, cast.AMARA.id, cast.CARDIOLOGY.id)
    series = Series("series-1", *ids, "Europe/Berlin", "2026-11-30T10:00", "FREQ=DAILY;INTERVAL=1;COUNT=2")
    days = [
        replace(cast.appointment(name, LATER + timedelta(days=day)), series_id=series.id, recurrence=name)
        for name, day in (("2", 2), ("3", 1))
    ]
    async with units.writing() as uow:
        assert await uow.series.get(series.id) is None
        await uow.series.add(series)
        await uow.appointments.book_all([(each, cast.claims(each)) for each in days])
        for each in days:
            await uow.visits.add(cast.visit(each, each.recurrence))
        assert await uow.series.get(series.id) == series
        assert await uow.series.visits(series.id) == ["visit-3", "visit-2"]
        assert await uow.series.visits("nothing") == []
        assert await uow.series.of(days[0].id) == series.id
        assert await uow.series.of("appointment-1") == await uow.series.of("x") == ""
        await uow.series.hold(series.id)
        assert await uow.series.sequence(series.id) == 0
        later = [replace(each, start=each.start + timedelta(days=1), version=1, sequence=2) for each in days]
        later = [replace(each, end=each.start + cast.VISIT_LENGTH, by_practitioner=True) for each in later]
        await uow.appointments.move_all([(each, cast.claims(each)) for each in later])
        assert [await uow.appointments.get(each.id) for each in days] == later
        assert await uow.series.sequence(series.id) == 4


async def test_what_still_waits_for_more_to_a_person_is_found_and_nothing_else(units: Units) -> None:
    soon, later = cast.NOW, cast.NOW + timedelta(seconds=15)
    waits = replace(cast.message("1", due=later), template="visit-moved")
    others = (
        replace(cast.message("2", due=later), template="visit-reminder"),
        replace(cast.message("3", due=soon), template="visit-moved"),
        replace(cast.message("4", due=later), template="visit-moved", attempts=1),
        replace(cast.message("5", due=later), template="visit-moved", person_id="somebody-else"),
        replace(cast.message("6", due=later), template="visit-moved", state=Delivery.SENT),
    )
    async with units.writing() as uow:
        await uow.outbox.put(waits, *others)
    async with units.writing() as uow:
        assert await uow.outbox.gathering(waits.person_id, soon) == [waits]
        assert await uow.outbox.gathering(waits.person_id, later) == []


async def test_the_log_is_searched_by_all_that_is_asked_and_on_from_where_a_page_ended(units: Units) -> None:
    bo, cy = cast.BO.id, cast.CY.id
    first, second = cast.entry("1", bo), cast.entry("2", bo, cy)
    signed = replace(cast.entry("3", at=LATER), action=AuditAction.NOTE_SIGNED)
    foreign = replace(cast.entry("4", bo, at=LATER), actor_id=cast.NOOR.id, organization_id=cast.RURAL.id)
    every = [foreign, signed, second, first]
    searches: list[tuple[dict[str, Any], list[AuditEntry]]] = [
        ({}, every),
        ({"actor_id": cast.AMARA.id, "actions": {AuditAction.NOTE_READ}}, [second, first]),
        ({"patient_id": bo, "organization_id": cast.HOSPITAL.id}, [second, first]),
        ({"patient_id": bo, "actor_id": cast.NOOR.id}, [foreign]),
        ({"start": LATER}, [foreign, signed]),
        ({"end": LATER, "patient_id": cy}, [second]),
        ({"before": (LATER, signed.id), "limit": 1}, [second]),
        ({"before": (cast.NOW, second.id), "patient_id": bo}, [first]),
    ]
    async with units.writing() as uow:
        for each in every:
            await uow.audit.enter(each)
        for asked, found in searches:
            assert await uow.audit.entries(**asked) == found, asked
        assert await uow.audit.entry(second.id) == second
        assert await uow.audit.entry("nothing") is None


async def test_every_session_ends_and_what_has_ended_keeps_its_end(units: Units) -> None:
    ended = replace(cast.session("2"), ended_at=cast.NOW)
    async with units.writing() as uow:
        await uow.accounts.add_session(ended)
        assert await uow.accounts.end_every_session(LATER) == 1
        assert await uow.accounts.ended_since(LATER) == ["session-1"]
        assert await uow.accounts.end_every_session(LATER) == 0


async def test_every_browser_of_a_visit_is_put_out_and_the_visit_is_nobodys(units: Units) -> None:
    over = replace(cast.visit_session("2"), ended_at=cast.NOW)
    async with units.writing() as uow:
        visit = await uow.visits.get("visit-1")
        assert visit is not None
        known = replace(visit, confirmation=cast.CONFIRMATION, version=visit.version + 1)
        held = known.come("session").handing_over(b"code", LATER)
        await uow.visits.save(replace(held, version=known.version))
        for each in (cast.visit_session(), over):
            await uow.visits.add_session(each)
        assert await uow.visits.end_every_session(LATER) == 1
        assert await uow.visits.get("visit-1") == known
        ended = [each.ended_at for each in await uow.visits.sessions_of("visit-1")]
        assert ended == [LATER, cast.NOW]
        assert await uow.visits.end_every_session(LATER) == 0


async def test_a_fact_can_be_forgotten(units: Units) -> None:
    async with units.writing() as uow:
        await uow.meta.put("one", "1")
        await uow.meta.put("two", "2")
        await uow.meta.remove("one")
        await uow.meta.remove("none")
    async with units.reading() as uow:
        assert (await uow.meta.get("one"), await uow.meta.get("two")) == (None, "2")
