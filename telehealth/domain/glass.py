"""Breaking the glass: reading a record in an emergency, for a reason, for a while, to be reviewed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OPEN_FOR = timedelta(minutes=60)
WITHIN = timedelta(hours=1)
MOST_WITHIN = 3
"""So many records one person opens this way within WITHIN: an emergency has few patients."""
NOT_AGAIN = timedelta(days=30)
"""For so long whoever opened a record without a reason that an officer took does not open it so again."""
SHORTEST, LONGEST = 15, 1000
"""Characters of a reason, and of a reviewer's words: "urgent" tells nobody anything."""
EMERGENCY = "emergency"
"""The first word of the reason of entries that were made behind a broken glass.

Its id follows, and behind a comma what else is to be said. It stands alone where somebody was searched for:
no glass is broken yet.
"""


class Finding(StrEnum):
    """What the review of a broken glass has found."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@dataclass(frozen=True, slots=True)
class Glass:
    """One patient's record, opened by one practitioner without a care relationship, until `until`.

    `organization_id` manages the record, `reader_organization_id` is the practitioner's house; officers of
    both are told. `reason` and `words` are the practitioner's and the reviewer's own.
    """

    id: str
    patient_id: str
    organization_id: str
    practitioner_id: str
    reader_organization_id: str
    opened_at: datetime
    until: datetime
    reason: str
    reviewed_at: datetime | None = None
    reviewer_id: str = ""
    finding: Finding | None = None
    words: str = ""
    version: int = 0

    def is_open(self, now: datetime) -> bool:
        """Whether the record can be read."""
        return self.opened_at <= now < self.until

    def bars(self, now: datetime) -> bool:
        """Whether its finding keeps the same person from opening the same record anew."""
        return self.finding is Finding.UNJUSTIFIED and now < self.opened_at + NOT_AGAIN

    @property
    def mark(self) -> str:
        """The reason that entries behind it carry."""
        return f"{EMERGENCY} {self.id}"


def glass_of(reason: str) -> str:
    """Return the id of the glass that an entry was made behind, empty where there was none."""
    word, _, id_ = reason.partition(" ")
    return id_.partition(",")[0] if word == EMERGENCY else ""
