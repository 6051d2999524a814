"""Who treats a patient: whose visits with them are within their window (record.md, Access and audit)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from telehealth.domain.consultation import Consultation, VisitStatus

BEFORE = timedelta(days=7)
"""A visit's window opens so long before it: a clinic prepares the week that it sees in its calendar.

record.md gives a relation to the "participant of an Appointment/Encounter within its window" and leaves the
length to us; as much as the work before and after a visit needs, and nothing that lasts for life.
"""
AFTER = timedelta(days=30)
"""So long after one that took place: results arrive that were asked for, letters and addenda are written."""
AFTER_NOBODY_CAME = timedelta(days=1)
"""Where nobody was seen there is only a new time to be found."""
TOOK_PLACE = frozenset({VisitStatus.IN_PROGRESS, VisitStatus.FINISHED, VisitStatus.COMPLETED})


@dataclass(frozen=True, slots=True)
class Meeting:
    """A visit of one practitioner and one patient with the hours of its appointment.

    `by_practitioner` says that the practitioner gave it to themselves, and nobody else has moved it since.
    """

    visit: Consultation
    start: datetime
    end: datetime
    by_practitioner: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is one at all: neither called off nor a test of the line."""
        return self.visit.status is not VisitStatus.CANCELLED and not self.visit.test

    @property
    def met(self) -> bool:
        """Whether the patient had a part in it: agreed by their link, or was asked who they are.

        What a practitioner alone says of a visit that they gave to themselves does not show that anybody was
        there: a phone call and a confirmation are two presses of theirs.
        """
        asked = self.visit.confirmation is not None and not self.by_practitioner
        return asked or self.visit.consent_at is not None

    def within(self, now: datetime) -> bool:
        """Whether its window is open."""
        over = max(self.end, self.visit.ended_at or self.end)
        stays = AFTER if self.visit.status in TOOK_PLACE else AFTER_NOBODY_CAME
        return self.start - BEFORE <= now < over + stays


class Withheld(StrEnum):
    """Why somebody with a visit does not read the record of its patient."""

    CONSENT = "consent"
    """The patient keeps it from them."""
    WINDOW = "window"
    """None of their visits is near."""
    UNMET = "unmet"
    """The only one that is they gave to themselves, and the patient has agreed to none by their link yet."""


def in_care(meetings: Sequence[Meeting], now: datetime) -> bool:
    """Whether one of these visits of a practitioner and a patient lets the one read the other's record.

    What practitioners give to themselves opens no record of somebody whom they have never met: else
    everybody could open every record by a booking. It does once somebody else has moved it.
    """
    known = any(each.met and each.visit.status in TOOK_PLACE for each in _counting(meetings))
    near = [each for each in _counting(meetings) if each.within(now)]
    return any(known or each.met or not each.by_practitioner for each in near)


def outside(meetings: Sequence[Meeting], now: datetime) -> Withheld | None:
    """Return why visits do not let the practitioner read; None where they do, or where there are none."""
    counting = list(_counting(meetings))
    if not counting or in_care(counting, now):
        return None
    return Withheld.UNMET if any(each.within(now) for each in counting) else Withheld.WINDOW


def _counting(meetings: Iterable[Meeting]) -> Iterable[Meeting]:
    return (each for each in meetings if each.counts)
