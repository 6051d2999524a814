"""What a patient permits and denies about their record; where they say nothing, who treats them reads it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Sharing(StrEnum):
    """Whose people may read the record while they treat the patient."""

    ALL = "all"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Consent:
    """A patient's present word. `organization_id` manages the record and is the house of `Sharing.HOUSE`.

    `denied` are practitioners who may not read it though they treat the patient; `emergencies` says whether
    the glass may be broken, `programs` whether programs have anything to do with the record. `version` counts
    from 1; 0 is the silence of who has said nothing.

    None of it takes away what a visit itself shows its specialist: their own notes, and, for the patient's
    safety, the allergies. The page on which the patient says it tells them so.
    """

    id: str
    patient_id: str
    organization_id: str
    given_at: datetime
    sharing: Sharing = Sharing.ALL
    denied: tuple[str, ...] = ()
    emergencies: bool = True
    version: int = 0
    programs: bool = True

    def forbids(self, practitioner_id: str, organization_id: str) -> bool:
        """Whether this person, of this house, may not read the record although they treat the patient."""
        elsewhere = self.sharing is Sharing.HOUSE and organization_id != self.organization_id
        return elsewhere or practitioner_id in self.denied
