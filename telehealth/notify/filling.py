"""Putting facts into a wording: named places only, nothing is evaluated, and facts cannot open new places."""

import re
from collections.abc import Callable, Mapping

PLACE = re.compile(r"\{([a-z]+)\}")

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
LEFT_TO_RIGHT_MARK, RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"


def bare(_name: str, value: str) -> str:
    """Return a fact as it is."""
    return value


def fill(
    wording: str,
    facts: Mapping[str, str],
    *,
    literal: Callable[[str], str] = str,
    fact: Callable[[str, str], str] = bare,
) -> str:
    """Return the wording with each `{name}` replaced by `fact(name, value)` and the rest by `literal`.

    A place that nobody knows stays as it is written.
    """
    parts = PLACE.split(wording)
    for at, part in enumerate(parts):
        if at % 2 == 0:
            parts[at] = literal(part)
        else:
            parts[at] = fact(part, facts[part]) if part in facts else literal(f"{{{part}}}")
    return "".join(parts)


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters: a name makes no paragraph and no header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def direction(language: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def led(text: str, language: str) -> str:
    """Return a line that reads in its language's direction, whatever name it begins with."""
    return f"{RIGHT_TO_LEFT_MARK}{text}" if direction(language) == "rtl" else text


def isolated(name: str, value: str) -> str:
    """Return a fact that keeps its own direction within right-to-left text; addresses stay bare."""
    return value if name in {"link", "page"} else f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}"


def marked(name: str, value: str) -> str:
    """As `isolated`, in one letter, for a short message: without it the + of a number moves to its end."""
    return f"{LEFT_TO_RIGHT_MARK}{value}" if name == "phone" else value
