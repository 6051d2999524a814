"""What a patient must not be given, or that nothing of the kind is known: silence says neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SUBSTANCE_LIMIT = 120
REACTION_LIMIT = 200
MOST_ALLERGIES = 50
SHOWN = 300
"""Characters of a text that are shown: who writes from outside may write whole books."""


@dataclass(frozen=True, slots=True)
class Allergy:
    """An allergy or intolerance that holds now; `none` says that none is known, and nothing else.

    `severe` where the next reaction may be life-threatening (FHIR R4 AllergyIntolerance.criticality high).
    """

    id: str
    substance: str = ""
    reaction: str = ""
    severe: bool = False
    none: bool = False


class Known(StrEnum):
    """What the record says about a patient's allergies as a whole."""

    SOME = "some"
    NONE = "none"
    UNRECORDED = "unrecorded"


class Over(StrEnum):
    """Why an allergy stands there no longer: the patient has it no more, or it was a mistake."""

    RESOLVED = "resolved"
    MISTAKEN = "mistaken"


def known(allergies: Sequence[Allergy]) -> Known:
    """Return what these say together."""
    if real(allergies):
        return Known.SOME
    return Known.NONE if allergies else Known.UNRECORDED


def real(allergies: Sequence[Allergy]) -> list[Allergy]:
    """Return what the patient is allergic to, what threatens their life first."""
    found = [each for each in allergies if not each.none]
    return sorted(found, key=lambda each: (not each.severe, each.substance.casefold()))


def same(allergies: Sequence[Allergy], substance: str) -> Allergy | None:
    """Return the one for this substance, however it is written, if there is one."""
    wanted = _plain(substance)
    return next((each for each in real(allergies) if _plain(each.substance) == wanted), None)


def shown(text: str) -> str:
    """Return what is shown of a text; all of it stays in the record."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1].rstrip()}…"


def _plain(substance: str) -> str:
    return " ".join(substance.casefold().split())
