"""A signed note in the shared record, as somebody reads it who was not there: its sections as text."""

import json
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.note_versions import Section
from telehealth.fhir.composition import sections_from_fhir
from telehealth.fhir.text import Resource

WRONG = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Noted:
    """One note: when it was last signed or added to, by whom it is, and what it says, field by field."""

    at: datetime
    author_id: str
    parts: tuple[Section, ...]


def noted(text: str) -> Noted | None:
    """Return what a stored Composition says; None where it was entered in error."""
    resource: Resource = json.loads(text)
    if resource.get("status") == WRONG:
        return None
    author = resource["author"][0].get("reference", "")
    at = datetime.fromisoformat(resource["date"])
    return Noted(at, author.partition("/")[2], tuple(sections_from_fhir(resource)))
