"""Every phrase that may be said in a call has its sentence on both sides' pages."""

import re
from pathlib import Path

import pytest

from telehealth.domain.conversation import PROBLEMS, Phrase

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
SENTENCE = re.compile(r'\("([a-z-]+)", _\(\'([^\']+)\'\)\)')
OFFERED = re.compile(r"{% set (OFFERED|ANSWERS|PROBLEMS) = \(([^)]*)\)", re.DOTALL)


def page(side: str) -> str:
    return (TEMPLATES / side / "phrases.html").read_text("utf-8")


def offered(side: str) -> dict[str, set[str]]:
    return {name: set(re.findall(r'"([a-z-]+)"', list_)) for name, list_ in OFFERED.findall(page(side))}


@pytest.mark.parametrize("side", ["patient", "staff"])
def test_every_phrase_has_one_sentence(side: str) -> None:
    named = [name for name, _ in SENTENCE.findall(page(side))]
    assert sorted(named) == sorted(set(Phrase) - {Phrase.OWN})


def test_both_sides_say_the_same_in_english() -> None:
    assert SENTENCE.findall(page("patient")) == SENTENCE.findall(page("staff"))


def test_each_phrase_is_offered_to_somebody() -> None:
    patient, staff = offered("patient"), offered("staff")
    assert patient["PROBLEMS"] == PROBLEMS
    assert len(staff["OFFERED"]) == 12
    assert patient["ANSWERS"] | staff["OFFERED"] == set(Phrase) - PROBLEMS - {Phrase.OWN}
