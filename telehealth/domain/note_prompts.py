"""Templates of a note: which set of headings a specialty writes under."""

from enum import StrEnum


class Prompts(StrEnum):
    """The sets of headings; their words stand in the page, for each reader's language."""

    GENERAL = "general"
    CARDIOLOGY = "cardiology"
    DERMATOLOGY = "dermatology"
    MENTAL_HEALTH = "mental-health"
    PAEDIATRICS = "paediatrics"
    MATERNITY = "maternity"


ALIKE = {
    "psychiatry": Prompts.MENTAL_HEALTH,
    "psychology": Prompts.MENTAL_HEALTH,
    "pediatrics": Prompts.PAEDIATRICS,
    "obstetrics": Prompts.MATERNITY,
    "midwifery": Prompts.MATERNITY,
}
"""Specialties that write under the headings of another one."""


def prompts_for(specialty: str) -> Prompts:
    """Return the headings of a specialty, a word or a code; the general ones where nobody made its own."""
    word = "-".join(specialty.casefold().replace("-", " ").split())
    if word in ALIKE:
        return ALIKE[word]
    return next((each for each in Prompts if each == word), Prompts.GENERAL)
