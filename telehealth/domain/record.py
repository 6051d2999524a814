"""One stored version of a FHIR resource in the shared record, as text that is returned to the letter."""

from dataclasses import dataclass
from datetime import datetime


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
