"""Entries of the audit log as they are asked for, and as they are shown: with names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telehealth.domain.access import ActorKind
from telehealth.domain.audit import AuditAction, AuditEntry, AuditOutcome
from telehealth.domain.audit_kinds import AuditKind, actions_of
from telehealth.domain.audit_marks import Mark, marks_of
from telehealth.domain.glass import glass_of
from telehealth.domain.people import Patient, Practitioner
from telehealth.services.audit_repository import Position
from telehealth.services.repositories import UnitOfWork

SHOWN = 50
"""Entries on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSearch:
    """What of the log is asked for; what is empty asks for nothing. `before` is where the last page ended.

    `first` and `last` are whole days by the clocks of the reader's site, both of them counted.
    """

    patient_id: str = ""
    actor_id: str = ""
    kind: AuditKind | None = None
    first: date | None = None
    last: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    before: Position | None = None
    limit: int = SHOWN


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry with names: who acted (None for patients and the system), for which house, about whom.

    `program` is the name of a program that acted by itself. `patients` are those of its patients who may be
    named to the reader.
    """

    entry: AuditEntry
    person: Practitioner | None
    organization: str
    program: str = ""
    patients: tuple[Patient, ...] = ()
    marks: frozenset[Mark] = frozenset()

    @property
    def name(self) -> str:
        """The name of who acted, empty where it was neither one of the staff nor a program."""
        return self.person.display if self.person else self.program

    @property
    def touched(self) -> tuple[str, ...]:
        """Whom it was about; a reading of the log itself does not go on to those about whom that was."""
        return () if self.entry.action is AuditAction.AUDIT_READ else self.entry.patient_ids

    @property
    def refusal(self) -> str:
        """Why it was refused or failed. What else stands as a reason can be of the patient, as an urgency."""
        return "" if self.entry.outcome is AuditOutcome.SUCCESS else self.entry.reason


async def found(uow: UnitOfWork, search: AuditSearch, organization_id: str = "") -> list[AuditEntry]:
    """Return the newest entries that meet a search, of one organization's people where it is named."""
    return await uow.audit.entries(
        patient_id=search.patient_id,
        organization_id=organization_id,
        actor_id=search.actor_id,
        actions=actions_of(search.kind) if search.kind else (),
        start=search.start,
        end=search.end,
        before=search.before,
        limit=search.limit,
    )


async def own_patients(uow: UnitOfWork, ids: Sequence[str], organization_id: str) -> dict[str, Patient]:
    """Return those of these patients whose record an organization manages, by id."""
    known = await uow.patients.many([each for each in ids if each])
    return {each.id: each for each in known.values() if each.organization_id == organization_id}


async def with_names(uow: UnitOfWork, entries: Sequence[AuditEntry], own: str = "") -> list[AuditRow]:
    """Return entries with the names of who acted, and of those patients whose record `own` manages."""
    people = {each.id: each for each in await uow.directory.practitioners()}
    houses = {each.id: each.name for each in await uow.directory.organizations()}
    programs = await _programs(uow, entries)
    rows = [
        AuditRow(
            entry,
            people.get(entry.actor_id),
            houses.get(entry.organization_id, ""),
            programs.get(entry.actor_id, ""),
        )
        for entry in entries
    ]
    theirs = await own_patients(uow, touched_by(rows), own) if own else {}
    return [
        replace(row, patients=tuple(theirs[each] for each in row.touched if each in theirs)) for row in rows
    ]


async def _programs(uow: UnitOfWork, entries: Sequence[AuditEntry]) -> dict[str, str]:
    """Return the names of programs by their ids, where one has acted."""
    if not any(each.actor_kind == ActorKind.PROGRAM for each in entries):
        return {}
    return {each.id: each.name for each in await uow.programs.all()}


def touched_by(rows: Sequence[AuditRow]) -> list[str]:
    """Return everybody whom these rows are about, in order."""
    return sorted({each for row in rows for each in row.touched})


def glasses_of(rows: Sequence[AuditRow]) -> list[str]:
    """Return the broken glasses that these rows tell of, in order."""
    return sorted({glass_of(row.entry.reason) for row in rows} - {""})


def marked(rows: Sequence[AuditRow], zone: ZoneInfo) -> list[AuditRow]:
    """Return rows with what is odd about them, as far as those that are shown together tell."""
    entries = [row.entry for row in rows]
    found = []
    for row in rows:
        named = {each.id: each for each in row.patients}
        found.append(replace(row, marks=marks_of(row.entry, entries, zone, row.person, named)))
    return found
