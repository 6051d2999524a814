"""A line over time as points: within its box, broken where nothing was told, marked where the way changed."""

from dataclasses import replace

from telehealth.domain.line_record import LineRecord, Path
from tests.unit.domain.test_line_record import LOOK, NOW
from web.plots import HEIGHT, WIDTH, plot_of


def test_curves_stay_in_their_box_and_break_where_nothing_was_told() -> None:
    looks = [replace(LOOK, at=10), replace(LOOK, at=20, rtt=900, mos=100, breaks=1)]
    later = [replace(LOOK, at=100, path=Path.RELAY), replace(LOOK, at=110, path=Path.RELAY)]
    plot = plot_of(LineRecord("visit", "p", NOW, (*looks, *later)))
    assert [len(piece.split()) for piece in plot.score] == [3, 3]
    points = [point.split(",") for piece in (*plot.score, *plot.delay, *plot.loss) for point in piece.split()]
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in points)
    assert (plot.slowest, plot.most_lost) == (900, 50)
    assert (plot.breaks, plot.turns) == ([round(WIDTH * 20 / 110, 1)], [round(WIDTH * 100 / 110, 1)])


def test_one_look_is_drawn_over_its_own_ten_seconds() -> None:
    (piece,) = plot_of(LineRecord("visit", "p", NOW, (replace(LOOK, at=10),))).score
    assert [point.split(",")[0] for point in piece.split()] == ["0.0", "600.0"]
