"""The clinical note of a visit: one author's draft, then signed and locked, then addenda (Composition)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.sentences import say

UNTYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters that no keyboard types: all of C0 but tab, line feed and carriage return."""
FIELD_LIMIT = 20_000
"""Characters per free-text field; a careful hospital letter has about 6,000."""


class NoteState(StrEnum):
    """Where a note stands."""

    DRAFT = "draft"
    SIGNED = "signed"


class Outcome(StrEnum):
    """What was agreed at the end of the visit."""

    NONE = ""
    NO_FOLLOW_UP = "no-follow-up"
    FOLLOW_UP_VIDEO = "follow-up-video"
    FOLLOW_UP_IN_PERSON = "follow-up-in-person"
    REFERRED = "referred"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class NoteContent:
    """What the author wrote. `when` is free text such as "2 weeks"."""

    history: str = ""
    findings: str = ""
    assessment: str = ""
    plan: str = ""
    outcome: Outcome = Outcome.NONE
    when: str = ""

    def __post_init__(self) -> None:
        """Refuse fields beyond their limit and control characters that no keyboard types."""
        for field in ("history", "findings", "assessment", "plan", "when"):
            text: str = getattr(self, field)
            limit = FIELD_LIMIT if field != "when" else 200
            if len(text) > limit:
                detail = say("At most {count} characters, please.", count=limit)
                raise BadInput(FieldProblem(field, "too-long", detail))
            if UNTYPED.search(text):
                raise BadInput(
                    FieldProblem(field, "control-character", "There is an unreadable character in here.")
                )

    def check_agreed(self) -> None:
        """Refuse to sign what the patient would read as two answers: no follow-up, and a time for one."""
        if self.outcome is Outcome.NO_FOLLOW_UP and self.when.strip():
            raise BadInput(
                FieldProblem("when", "no-follow-up", "Where no follow-up is needed, leave When empty.")
            )

    @property
    def empty(self) -> bool:
        """Whether nothing has been written."""
        return not any((self.history, self.findings, self.assessment, self.plan, self.outcome, self.when))


@dataclass(frozen=True, slots=True)
class Note:
    """The note of one visit by one author. `version` counts saves; a signed one names its Composition.

    `language` is what the author's page spoke when it was signed; empty before, and where nobody knows.
    `number` counts an author's notes of a visit: where one was taken out of the record, a new one may follow,
    whose versions go on from there.
    """

    id: str
    visit_id: str
    patient_id: str
    author_id: str
    organization_id: str
    state: NoteState
    content: NoteContent
    version: int
    updated_at: datetime
    signed_at: datetime | None = None
    composition_id: str = ""
    language: str = ""
    number: int = 1

    def anew(self, identifier: str, now: datetime) -> Self:
        """Return the empty draft of the note that follows this one."""
        return replace(
            self,
            id=identifier,
            state=NoteState.DRAFT,
            content=NoteContent(),
            version=self.version + 1,
            updated_at=now,
            signed_at=None,
            composition_id="",
            language="",
            number=self.number + 1,
        )

    def sign(self, now: datetime, language: str) -> Self:
        """Return the signed note: its next version, whose Composition has the note's id."""
        return replace(
            self,
            state=NoteState.SIGNED,
            version=self.version + 1,
            updated_at=now,
            signed_at=now,
            composition_id=self.id,
            language=language,
        )


@dataclass(frozen=True, slots=True)
class Addendum:
    """What was added to a signed note, by whom and when."""

    id: str
    note_id: str
    visit_id: str
    patient_id: str
    author_id: str
    organization_id: str
    text: str
    added_at: datetime
