"""A tape opens record by record, in its own place only; a record that was not written whole is no record."""

import io

import pytest

from telehealth.crypto.chance import SystemChance
from telehealth.crypto.errors import SealBroken
from telehealth.crypto.tape import HEAD, KEYFRAME, Mark, Tape, marks

CHANCE = SystemChance()
TAPE = Tape(b"k" * 32, "recording", "p")


def written(tape: Tape = TAPE) -> bytes:
    return b"".join(
        tape.seal(number, number * 1000, KEYFRAME, b"part %d" % number, CHANCE) for number in range(3)
    )


def test_records_come_back_in_order_and_a_cut_tail_is_left_out() -> None:
    file = io.BytesIO(written()[:-1])
    found = list(marks(file))
    assert [(each.number, each.time, each.flags) for each in found] == [(0, 0, 1), (1, 1000, 1)]
    assert [TAPE.open(each, file) for each in found] == [b"part 0", b"part 1"]
    assert [each.size for each in found] == [6, 6]


def test_nothing_of_what_was_sealed_can_be_read() -> None:
    assert b"part" not in written()


@pytest.mark.parametrize("other", [Tape(b"x" * 32, "recording", "p"), Tape(b"k" * 32, "recording", "s")])
def test_another_key_and_another_tape_do_not_open_it(other: Tape) -> None:
    file = io.BytesIO(written())
    with pytest.raises(SealBroken):
        other.open(next(marks(file)), file)


def test_a_record_in_another_place_or_at_another_time_does_not_open() -> None:
    file = io.BytesIO(written())
    first, second, _ = marks(file)
    for moved in (
        Mark(1, first.time, first.flags, first.at, first.sealed),
        Mark(0, first.time + 1, first.flags, first.at, first.sealed),
        Mark(0, first.time, 0, first.at, first.sealed),
        Mark(0, first.time, first.flags, second.at, second.sealed),
    ):
        with pytest.raises(SealBroken):
            TAPE.open(moved, file)


def test_a_length_that_nobody_writes_ends_the_tape() -> None:
    assert list(marks(io.BytesIO(written() + HEAD.pack(2**31, 0, 0) + b"x" * 200)))[-1].number == 2
