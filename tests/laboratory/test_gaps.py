"""A gap in the sound is measured from the fault to its end."""

from tests.laboratory.gaps import back_after


def flow(*stretches: tuple[int, int]) -> list[list[float]]:
    """Polls every 50 ms, with packets coming in during the stretches only."""
    polls, packets = [], 0
    for at in range(0, 20_000, 50):
        packets += 2 * any(begin <= at < end for begin, end in stretches)
        polls.append([float(at), float(packets)])
    return polls


def test_the_end_of_the_last_gap_counts_and_a_flicker_before_it_does_not() -> None:
    flicker = flow((0, 5000), (8000, 8200), (9000, 20_000))
    assert back_after(flicker, 5000, 19_000) == 4000
    assert back_after(flow((0, 20_000)), 5000, 19_000) == 0


def test_what_does_not_come_back_is_told_so() -> None:
    assert back_after(flow((0, 5000)), 5000, 19_000) is None
    assert back_after(flow((0, 5000), (8000, 8200)), 5000, 19_000) is None
    assert back_after([], 5000, 19_000) is None


def test_a_look_that_came_late_makes_no_silence_up() -> None:
    late = [poll for poll in flow((0, 20_000)) if not 5200 < poll[0] < 8000]
    assert back_after(late, 5000, 19_000) == 0


def test_what_was_before_the_fault_is_no_part_of_it() -> None:
    assert back_after(flow((0, 1000), (3000, 20_000)), 5000, 19_000) == 0
