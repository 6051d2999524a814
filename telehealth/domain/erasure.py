"""Erasing a patient for good: on what ground, when it may not be, and what is left to be seen of them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from telehealth.domain.people import Gender, HumanName, Patient

NOBODY = "—"


class Ground(StrEnum):
    """Why somebody is erased.

    `retention`: the time is over for which their record has to be kept. `request`: they have asked for it;
    the duty to keep it comes first. `mistake`: there is no such patient, they were entered twice or for a
    trial. `court`: somebody who may has ordered it.
    """

    RETENTION = "retention"
    REQUEST = "request"
    MISTAKE = "mistake"
    COURT = "court"


AT_ONCE = frozenset({Ground.MISTAKE, Ground.COURT})
"""Grounds that do not wait until the record needs not be kept any longer."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """A patient who is erased: from `begun_at` on there is no way back, at `done_at` nothing is left."""

    patient_id: str
    organization_id: str
    because: Ground
    begun_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A record that must not be erased, whatever else permits it, until somebody takes the word back."""

    patient_id: str
    organization_id: str
    set_at: datetime
    reason: str


def kept_until(last: datetime | None, years: int) -> datetime | None:
    """Return until when a record is kept whose last entry is of then; None where there is none."""
    if last is None:
        return None
    try:
        return last.replace(year=last.year + years)
    except ValueError:
        return last.replace(year=last.year + years, month=3, day=1)


def erased(patient_id: str, organization_id: str) -> Patient:
    """Return what lists show in the place of a patient who was erased."""
    name, never = HumanName("", NOBODY), date(1, 1, 1)
    return Patient(patient_id, organization_id, name, never, Gender.UNKNOWN, "en", "", "", (), "UTC")
