"""One stored version of a FHIR resource in the shared record, as text that is returned to the letter."""

from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.access import Permission


@dataclass(frozen=True, slots=True)
class ResourceVersion:
    """A FHIR R4 resource at one version; `text` is the JSON as it goes out, `version` counts from 1."""

    type: str
    id: str
    version: int
    patient_id: str
    organization_id: str
    updated_at: datetime
    text: str


Mark = tuple[datetime, str]
"""Where a resource stands among a patient's: by its last change, then by its id."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a resource's version while it stays sealed; `size` is about its bytes."""

    id: str
    version: int
    updated_at: datetime
    size: int

    @property
    def mark(self) -> Mark:
        """Where it stands in the order of changes."""
        return self.updated_at, self.id


FROM_OUTSIDE: dict[str, Permission] = {
    "Observation": Permission.OBSERVATION_WRITE,
    "DiagnosticReport": Permission.REPORT_WRITE,
    "AllergyIntolerance": Permission.INTOLERANCE_WRITE,
    "Condition": Permission.CONDITION_WRITE,
    "MedicationRequest": Permission.PRESCRIPTION_WRITE,
    "MedicationStatement": Permission.MEDICATION_WRITE,
    "Immunization": Permission.IMMUNIZATION_WRITE,
    "ServiceRequest": Permission.REFERRAL_WRITE,
    "CarePlan": Permission.CARE_PLAN_WRITE,
    "Goal": Permission.GOAL_WRITE,
    "CareTeam": Permission.CARE_TEAM_WRITE,
    "DocumentReference": Permission.DOCUMENT_WRITE,
}
"""What is taken from outside as it comes, and who may write it."""
FILED = ("Composition", "Consent", "Encounter", "Patient", "Provenance")
"""What the service alone files; allergies it files, too."""
READABLE = (*FILED, *FROM_OUTSIDE)
"""All that is read in the shared record."""
