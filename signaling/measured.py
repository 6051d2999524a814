"""The event `measured`: untrusted figures in, a look at a line out, and back (PROTOCOL.md)."""

from dataclasses import dataclass, fields
from typing import ClassVar

from signaling.fields import Body, as_object, whole, word
from signaling.refusals import Misread
from telehealth.domain.line_record import Look, Marks, Path, Way

Wire = dict[str, object]

FIGURES: dict[str, tuple[str, int, int]] = {
    "seconds": ("seconds", 1, 3600),
    "rtt": ("rtt", 0, 60_000),
    "loss": ("loss", 0, 1000),
    "concealed": ("concealed", 0, 1000),
    "jitter": ("jitter", 0, 60_000),
    "sound_up": ("soundUp", 0, 100_000),
    "sound_down": ("soundDown", 0, 100_000),
    "picture_up": ("pictureUp", 0, 100_000),
    "picture_down": ("pictureDown", 0, 100_000),
    "freezes": ("freezes", 0, 100_000),
    "frozen": ("frozen", 0, 3_600_000),
    "frames": ("frames", 0, 1_000_000),
    "rung": ("rung", 0, 20),
    "mos": ("mos", 100, 450),
    "breaks": ("breaks", 0, 1000),
}
"""Each figure of a look: its name in the message, the least and the most."""
LATEST_MARK = 3_600_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What a member's page has measured since it told the last time; `marks` come once."""

    event: ClassVar[str] = "measured"
    look: Look
    marks: Marks | None = None

    def wire(self) -> Wire:
        """Write the body. When it was is the server's to say."""
        look = self.look
        body: Wire = {wire: getattr(look, name) for name, (wire, _, _) in FIGURES.items()}
        body |= {"path": look.path.value, "way": look.way.value}
        return body if self.marks is None else body | {"marks": _format_marks(self.marks)}


def parse_measured(body: Body) -> Measured:
    """Read the body: whole numbers within their bounds, two words, and the marks where there are any."""
    figures = {name: _bounded(body, *told) for name, told in FIGURES.items()}
    path, way = Path(word(body, "path", set(Path))), Way(word(body, "way", set(Way)))
    marks = _marks(as_object(body["marks"])) if "marks" in body else None
    return Measured(Look(at=0, path=path, way=way, **figures), marks)


def _marks(body: Body) -> Marks:
    names = [field.name for field in fields(Marks)]
    return Marks(**{name: _bounded(body, name, 0, LATEST_MARK) for name in names if name in body})


def _format_marks(marks: Marks) -> Wire:
    told = {field.name: getattr(marks, field.name) for field in fields(Marks)}
    return {name: value for name, value in told.items() if value is not None}


def _bounded(body: Body, name: str, least: int, most: int) -> int:
    value = whole(body, name, least)
    if value > most:
        raise Misread(f"'{name}' must be at most {most}.")
    return value
