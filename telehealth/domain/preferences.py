"""How a member of staff likes to work: chords of the keyboard, the sound and the notice of an arrival."""

from dataclasses import asdict, dataclass, fields
from string import ascii_uppercase, digits
from typing import Any, Self

from telehealth.domain.errors import BadInput, FieldProblem

BROWSERS_OWN = frozenset("BIT")
"""Alt+Shift with one of these leads into the bars and forms of browsers."""
CHORDS = (
    "Control+Enter",
    "Control+Shift+Enter",
    *(f"Alt+Shift+{key}" for key in ascii_uppercase + digits if key not in BROWSERS_OWN),
    *(f"Control+Alt+Shift+{key}" for key in ascii_uppercase + digits),
)
"""What can be chosen, as aria-keyshortcuts writes it. Ctrl or Alt with one key more is no chord of ours: it
belongs to browsers, to menus, or types a sign on some keyboards."""


@dataclass(frozen=True, slots=True)
class Chords:
    """Which chord does what; empty is none."""

    sign: str = "Control+Enter"
    sign_next: str = ""
    admit_next: str = "Alt+Shift+N"
    mute: str = "Alt+Shift+M"
    camera: str = "Alt+Shift+V"
    jump: str = "Alt+Shift+J"

    def check(self) -> None:
        """Raise BadInput naming every chord that cannot be used, or that two actions would share."""
        chosen = asdict(self)
        problems = [
            problem for name, chord in chosen.items() if chord and (problem := _problem(name, chord, chosen))
        ]
        if problems:
            raise BadInput(*problems)


def _problem(name: str, chord: str, chosen: dict[str, str]) -> FieldProblem | None:
    if chord not in CHORDS:
        return FieldProblem(name, "not-a-chord", "Please choose one of those offered.")
    if list(chosen.values()).count(chord) > 1:
        return FieldProblem(name, "shared", "Another action has these keys too. Give each its own.")
    return None


@dataclass(frozen=True, slots=True)
class Preferences:
    """What an account keeps.

    `question_mark` lets a bare `?` show the list of keys; WCAG 2.1.4 wants an off switch for single keys.
    `sounds` is the chime of an arrival, `notices` the system's word of it in other windows.
    """

    chords: Chords = Chords()
    question_mark: bool = True
    sounds: bool = True
    notices: bool = True

    def as_known(self) -> dict[str, Any]:
        """Return the values by name, as they are kept."""
        return asdict(self)

    @classmethod
    def known(cls, kept: dict[str, Any]) -> Self:
        """Return what was kept; a choice that this release does not know is left out."""
        chords = kept.pop("chords", {})
        return cls(Chords(**_of(Chords, chords)), **_of(cls, kept))


AS_USUAL = Preferences()


def _of(kind: type[Chords | Preferences], kept: dict[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in kept.items() if name in names}
