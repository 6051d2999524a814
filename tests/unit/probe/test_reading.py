"""Reading back: the narrative gives back what was typed, and any difference is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from telehealth.fhir.text import narrative, paragraphs
from telehealth.probe.answer import Answer
from telehealth.probe.reading import compare
from telehealth.probe.trouble import Trouble
from telehealth.probe.writing import Written, typed

TYPED = some.text(some.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1)


@given(TYPED)
def test_every_text_comes_back_to_the_letter(text: str) -> None:
    assert "".join(paragraphs(narrative(text))) == text


class FixedChance:
    def token(self, length: int) -> bytes:
        return bytes(length)


def written() -> Written:
    return Written(typed(FixedChance()), "c1")  # type: ignore[arg-type]


def composition(**changes: str) -> Answer:
    fields = written().fields
    titles = {
        "History": fields["history"],
        "Findings": fields["findings"],
        "Assessment": fields["assessment"],
        "Plan": fields["plan"],
        "Outcome": "follow-up-video: 2 weeks",
    }
    sections = [
        {"title": title, "text": narrative(text)} for title, text in (titles | changes).items() if text
    ]
    return Answer({"section": sections}, "GET /fhir/R4/Composition/c1")


def test_a_record_that_holds_what_was_typed_passes() -> None:
    compare(composition(), written())


@pytest.mark.parametrize("title", ["History", "Findings", "Assessment", "Plan", "Outcome"])
@pytest.mark.parametrize("text", ["something else", ""])
def test_a_section_that_differs_or_is_missing_is_named(title: str, text: str) -> None:
    with pytest.raises(Trouble, match=f"section '{title}' is not what was typed"):
        compare(composition(**{title: text}), written())
