"""The fake unit of work and the real ones keep one contract; a fake that cannot roll back is found here."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.keyring import Keyring
from telehealth.domain.accounts import LinkPurpose
from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.audit import AuditAction, AuditEntry, AuditOutcome, ChainLink
from telehealth.domain.care import Meeting
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import SlotTaken, StaleVersion
from telehealth.domain.note import NoteState
from telehealth.domain.outbox import Channel, OutboxMessage
from telehealth.domain.outbox import Delivery as State
from telehealth.domain.people import PatientQuery, Role
from telehealth.domain.scheduling import Interval
from telehealth.services.ports import Units
from telehealth.services.repositories import KeptAnswer, UnitOfWork
from telehealth.storage.unit_of_work import Storage
from tests.fakes import FakeUnits
from tests.integration.storage import cast
from tests.services.migrated import copied, emptied

LATER = cast.NOW + timedelta(minutes=5)


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, or nothing for the fake."""
    if request.param == "fake":
        return ""
    if request.param == "sqlite":
        return copied(request.getfixturevalue("migrated_file"), tmp_path)
    return emptied(request.getfixturevalue("migrated_postgresql"))


@pytest.fixture
async def units(kind: str, keyring: Keyring, blind: BlindIndex) -> AsyncIterator[Units]:
    """Each kind of storage with the cast moved in, Dr Amara's account and Bo's booked visit."""
    opened = Storage(kind, keyring, blind) if kind else FakeUnits()
    async with opened.writing() as uow:
        await cast.move_in(uow)
        await uow.accounts.add(cast.account())
        await uow.accounts.add_session(cast.session())
        await uow.appointments.book(cast.appointment(), cast.claims(cast.appointment()))
        await uow.visits.add(cast.visit(cast.appointment()))
    yield opened
    if isinstance(opened, Storage):
        await opened.close()


def entry(name: str, at: datetime = cast.NOW) -> AuditEntry:
    ids = ("staff", cast.AMARA.id, Role.SPECIALIST.value, cast.HOSPITAL.id, "session-1", "request-1")
    return AuditEntry(name, at, AuditAction.NOTE_READ, AuditOutcome.SUCCESS, *ids, patient_ids=(cast.BO.id,))


def mail(name: str, due: datetime = cast.NOW) -> OutboxMessage:
    template, values = "visit-invitation", {"start": "2026"}
    return replace(cast.message(due=due), id=name, template=template, values=values)


async def test_a_unit_that_raises_leaves_nothing_behind(units: Units) -> None:
    async def half(uow: UnitOfWork) -> None:
        await uow.accounts.save(replace(cast.account(), failures=7))
        await uow.audit.enter(entry("e1"))
        await uow.outbox.put(mail("m1"))
        await uow.meta.put("name", "value")
        raise LookupError

    with pytest.raises(LookupError):
        async with units.writing() as uow:
            await half(uow)
    async with units.reading() as uow:
        assert await uow.accounts.get(cast.account().id) == cast.account()
        assert await uow.audit.unlinked(10) == []
        assert await uow.outbox.of_visit("visit-1") == []
        assert await uow.meta.get("name") is None


async def test_a_writer_sees_what_it_wrote(units: Units) -> None:
    changed = replace(cast.account(), failures=1, failed_at=LATER)
    async with units.writing() as uow:
        await uow.accounts.save(changed)
        assert await uow.accounts.by_email(f" {cast.AMARA.email.upper()}") == changed


async def test_one_address_has_one_account(units: Units) -> None:
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.accounts.add(replace(cast.account(cast.NOOR), email=cast.AMARA.email))


async def test_an_ended_session_stays_ended(units: Units) -> None:
    async with units.writing() as uow:
        await uow.accounts.save_session(replace(cast.session(), ended_at=LATER))
        await uow.accounts.save_session(replace(cast.session(), seen_at=LATER))
    async with units.reading() as uow:
        found = await uow.accounts.session_by_id("session-1")
        assert found == replace(cast.session(), ended_at=LATER, seen_at=LATER)
        assert await uow.accounts.ended_since(LATER) == ["session-1"]
        assert await uow.accounts.ended_since(LATER + timedelta(seconds=1)) == []


async def test_a_one_time_link_is_used_once(units: Units) -> None:
    link = cast.one_time_link()
    async with units.writing() as uow:
        await uow.accounts.add_link(link)
        await uow.accounts.save_link(replace(link, digest=b"other", used_at=LATER))
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.accounts.save_link(replace(link, used_at=LATER))
    async with units.reading() as uow:
        assert await uow.accounts.link(link.digest) is None
        assert await uow.accounts.link(b"other") is not None
        assert await uow.accounts.open_links(LinkPurpose.INVITATION, cast.HOSPITAL.id, cast.NOW) == []


async def test_open_links_are_those_of_the_organization(units: Units) -> None:
    async with units.writing() as uow:
        await uow.accounts.add_link(cast.one_time_link())
        await uow.accounts.add_link(cast.one_time_link("2", LinkPurpose.TOTP_RESET))
    async with units.reading() as uow:
        (found,) = await uow.accounts.open_links(LinkPurpose.TOTP_RESET, cast.HOSPITAL.id, cast.NOW)
        assert found.id == "once-2"
        assert await uow.accounts.open_links(LinkPurpose.TOTP_RESET, cast.RURAL.id, cast.NOW) == []
        expired = found.expires_at
        assert await uow.accounts.open_links(LinkPurpose.TOTP_RESET, cast.HOSPITAL.id, expired) == []


async def test_a_busy_time_is_refused_and_touching_ones_are_not(units: Units) -> None:
    overlapping = cast.appointment("2", cast.NOW + timedelta(minutes=19))
    with pytest.raises(SlotTaken) as refused:
        async with units.writing() as uow:
            await uow.appointments.book(overlapping, cast.claims(overlapping))
    assert refused.value.missing == {ResourceKind.PATIENT, ResourceKind.PRACTITIONER}
    touching = cast.appointment("3", cast.NOW + cast.VISIT_LENGTH)
    async with units.writing() as uow:
        await uow.appointments.book(touching, cast.claims(touching))


async def test_a_cancelled_appointment_frees_its_time_and_old_versions_are_stale(units: Units) -> None:
    cancelled = replace(cast.appointment(), status=AppointmentStatus.CANCELLED, version=1)
    async with units.writing() as uow:
        await uow.appointments.save(cancelled)
        window = Interval(cast.NOW, LATER)
        busy = await uow.appointments.busy(ResourceKind.PRACTITIONER, [cast.AMARA.id], window)
        assert busy == {cast.AMARA.id: []}
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.appointments.save(cancelled)


async def test_expired_holds_are_released(units: Units) -> None:
    held = cast.held("2", LATER, cast.NOW + timedelta(hours=1))
    async with units.writing() as uow:
        await uow.appointments.book(held, cast.claims(held))
        whose = (ResourceKind.PRACTITIONER, [held.practitioner_id], Interval(held.start, held.end))
        for now, taken in ((None, 1), (LATER - timedelta(seconds=1), 1), (LATER, 0)):
            assert [len(each) for each in (await uow.appointments.busy(*whose, now)).values()] == [taken]
            assert len(await uow.appointments.taken(*whose, now)) == len(whose[1])
            assert bool(await uow.appointments.ends(*whose, now)) == bool(taken)
        assert await uow.appointments.release_expired(LATER - timedelta(seconds=1)) == 0
        assert await uow.appointments.release_expired(LATER) == 1
        await uow.appointments.book(replace(held, id="again", uid="again"), cast.claims(held))


async def test_a_visit_is_swapped_by_version(units: Units) -> None:
    visit = cast.visit(cast.appointment())
    arrived = replace(visit, status=VisitStatus.ARRIVED, version=1)
    async with units.writing() as uow:
        await uow.visits.save(arrived)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.visits.save(replace(visit, version=1))
    async with units.reading() as uow:
        assert await uow.visits.get(visit.id) == arrived
        assert await uow.visits.by_appointment(visit.appointment_id) == arrived
        met, at = await uow.visits.meetings(cast.AMARA.id, cast.BO.id), cast.appointment()
        assert met == [Meeting(arrived, at.start, at.end)]
        assert await uow.visits.meetings(cast.AMARA.id, cast.CY.id) == []


async def test_a_day_lists_its_visits_with_note_state_and_link(units: Units) -> None:
    async with units.writing() as uow:
        await uow.visits.add_link(cast.link())
        await uow.notes.add(cast.note())
    async with units.reading() as uow:
        (row,) = await uow.visits.day(cast.AMARA.id, Interval(cast.NOW, LATER))
        assert (row.patient, row.note_state, row.link) == (cast.BO, NoteState.DRAFT.value, cast.link())
        assert await uow.visits.day(cast.AMARA.id, Interval(LATER, LATER + timedelta(days=1))) == []
        assert await uow.visits.link_by_code(cast.link().code_digest) == cast.link()
        day, later = Interval(cast.NOW, LATER), Interval(LATER, LATER + timedelta(days=1))
        assert await uow.visits.clinic(cast.AMARA.id, day, later) == [row]
        assert await uow.visits.clinic(cast.AMARA.id, later, day) == []


async def test_the_newest_generation_is_a_persons_link(units: Units) -> None:
    async with units.writing() as uow:
        await uow.visits.add_link(cast.link())
        await uow.visits.add_link(cast.link(generation=2))
    async with units.reading() as uow:
        assert await uow.visits.link_of("visit-1", cast.BO.id) == cast.link(generation=2)


async def test_notes_are_one_per_author_and_swapped_by_version(units: Units) -> None:
    async with units.writing() as uow:
        await uow.notes.add(cast.note())
        await uow.notes.save(cast.note(2))
        assert [each.version for each in await uow.notes.unsigned(cast.AMARA.id)] == [2]
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.notes.save(cast.note(2))
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.notes.add(replace(cast.note(), id="note-2"))


async def test_a_version_of_a_resource_is_written_once(units: Units) -> None:
    async with units.writing() as uow:
        await uow.record.put(cast.resource())
        await uow.record.put(cast.resource(2))
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.record.put(cast.resource(2))
    async with units.reading() as uow:
        assert await uow.record.get("Composition", "resource-1") == cast.resource(2)
        assert await uow.record.get("Composition", "resource-1", 1) == cast.resource()
        assert await uow.record.of_patient(cast.BO.id) == [cast.resource(2)]
        assert await uow.record.of_patient(cast.BO.id, "Encounter") == []


async def test_patients_are_found_by_what_singles_them_out(units: Units) -> None:
    async with units.reading() as uow:
        for query in (
            PatientQuery(identifier=cast.BO.identifiers[0].value),
            PatientQuery(phone=cast.BO.phone),
            PatientQuery(email=cast.BO.email.upper()),
            PatientQuery(family=cast.BO.name.family, birth_date=cast.BO.birth_date),
        ):
            assert await uow.patients.search(query, cast.RURAL.id) == [cast.BO]
            assert await uow.patients.search(query, cast.HOSPITAL.id) == []
        assert await uow.patients.many([cast.BO.id, "nobody"]) == {cast.BO.id: cast.BO}


async def test_audit_entries_are_linked_once_and_read_back_equal(units: Units) -> None:
    first, second = entry("e1"), entry("e2", LATER)
    async with units.writing() as uow:
        await uow.audit.enter(second)
        await uow.audit.enter(first)
    async with units.writing() as uow:
        waiting = await uow.audit.unlinked(10)
        assert [each.id for each in waiting] == ["e1", "e2"]
        await uow.audit.link([ChainLink(1, "e1", b"l" * 32, b"h" * 32)])
    async with units.reading() as uow:
        assert await uow.audit.unlinked(10) == [second]
        assert await uow.audit.chain(0, 10) == [(ChainLink(1, "e1", b"l" * 32, b"h" * 32), first)]
        assert await uow.audit.head() == ChainLink(1, "e1", b"l" * 32, b"h" * 32)
        assert await uow.audit.entries(patient_id=cast.BO.id, limit=1) == [second]
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.audit.link([ChainLink(1, "e2", b"l" * 32, b"h" * 32)])


async def test_a_claimed_message_is_nobody_elses_until_the_claim_ends(units: Units) -> None:
    async with units.writing() as uow:
        await uow.outbox.put(mail("m1"))
        await uow.outbox.put(mail("m2", LATER))
    async with units.writing() as uow:
        assert [each.id for each in await uow.outbox.claim(Channel.EMAIL, cast.NOW, LATER, 10)] == ["m1"]
        assert await uow.outbox.claim(Channel.EMAIL, LATER - timedelta(seconds=1), LATER, 10) == []
        again = await uow.outbox.claim(Channel.EMAIL, LATER, LATER + timedelta(minutes=1), 10)
        assert sorted(each.id for each in again) == ["m1", "m2"]
        await uow.outbox.save(replace(again[0], state=State.SENT))
        await uow.outbox.save(replace(again[1], state=State.FAILED))
        assert (
            await uow.outbox.claim(Channel.EMAIL, LATER + timedelta(days=1), LATER + timedelta(days=2), 10)
            == []
        )


async def test_answers_are_kept_per_client_and_key(units: Units) -> None:
    answer = KeptAnswer("client", "key", b"h" * 32, 201, "{}", cast.NOW)
    async with units.writing() as uow:
        await uow.answers.put(answer)
    async with units.reading() as uow:
        assert await uow.answers.get("client", "key") == answer
        assert await uow.answers.get("other", "key") is None


async def test_staff_are_listed_by_role_and_organization(units: Units) -> None:
    async with units.reading() as uow:
        assert await uow.directory.practitioners(role=Role.SPECIALIST) == [cast.AMARA]
        assert await uow.directory.practitioners(organization_id=cast.RURAL.id) == [cast.NOOR]
        assert await uow.directory.hours(practitioner_id=cast.AMARA.id) == [cast.MONDAYS]
