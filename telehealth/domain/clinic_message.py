"""One-way messages from the clinic to somebody who waits: prepared in the reader's language, or own words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

TEXT_LIMIT = 500


class Prepared(StrEnum):
    """What a clinic often says, by name; the sentences stand in the patient's pages. OWN: other words."""

    OWN = ""
    MEDICINES = "medicines"
    NEARLY = "nearly"
    PLACE = "place"
    CAMERA = "camera"
    PHONING = "phoning"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said: a prepared sentence, or a text in a language (BCP 47)."""

    prepared: Prepared
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ClinicMessage:
    """A message to the patient of one visit. `text` and its `language` are empty for a prepared one."""

    id: str
    visit_id: str
    patient_id: str
    organization_id: str
    author_id: str
    sent_at: datetime
    prepared: Prepared
    text: str = ""
    language: str = ""
