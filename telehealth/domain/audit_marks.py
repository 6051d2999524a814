"""What is odd about a reading, for an officer to look at first: at night, a namesake, many at a time."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from telehealth.domain.audit import AuditEntry
from telehealth.domain.audit_kinds import AuditKind, kind_of
from telehealth.domain.people import Patient, Practitioner

NIGHT_BEGINS, NIGHT_ENDS = 22, 6
AROUND = timedelta(minutes=30)
MANY = 10
"""Patients of whom one person reads within AROUND before and after an entry, itself among them."""
LOOKED_AT = frozenset({AuditKind.RECORD, AuditKind.PATIENT})


class Mark(StrEnum):
    """What can be odd about an entry; none of it says that anything was wrong."""

    NIGHT = "night"
    NAMESAKE = "namesake"
    MANY = "many"


def marks_of(
    entry: AuditEntry,
    among: Sequence[AuditEntry],
    zone: ZoneInfo,
    person: Practitioner | None,
    patients: Mapping[str, Patient],
) -> frozenset[Mark]:
    """Return the marks of one entry `among` those shown; only staff's readings about patients have any.

    `zone` is that of the clocks that say when it is night; `patients` are those whose names are known.
    """
    if person is None or not _about_patients(entry):
        return frozenset()
    found = set()
    if not NIGHT_ENDS <= entry.at.astimezone(zone).hour < NIGHT_BEGINS:
        found.add(Mark.NIGHT)
    names = {patients[each].name.family.casefold() for each in entry.patient_ids if each in patients}
    if person.name.family and person.name.family.casefold() in names:
        found.add(Mark.NAMESAKE)
    if len(_around(entry, among)) >= MANY:
        found.add(Mark.MANY)
    return frozenset(found)


def _about_patients(entry: AuditEntry) -> bool:
    return bool(entry.patient_ids) and kind_of(entry.action) in LOOKED_AT


def _around(entry: AuditEntry, among: Sequence[AuditEntry]) -> set[str]:
    """Return the patients about whom the same person read shortly before and after."""
    same = (each for each in among if each.actor_id == entry.actor_id and _about_patients(each))
    near = (each for each in same if abs(each.at - entry.at) <= AROUND)
    return {patient for each in near for patient in each.patient_ids}
