"""Odd patterns of reading that a privacy officer is told of by themselves; none says that anything was wrong.

A page of the log marks the same three (`audit_marks.py`) by other rules, for it knows no more than it shows:
there all counts that staff do with records and patients, night is by the officer's clocks, visit or not, and
many are those within half an hour before and after. Here only readings count, for many and at night those of
records; night is by the clocks of the reader's site, a visit explains it, and an hour ends with the reading.
"""

from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from telehealth.domain.audit import AuditEntry, AuditOutcome
from telehealth.domain.audit_kinds import SEEN, Seen
from telehealth.domain.audit_marks import MANY, NIGHT_BEGINS, NIGHT_ENDS
from telehealth.domain.glass import EMERGENCY
from telehealth.domain.people import Patient, Practitioner

WITHIN = timedelta(hours=1)
AROUND = timedelta(hours=2)
"""A reading so long before or after something in a visit of the same two people is part of it."""
OF_RECORD = frozenset({Seen.NOTES, Seen.RECORD, Seen.WORDS, Seen.RECORDING})
"""A desk looks up many people, and at any hour; nobody reads many records."""


class Pattern(StrEnum):
    """What is odd."""

    NAMESAKE = "namesake"
    MANY = "many"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Alert:
    """That a member of staff read oddly on a `day` of their site's clocks, first at `at`.

    About one patient, or, where it is about how many, none is named. There is one of a pattern, person,
    patient and day. `organization_id` is the reader's house.
    """

    id: str
    pattern: Pattern
    organization_id: str
    practitioner_id: str
    patient_id: str
    day: str
    at: datetime
    seen_at: datetime | None = None
    seen_by: str = ""
    version: int = 0

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What there is one of."""
        return self.pattern.value, self.practitioner_id, self.patient_id, self.day


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of those in the log: who they are, whom they read, the zones of their sites.

    `visits` are patients and instants at which something happened in a visit of the same practitioner.
    """

    people: Mapping[str, Practitioner]
    patients: Mapping[str, Patient]
    zones: Mapping[str, str]
    visits: Mapping[tuple[str, str], Collection[datetime]]


def is_reading(entry: AuditEntry) -> bool:
    """Whether staff have read something about a patient."""
    done = entry.outcome is AuditOutcome.SUCCESS and bool(entry.patient_ids)
    return done and entry.actor_kind == "staff" and entry.action in SEEN and SEEN[entry.action] != Seen.OPENED


def alerts_of(entries: Sequence[AuditEntry], known: Known, since: datetime) -> Iterator[Alert]:
    """Walk over what is odd about readings from `since` on, oldest first, each once; ids are left empty.

    Earlier entries count among many, and are not told again.
    """
    told: set[tuple[str, str, str, str]] = set()
    lately: dict[str, Lately] = {}
    for entry in sorted(filter(is_reading, entries), key=lambda each: (each.at, each.id)):
        many = lately.setdefault(entry.actor_id, Lately()).patients_with(entry)
        person = known.people.get(entry.actor_id)
        if person is None or entry.at < since:
            continue
        for each in _odd(entry, person, known, many=many >= MANY):
            if each.key not in told:
                told.add(each.key)
                yield each


class Lately:
    """Whose records one person has read within an hour; it is given their readings, oldest first."""

    def __init__(self) -> None:
        self._read: deque[AuditEntry] = deque()
        self._times = Counter[str]()

    def patients_with(self, entry: AuditEntry) -> int:
        """Return of how many patients that is in the hour that ends with an entry, which counts, too."""
        if _counts(entry):
            self._read.append(entry)
            self._times.update(entry.patient_ids)
        while self._read and entry.at - self._read[0].at > WITHIN:
            for each in self._read.popleft().patient_ids:
                self._times[each] -= 1
                if not self._times[each]:
                    del self._times[each]
        return len(self._times)


def _odd(entry: AuditEntry, person: Practitioner, known: Known, *, many: bool) -> Iterator[Alert]:
    local = entry.at.astimezone(ZoneInfo(known.zones.get(person.id, "UTC")))
    found = [(Pattern.NAMESAKE, each) for each in entry.patient_ids if _namesake(person, each, known)]
    if many and _counts(entry):
        found.append((Pattern.MANY, ""))
    if SEEN[entry.action] in OF_RECORD and not NIGHT_ENDS <= local.hour < NIGHT_BEGINS:
        alone = [each for each in entry.patient_ids if not _in_visit(entry, each, known)]
        found += [(Pattern.NIGHT, each) for each in alone]
    for pattern, patient_id in found:
        day = local.date().isoformat()
        yield Alert("", pattern, entry.organization_id, person.id, patient_id, day, entry.at)


def _counts(entry: AuditEntry) -> bool:
    """Whether a reading counts among many: of a record, or of whom an emergency search has found."""
    return SEEN[entry.action] in OF_RECORD or entry.reason == EMERGENCY


def _namesake(person: Practitioner, patient_id: str, known: Known) -> bool:
    patient = known.patients.get(patient_id)
    family = person.name.family.casefold()
    return patient is not None and bool(family) and patient.name.family.casefold() == family


def _in_visit(entry: AuditEntry, patient_id: str, known: Known) -> bool:
    around = known.visits.get((entry.actor_id, patient_id), ())
    return any(abs(each - entry.at) <= AROUND for each in around)
