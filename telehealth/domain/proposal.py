"""A free time as an id that can be held and booked later: free times are computed, so nothing stores them."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from telehealth.domain.modality import Modality

MARK = 5
"""Bytes of a mark: 40 bits tell the specialists, services and resources of a cluster apart."""
LONGEST = 64
"""Characters of an id in FHIR R4, which are those of base64 with - and . instead of + and /."""
FORM = re.compile(r"p[A-Za-z0-9.-]+", re.ASCII)
A_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
AN_ID = re.compile(r"[A-Za-z0-9.-]*", re.ASCII)
SECONDS, PATIENT = 4, 16
MARKS = SECONDS + 5 * MARK
HEAD = MARKS + 1
WAYS = (None, *Modality)
"""One byte says how the visit is to take place; 0 as the service's do first of all."""
NO_MARKS = ("", "", "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an id says: the instant, marks of service and specialist, and the patient it was asked for.

    `need_marks` are marks of what is needed, in the order of `NEEDED` (see resources.py), empty for nothing.
    """

    start: datetime
    service_mark: str
    practitioner_mark: str
    patient_id: str
    need_marks: tuple[str, str, str] = NO_MARKS
    way: Modality | None = None

    @property
    def id(self) -> str:
        """The id, 63 letters, digits, dots and dashes for a patient whose id is a UUID."""
        marks = (self.service_mark, self.practitioner_mark, *self.need_marks)
        packed = b"".join(bytes.fromhex(each) or bytes(MARK) for each in marks)
        whom = self.patient_id
        patient = UUID(whom).bytes if A_UUID.fullmatch(whom) else whom.encode()
        whole = (
            int(self.start.timestamp()).to_bytes(SECONDS) + packed + bytes([WAYS.index(self.way)]) + patient
        )
        return "p" + b64encode(whole, b"-.").decode().rstrip("=")


def mark(identifier: str) -> str:
    """Return a short mark of an id, to be compared with the marks of those that are known."""
    return sha256(identifier.encode()).hexdigest()[: 2 * MARK]


def read_proposal(identifier: str) -> Proposal | None:
    """Return what an id says, or None when it is no proposal's."""
    if len(identifier) > LONGEST or not FORM.fullmatch(identifier):
        return None
    text = identifier[1:]
    try:
        whole = b64decode(text + "=" * (-len(text) % 4), b"-.")
        patient, way = _patient(whole[HEAD:]), WAYS[whole[MARKS]]
    except (ValueError, IndexError):
        return None
    marks = [whole[at : at + MARK] for at in range(SECONDS, MARKS, MARK)]
    service, practitioner, *needs = [each.hex() if any(each) else "" for each in marks]
    start = datetime.fromtimestamp(int.from_bytes(whole[:SECONDS]), UTC)
    found = Proposal(start, service, practitioner, patient, (needs[0], needs[1], needs[2]), way)
    return found if found.id == identifier else None


def _patient(packed: bytes) -> str:
    """Return the patient's id, empty for nobody; raises ValueError for what cannot be one."""
    if len(packed) == PATIENT:
        return str(UUID(bytes=packed))
    found = packed.decode("ascii")
    if not AN_ID.fullmatch(found):
        raise ValueError(found)
    return found
