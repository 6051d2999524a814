"""How a line was: stamped by when it came, kept up to a bound, summed up over the call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telehealth.domain.line_record import LOOKS_KEPT, LineRecord, Look, Marks, Path, Way, begun

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LOOK = Look(
    at=0,
    seconds=10,
    rtt=100,
    loss=10,
    concealed=2,
    jitter=5,
    sound_up=32,
    sound_down=30,
    picture_up=400,
    picture_down=390,
    freezes=0,
    frozen=0,
    frames=150,
    path=Path.HOST,
    way=Way.UDP,
    rung=0,
    mos=430,
    breaks=0,
)


def record(*looks: Look) -> LineRecord:
    """Return a record whose looks came ten seconds apart."""
    times = [(NOW + timedelta(seconds=10 * n), look) for n, look in enumerate(looks)]
    return begun("visit", "p", *times[0]).then(times)


def test_a_record_begins_where_its_first_look_does_and_tells_when_each_came() -> None:
    made = record(LOOK, LOOK, LOOK)
    assert made.begun_at == NOW - timedelta(seconds=10)
    assert [each.at for each in made.looks] == [10, 20, 30]
    assert made.then([(NOW - timedelta(hours=1), LOOK)]).looks[-1].at == 0, "a clock may step back"


def test_its_sum_takes_medians_the_worst_and_how_much_went_through_the_relay() -> None:
    bad = replace(LOOK, rtt=900, loss=300, mos=180, path=Path.RELAY, breaks=2)
    told = record(LOOK, bad, LOOK, replace(LOOK, path=Path.RELAY)).summary
    assert (told.seconds, told.mos, told.worst, told.rtt) == (40, 430, 180, 100)
    assert (told.loss, told.relayed, told.breaks, told.first_frame) == (82, 500, 2, None)


def test_no_more_than_three_hours_are_kept() -> None:
    later = [(NOW + timedelta(seconds=n), replace(LOOK, rtt=n)) for n in range(LOOKS_KEPT + 5)]
    assert [each.rtt for each in record(LOOK).then(later).looks[-2:]] == [LOOKS_KEPT - 3, LOOKS_KEPT - 2]


def test_marks_once_told_stay() -> None:
    marked = record(LOOK).then([], Marks(sock=0, frame=480))
    assert marked.then([(NOW, LOOK)]).summary.first_frame == 480
