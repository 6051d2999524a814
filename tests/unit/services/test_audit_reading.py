"""Who saw what: what a privacy officer may read, by days of their own clocks, and what a breach asks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from telehealth.domain.access import SYSTEM, Actor, ActorKind
from telehealth.domain.audit import AuditAction, AuditEntry
from telehealth.domain.audit_kinds import AuditKind
from telehealth.domain.errors import BadInput, NotFound, NotPermitted
from telehealth.domain.people import Practitioner
from telehealth.services.audit_reading import AuditReading
from telehealth.services.audit_rows import AuditRow, AuditSearch
from telehealth.services.breach_questions import BreachQuestions
from telehealth.services.trail import Work
from tests.fakes import FakeChance, FakeClock, FakeUnits
from tests.integration.storage.cast import AMARA, BO, CY, HOSPITAL, NOOR, RURAL, VILLAGE, WARD, entry
from tests.integration.web.hospital import PIA, STRANGER

MIDNIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
"""In Berlin, where Pia works, the 23rd begins."""
BY_NOOR = {"actor_id": NOOR.id, "organization_id": RURAL.id, "actor_role": "clinic_staff"}


def acting(who: Practitioner) -> Actor:
    return Actor(ActorKind.STAFF, who.id, who.role, who.organization_id, "s", who.display)


@pytest.fixture
async def work() -> Work:
    """Bo is the hospital's, Cy the rural clinic's; Noor of the clinic has read about both of them."""
    work = Work(FakeUnits(), FakeClock(), FakeChance())
    async with work.units.writing() as uow:
        for organization, site in ((HOSPITAL, WARD), (RURAL, VILLAGE)):
            await uow.directory.add_organization(organization)
            await uow.directory.add_location(site)
        for person in (AMARA, NOOR, PIA, STRANGER):
            await uow.directory.add_practitioner(person)
        await uow.patients.add(replace(BO, organization_id=HOSPITAL.id))
        await uow.patients.add(replace(CY, organization_id=RURAL.id))
        for each in (
            entry("1", BO.id, at=MIDNIGHT - timedelta(microseconds=1)),
            entry("2", BO.id, CY.id, at=MIDNIGHT),
            replace(entry("3", BO.id, at=MIDNIGHT + timedelta(hours=1)), **BY_NOOR),
            replace(entry("4", CY.id, at=MIDNIGHT + timedelta(hours=2)), **BY_NOOR),
            replace(entry("5", at=MIDNIGHT + timedelta(hours=3)), action=AuditAction.SIGN_IN),
        ):
            await uow.audit.enter(each)
    return work


def numbers(rows: Sequence[AuditRow]) -> list[str]:
    return [row.entry.id.removeprefix("entry-") for row in rows]


def last(work: Work) -> AuditEntry:
    entries = work.units.tables.entries
    found: AuditEntry = entries[list(entries)[-1]]
    return found


async def test_an_officer_reads_what_the_own_people_did_and_what_anybody_did_about_an_own_patient(
    work: Work,
) -> None:
    reading, pia = AuditReading(work=work), acting(PIA)
    page = await reading.page(pia, AuditSearch())
    assert numbers(page.rows) == ["5", "2", "1"]
    assert (page.rows[1].name, page.rows[1].organization) == (AMARA.display, HOSPITAL.name)
    assert [each.id for each in page.rows[1].patients] == [BO.id]
    assert (last(work).action, last(work).patient_ids) == (
        AuditAction.AUDIT_READ,
        tuple(sorted((BO.id, CY.id))),
    )
    page = await reading.page(pia, AuditSearch(patient_id=BO.id))
    assert page.patient is not None
    assert numbers(page.rows)[1:] == ["3", "2", "1"]
    assert page.rows[0].entry.action is AuditAction.AUDIT_READ
    assert (page.rows[0].touched, page.rows[0].patients) == ((), ())
    page = await reading.page(pia, AuditSearch(patient_id=CY.id))
    assert page.patient is None
    assert [row.entry.id for row in page.rows if row.entry.action is AuditAction.NOTE_READ] == ["entry-2"]


async def test_one_entry_is_read_where_a_list_would_have_it(work: Work) -> None:
    reading, pia = AuditReading(work=work), acting(PIA)
    for known in ("entry-2", "entry-3"):
        assert (await reading.entry(pia, known)).entry.id == known
        assert last(work).entity_id == known
    for hidden in ("entry-4", "nothing"):
        with pytest.raises(NotFound):
            await reading.entry(pia, hidden)


async def test_days_are_those_of_the_officers_clocks_and_pages_follow_each_other(work: Work) -> None:
    reading, pia = AuditReading(work=work), acting(PIA)
    day = date(2026, 11, 23)
    asked = AuditSearch(first=day, last=day, limit=1)
    page = await reading.page(pia, asked)
    assert (numbers(page.rows), page.more, page.zone) == (["5"], True, WARD.zone)
    newest = page.rows[0].entry
    page = await reading.page(pia, replace(asked, before=(newest.at, newest.id)))
    assert (numbers(page.rows), page.more) == (["2"], False)
    assert numbers((await reading.page(pia, AuditSearch(last=day - timedelta(days=1)))).rows) == ["1"]
    kinds = {AuditKind.RECORD: ["2", "1"], AuditKind.ACCOUNT: ["5"], AuditKind.BOOKING: []}
    for kind, expected in kinds.items():
        assert numbers((await reading.entries(pia, AuditSearch(kind=kind)))[0]) == expected


@pytest.mark.parametrize("who", [AMARA, NOOR], ids=["specialist", "clinic staff"])
async def test_a_stranger_is_refused(work: Work, who: Practitioner) -> None:
    reading, actor = AuditReading(work=work), acting(who)
    for asking in (reading.page(actor, AuditSearch()), reading.entry(actor, "entry-2")):
        with pytest.raises(NotPermitted):
            await asking


async def test_a_breach_is_asked_about_of_the_whole_log(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telehealth.services.breach_questions.BATCH", 1)
    questions, since, told = BreachQuestions(work=work), AuditSearch(start=MIDNIGHT), list[list[str]]()

    def tell(rows: Sequence[AuditRow]) -> None:
        assert last(work).action is AuditAction.AUDIT_READ, "entered before anything is told"
        told.append(numbers(rows))

    await questions.seen_by(SYSTEM, AMARA.id, AuditSearch(), tell)
    assert (last(work).entity_id, last(work).actor_kind) == (AMARA.id, "system")
    await questions.seen(SYSTEM, CY.id, AuditSearch(), tell)
    await questions.seen_by(SYSTEM, AMARA.id, since, tell)
    assert told == [["2"], ["1"], ["4"], ["2"], ["2"]]
    for asking in (
        questions.seen_by(SYSTEM, "x@y.example", since, tell),
        questions.seen(SYSTEM, "x", since, tell),
    ):
        with pytest.raises(BadInput):
            await asking
