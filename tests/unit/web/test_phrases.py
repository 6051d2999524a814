"""Every phrase that may be said in a call has its sentence, and is offered to one side or the other."""

import re
from pathlib import Path

from telehealth.domain.conversation import PROBLEMS, Phrase

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
PHRASES = (TEMPLATES / "patient" / "phrases.html").read_text("utf-8")
STAFF = (TEMPLATES / "staff" / "talk.html").read_text("utf-8")


def offered(name: str, page: str) -> list[str]:
    [found] = re.findall(rf"{{% set {name} = \(([^)]*)\)", page)
    return re.findall(r'"([a-z-]+)"', found)


def test_every_phrase_has_one_sentence() -> None:
    named = re.findall(r'\("([a-z-]+)", _\(', PHRASES)
    assert sorted(named) == sorted(set(Phrase) - {Phrase.OWN})


def test_each_phrase_is_offered_to_somebody() -> None:
    doctors, patients = offered("OFFERED", STAFF), offered("ANSWERS", PHRASES)
    assert set(offered("PROBLEMS", PHRASES)) == PROBLEMS
    assert len(doctors) == 12
    assert {*doctors, *patients} == set(Phrase) - PROBLEMS - {Phrase.OWN}
