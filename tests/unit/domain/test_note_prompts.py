"""Which headings a specialty writes under."""

import pytest

from telehealth.domain.note_prompts import Prompts, prompts_for


@pytest.mark.parametrize(
    "specialty, prompts",
    [
        ("Cardiology", Prompts.CARDIOLOGY),
        ("mental-health", Prompts.MENTAL_HEALTH),
        ("Mental  health", Prompts.MENTAL_HEALTH),
        ("Psychiatry", Prompts.MENTAL_HEALTH),
        ("Obstetrics", Prompts.MATERNITY),
        ("Herzchirurgie", Prompts.GENERAL),
        ("", Prompts.GENERAL),
    ],
)
async def test_a_specialty_has_its_own_headings_or_the_general_ones(specialty: str, prompts: Prompts) -> None:
    assert prompts_for(specialty) is prompts
