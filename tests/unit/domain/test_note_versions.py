"""What differs between two versions of a note, word by word and section by section."""

import random
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.note_versions import TOKENS_LIMIT, Change, Fate, Piece, Section, changes, difference

WORDS = st.lists(st.sampled_from(["a", "b", "c ", "d\n", "é", "قلب", "  "]), max_size=30).map("".join)


def told(before: str, after: str) -> str:
    """The difference as people write it: [-gone-] and {+come+}."""
    around = {Fate.SAME: "{}", Fate.REMOVED: "[-{}-]", Fate.ADDED: "{{+{}+}}"}
    return "".join(around[each.fate].format(each.text) for each in difference(before, after))


def test_a_changed_word_stands_beside_the_one_before() -> None:
    assert told("Rest for two days.", "Rest for three days.") == "Rest for[- two-]{+ three+} days."
    assert told("Rest.", "Rest. Drink water.") == "Rest.{+ Drink water.+}"
    assert told("Fever and cough.", "Cough.") == "[-Fever and cough.-]{+Cough.+}"


def test_white_space_alone_is_no_difference() -> None:
    assert told("Rest \n for two days", "Rest for two days ") == "Rest for two days"
    assert changes([Section("plan", "Rest  now")], [Section("plan", "Rest now")]) == []


def test_texts_with_little_in_common_are_told_as_one_for_the_other() -> None:
    gone, come = "The patient has a cough and a fever.", "The knee hurts since Monday, no swelling was seen."
    assert told(gone, come) == f"[-{gone}-]{{+{come}+}}"
    assert told("", come) == f"{{+{come}+}}"
    assert told(gone, "") == f"[-{gone}-]"
    assert told("", "") == ""


def test_long_texts_are_compared_by_lines() -> None:
    lines = [f"line {at} with {at * 7} words\n" for at in range(TOKENS_LIMIT)]
    changed = [line.replace("words", "letters") if at % 2 else line for at, line in enumerate(lines)]
    found = difference("".join(lines), "".join(changed))
    assert {each.text.count("\n") for each in found if each.fate is Fate.REMOVED} == {1}
    assert "".join(each.text for each in found if each.fate is not Fate.REMOVED) == "".join(changed)


def test_an_empty_line_more_is_no_difference_in_a_long_text_either() -> None:
    lines = [f"{at} " * 60 + "\n" for at in range(20)]
    changed = ["new\n", *lines[:10], "\n", *lines[10:], "end\n"]
    found = difference("".join(lines), "".join(changed))
    assert [each.fate for each in found] == [Fate.ADDED, Fate.SAME, Fate.ADDED]


def test_what_is_too_long_for_that_is_told_whole_and_at_once() -> None:
    chance = random.Random(3)
    one, other = ["\n".join(chance.choice("ab") for _ in range(20_000)) for _ in range(2)]
    began = perf_counter()
    assert difference(one, other) == (Piece(Fate.REMOVED, one), Piece(Fate.ADDED, other))
    assert perf_counter() - began < 1


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_the_difference(before: str, after: str) -> None:
    found = difference(before, after)
    new = "".join(each.text for each in found if each.fate is not Fate.REMOVED)
    old = "".join(each.text for each in found if each.fate is not Fate.ADDED)
    assert new.split() == after.split()
    assert "".join(old.split()) == "".join(before.split())


def test_sections_are_compared_by_their_names_and_addenda_by_their_order() -> None:
    before = [Section("history", "Cough."), Section("plan", "Rest."), Section("addendum", "Better.")]
    after = [Section("history", "Cough."), Section("addendum", "Better."), Section("addendum", "Well.")]
    assert changes(before, after) == [
        Change("addendum", 2, (Piece(Fate.ADDED, "Well."),)),
        Change("plan", 1, (Piece(Fate.REMOVED, "Rest."),)),
    ]
    assert changes([], after[:1]) == [Change("history", 1, (Piece(Fate.ADDED, "Cough."),))]
