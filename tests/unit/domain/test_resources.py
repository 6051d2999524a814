"""When something that a visit needs is taken: pauses on both sides, and whichever of several is free."""

from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.resources import Blocked, Needs, Party, Resource, blocked, needs_of, serves
from telehealth.domain.scheduling import Interval

TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
VISIT = timedelta(minutes=20)
ROOM = Resource("room-1", "org", "site", ResourceKind.ROOM, "Room 1", before_minutes=5, after_minutes=10)
PLAIN = Resource("room-2", "org", "site", ResourceKind.ROOM, "Room 2")
LINA = Resource("lina", "org", "site", ResourceKind.INTERPRETER, "Lina", ("es", "pt-BR"))


def minutes(number: int) -> datetime:
    return TEN + timedelta(minutes=number)


@pytest.mark.parametrize("start, free", [(-30, True), (-29, False), (0, False), (24, False), (25, True)])
def test_the_pauses_of_a_room_are_kept_before_and_after_what_is_taken(start: int, free: bool) -> None:
    busy = [Interval(TEN, minutes(20))]
    assert (minutes(start) not in blocked(ROOM, busy, VISIT)) is free


def test_a_visit_fits_exactly_between_two() -> None:
    busy = [Interval(minutes(-20), TEN), Interval(minutes(20), minutes(40))]
    starts = blocked(PLAIN, busy, VISIT)
    assert TEN not in starts
    assert minutes(1) in starts
    assert minutes(-1) in starts


def test_two_rooms_that_are_taken_one_after_the_other_leave_no_time() -> None:
    first = blocked(PLAIN, [Interval(TEN, minutes(10))], VISIT)
    second = blocked(PLAIN, [Interval(minutes(10), minutes(20))], VISIT)
    both = first.met(second)
    assert TEN in both
    assert minutes(-10) not in both, "the second room is free"
    assert minutes(10) not in both, "the first room is free"


def test_what_is_blocked_in_several_parts_meets_part_by_part() -> None:
    one = Blocked([(minutes(0), minutes(30)), (minutes(40), minutes(50))])
    two = Blocked([(minutes(10), minutes(15)), (minutes(20), minutes(45)), (minutes(60), minutes(70))])
    expected = [(10, 15), (20, 30), (40, 45)]
    assert one.met(two).spans == [(minutes(a), minutes(b)) for a, b in expected]
    assert two.met(one).spans == one.met(two).spans


def test_spans_that_touch_leave_the_instant_between_them() -> None:
    starts = Blocked([(minutes(10), minutes(20)), (TEN, minutes(10)), (minutes(15), minutes(18))])
    assert minutes(10) not in starts
    assert starts.spans == [(TEN, minutes(10)), (minutes(10), minutes(20))]


@pytest.mark.parametrize("wanted, yes", [("room-1", True), ("site", True), ("elsewhere", False)])
def test_a_room_serves_by_its_own_id_and_by_its_sites(wanted: str, yes: bool) -> None:
    assert serves(ROOM, ResourceKind.ROOM, wanted) is yes
    assert not serves(ROOM, ResourceKind.DEVICE, wanted)


def test_an_interpreter_serves_by_language() -> None:
    assert serves(LINA, ResourceKind.INTERPRETER, "es")
    assert not serves(LINA, ResourceKind.INTERPRETER, "site")


def test_at_another_time_any_room_of_the_site_will_do_but_the_very_device() -> None:
    device = Resource("device-1", "org", "site", ResourceKind.DEVICE, "Ultrasound")
    parties = [Party(ROOM), Party(device), Party(LINA, "es")]
    assert needs_of(parties) == Needs("site", "device-1", "es")
    assert needs_of([]) == Needs()
