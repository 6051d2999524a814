"""Who has agreed to be recorded: nothing is written unless everyone present has, whatever happens."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.recording import Consents, Phase, Why, asked

PEOPLE = ("s", "p", "g1", "g2")
STEP = st.tuples(st.sampled_from(["come", "go", "agree", "off"]), st.sampled_from(PEOPLE))


@dataclass
class Told:
    """What a plain observer writes down: who is there, and who said yes since they came and it was asked."""

    here: set[str] = field(default_factory=lambda: {"s", "p"})
    yes: set[str] = field(default_factory=lambda: {"s"})


@given(st.lists(STEP, max_size=30))
def test_it_is_on_only_while_everyone_present_has_agreed(steps: list[tuple[str, str]]) -> None:
    told, consents = Told(), asked("s", {"s", "p"})
    for what, who in steps:
        match what:
            case "come":
                told.here.add(who)
                consents = consents.moved(told.here)
            case "go":
                told.here.discard(who)
                told.yes.discard(who)
                consents = consents.moved(told.here)
            case "agree":
                told.yes |= {who} & told.here
                consents = consents.agree(who)
            case _:
                told.yes.clear()
                consents = consents.off(Why.WITHDRAWN)
        if consents.phase is Phase.ON:
            assert told.here <= told.yes
            assert len(told.here) > 1
        assert consents.missing <= told.here - told.yes or consents.phase is Phase.OFF


def test_a_newcomer_pauses_it_until_they_agree_or_go_again() -> None:
    both = asked("s", {"s", "p"})
    assert both.phase is Phase.ASKING
    on = both.agree("p")
    assert on.phase is Phase.ON
    paused = on.moved({"s", "p", "g1"})
    assert (paused.phase, paused.missing) == (Phase.PAUSED, {"g1"})
    assert paused.agree("g1").phase is Phase.ON
    assert paused.moved({"s", "p"}).phase is Phase.ON


def test_who_was_gone_is_asked_again() -> None:
    on = asked("s", {"s", "p", "g1"}).agree("p").agree("g1")
    assert on.moved({"s", "p"}).moved({"s", "p", "g1"}).missing == {"g1"}


def test_the_one_who_asked_or_the_last_other_one_leaves_and_it_is_over() -> None:
    on = asked("s", {"s", "p"}).agree("p")
    for left in ({"p"}, {"s"}, set()):
        assert on.moved(left) == Consents(why=Why.ALONE)


def test_a_word_of_somebody_who_is_not_there_and_one_after_the_end_count_nothing() -> None:
    asking = asked("s", {"s", "p"})
    assert asking.agree("g1") == asking
    over = asking.off(Why.DECLINED)
    assert (over.phase, over.agree("p"), over.off(Why.BROKEN)) == (Phase.OFF, over, over)
