"""A clinician's own texts: one word names each, and of what stands in braces two are filled in."""

import pytest

from telehealth.domain.errors import BadInput
from telehealth.domain.snippets import MOST, TEXT_LIMIT, Snippet, Snippets

NONE = Snippets("amara", "hospital")


def test_two_places_are_filled_in_and_everything_else_stays() -> None:
    text = Snippet("a", "{name}, {age} years. {name} {other} {{age}} ___")
    filled = text.filled({"name": "Bo {age}", "age": "65"})
    assert filled.text == "Bo {age}, 65 years. Bo {age} {other} {65} ___"


def test_they_are_kept_by_name_changed_renamed_and_taken_out() -> None:
    two = NONE.kept("normal", "Well.").kept("cough", "Cough.")
    assert [each.name for each in two.texts] == ["cough", "normal"]
    renamed = two.kept("fine", "Fine.", instead="normal")
    assert renamed.texts == (Snippet("cough", "Cough."), Snippet("fine", "Fine."))
    assert renamed.kept("fine", "Finer.", instead="fine").texts[1] == Snippet("fine", "Finer.")
    assert (renamed.without("cough").texts, renamed.version) == ((Snippet("fine", "Fine."),), 3)


@pytest.mark.parametrize("name", ["", "two words", ".dot", "a" * 31, "-dash", "_under", "a.b", "a\n"])
def test_a_name_is_one_word(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        NONE.kept(name, "Well.")
    assert [(each.field, each.code) for each in refused.value.problems] == [("name", "not-a-word")]


@pytest.mark.parametrize("name", ["normal", "قلب", "ልብ", "2-weeks", "a_b"])
def test_a_word_may_be_of_any_script(name: str) -> None:
    assert NONE.kept(name, "Well.").texts == (Snippet(name, "Well."),)


@pytest.mark.parametrize("text", ["", " \n", "a" * (TEXT_LIMIT + 1), "a\x00b", "a\u202eb"])
def test_a_text_can_be_read(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        NONE.kept("normal", text)
    assert [each.field for each in refused.value.problems] == ["text"]


def test_a_name_is_given_once_and_there_is_an_end() -> None:
    full = NONE
    for at in range(MOST):
        full = full.kept(f"n{at}", "Well.")
    for name, code in (("n1", "taken"), ("more", "too-many")):
        with pytest.raises(BadInput) as refused:
            full.kept(name, "Well.")
        assert [each.code for each in refused.value.problems] == [code]
    assert len(full.kept("more", "Well.", instead="n1").texts) == MOST
