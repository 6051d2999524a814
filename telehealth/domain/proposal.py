"""A free time as an id that can be held and booked later: free times are computed, so nothing stores them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

MARK = 10
"""Hexadecimal digits of a mark: 40 bits tell the specialists and services of a cluster apart."""
LONGEST = 64
"""Characters of an id in FHIR R4."""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PACKED = re.compile(r"([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})")
FORM = re.compile(rf"([0-9a-f]{{1,8}})\.([0-9a-f]{{{MARK}}})\.([0-9a-f]{{{MARK}}})\.(.*)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an id says: the instant, marks of service and specialist, and the patient it was asked for."""

    start: datetime
    service_mark: str
    practitioner_mark: str
    patient_id: str

    @property
    def id(self) -> str:
        """The id, at most 64 letters, digits, dots and dashes."""
        patient = self.patient_id.replace("-", "") if UUID.fullmatch(self.patient_id) else self.patient_id
        seconds = int(self.start.timestamp())
        return f"{seconds:x}.{self.service_mark}.{self.practitioner_mark}.{patient}"


def mark(identifier: str) -> str:
    """Return a short mark of an id, to be compared with the marks of those that are known."""
    return sha256(identifier.encode()).hexdigest()[:MARK]


def read_proposal(identifier: str) -> Proposal | None:
    """Return what an id says, or None when it is no proposal's."""
    parts = FORM.fullmatch(identifier) if len(identifier) <= LONGEST else None
    if parts is None:
        return None
    seconds, service, practitioner, patient = parts.groups()
    packed = PACKED.fullmatch(patient)
    patient_id = "-".join(packed.groups()) if packed else patient
    return Proposal(datetime.fromtimestamp(int(seconds, 16), UTC), service, practitioner, patient_id)
