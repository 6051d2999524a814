"""Who has read about me: the patient's own part of the audit log, by their link, in people and not codes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.audit import AuditAction, AuditEntry
from telehealth.domain.audit_kinds import SEEN, Purpose, Seen, purpose_of
from telehealth.domain.glass import Glass, glass_of
from telehealth.domain.people import Role
from telehealth.services.audit_rows import AuditRow, glasses_of, with_names
from telehealth.services.joining import hosts
from telehealth.services.own_record import own_patient
from telehealth.services.trail import Work, enter_visit, require

NEWEST = 500
"""Entries that are looked through: one person's work on one day is several of them."""
OPENINGS = frozenset({AuditAction.GLASS_BROKEN, AuditAction.RECORD_TAKEN_OUT})
"""Told however much has been read since: nobody reads so much that it is forgotten."""
BY_OPERATOR = frozenset({AuditAction.RECORD_TAKEN_OUT})
"""What whoever runs the service does by hand; the service's own work is no reading."""


@dataclass(frozen=True, slots=True)
class Reading:
    """That somebody read something of the patient's, last at `at` of that day.

    `name` is a specialist's, or that of a `program`; others are staff to the patient, or the service's
    `operator`. `own` says that it was by their own link, `reason` why it was opened in an emergency, in the
    reader's own words.
    """

    at: datetime
    name: str
    organization: str
    seen: Seen
    purpose: Purpose
    own: bool
    program: bool = False
    operator: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OwnTrailView:
    """The readings by days of the patient's own zone, newest first; `more` says that there are older ones.

    `organization` and `phone` are whom to ask about them.
    """

    visit_id: str
    organization: str
    phone: str
    zone: str
    days: list[tuple[date, list[Reading]]]
    more: bool


class OwnTrail:
    """What a patient is told of those who read their record, notes and details."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def view(self, actor: Actor) -> OwnTrailView:
        """Return who read what; raises OtherDevice for a browser that is not the patient's."""
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.writing() as uow:
            visit, patient = await own_patient(uow, actor)
            organization, _ = await hosts(uow, visit)
            entries = await uow.audit.entries(patient_id=patient.id, actions=SEEN, limit=NEWEST + 1)
            opened = await uow.audit.entries(patient_id=patient.id, actions=OPENINGS, limit=NEWEST)
            shown = {each.id: each for each in (*entries[:NEWEST], *opened)}.values()
            rows = await with_names(uow, [each for each in shown if _by_somebody(each)])
            broken = await uow.glasses.many(glasses_of(rows))
            await enter_visit(self._work, uow, actor, AuditAction.AUDIT_READ, visit, reason="own")
        days = _by_days(rows, ZoneInfo(patient.zone), broken)
        house = (organization.name, organization.phone)
        return OwnTrailView(visit.id, *house, patient.zone, days, len(entries) > NEWEST)


def _by_somebody(entry: AuditEntry) -> bool:
    return entry.actor_kind != ActorKind.SYSTEM or entry.action in BY_OPERATOR


def _by_days(
    rows: list[AuditRow], zone: ZoneInfo, broken: Mapping[str, Glass]
) -> list[tuple[date, list[Reading]]]:
    """Return each person's reading of each thing, once a day and purpose, and each broken glass."""
    days: dict[date, dict[tuple[str, ...], Reading]] = {}
    for row in rows:
        entry, seen = row.entry, SEEN[row.entry.action]
        of_day = days.setdefault(entry.at.astimezone(zone).date(), {})
        glass = broken.get(glass_of(entry.reason))
        reading = _reading(row, seen)
        if seen is Seen.OPENED and glass is not None:
            reading = replace(reading, reason=glass.reason)
        of_day.setdefault((entry.actor_id, seen, glass_of(entry.reason), reading.purpose), reading)
    return [(day, list(found.values())) for day, found in days.items()]


def _reading(row: AuditRow, seen: Seen) -> Reading:
    entry = row.entry
    program = entry.actor_kind == ActorKind.PROGRAM
    named = program or entry.actor_role == Role.SPECIALIST
    return Reading(
        at=entry.at,
        name=row.name if named else "",
        organization=row.organization,
        seen=seen,
        purpose=purpose_of(entry),
        own=entry.actor_kind == "visitor",
        program=program,
        operator=entry.actor_kind == ActorKind.SYSTEM,
    )
