"""Chords: what can be chosen, what is refused in words, and what an older or newer release has kept."""

import pytest

from telehealth.domain.errors import BadInput
from telehealth.domain.preferences import CHORDS, Chords, Preferences


def test_the_usual_chords_can_be_kept() -> None:
    Chords().check()


def test_no_chord_at_all_can_be_kept() -> None:
    Chords("", "", "", "", "", "").check()


def test_two_actions_never_share_a_chord_and_both_are_named() -> None:
    with pytest.raises(BadInput) as refused:
        Chords(mute="Alt+Shift+K", camera="Alt+Shift+K").check()
    assert [(each.field, each.code) for each in refused.value.problems] == [
        ("mute", "shared"),
        ("camera", "shared"),
    ]


@pytest.mark.parametrize(
    "chord", ["N", "Shift+N", "Control+N", "Alt+N", "Alt+Shift+T", "Enter", "Alt+Shift+n"]
)
def test_a_key_that_belongs_to_typing_or_to_browsers_is_refused(chord: str) -> None:
    with pytest.raises(BadInput) as refused:
        Chords(mute=chord).check()
    assert [(each.field, each.code) for each in refused.value.problems] == [("mute", "not-a-chord")]


def test_every_chord_has_a_modifier_and_stands_once() -> None:
    assert all(chord.startswith(("Control+", "Alt+Shift+")) for chord in CHORDS)
    assert len(set(CHORDS)) == len(CHORDS)


def test_what_is_kept_is_read_again_and_what_is_not_known_is_as_usual() -> None:
    chosen = Preferences(Chords(mute="Alt+Shift+K", sign=""), question_mark=False, sounds=False)
    assert Preferences.known(chosen.as_known()) == chosen
    assert Preferences.known({}) == Preferences()
    assert Preferences.known({"chords": {"dance": "Alt+Shift+D"}, "dark": True}) == Preferences()
