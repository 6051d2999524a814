"""The versions of a note: what each was made by, and what it added to the one before and took from it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

TOKENS_LIMIT = 500
"""Words that differ on either side, at most: the worst pair of texts then takes 0.05 s to compare."""
ALIKE = 0.3
"""Texts that share a smaller part are told as one for another: single words of both would mislead."""
WORD = re.compile(r"\s*\S+|\s+$")
LINE = re.compile(r".*\n|.+")


class Act(StrEnum):
    """How a version came about."""

    SIGNED = "signed"
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    REFILED = "refiled"


class Fate(StrEnum):
    """What became of a piece of text from one version to the next."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a filed note: the name of its field, or `addendum`, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with one fate."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A section that differs from the version before; `number` counts sections of one name from 1."""

    name: str
    number: int
    pieces: tuple[Piece, ...]


def changes(before: Sequence[Section], after: Sequence[Section]) -> list[Change]:
    """Return the sections that differ, in their order in `after`; those that are gone come last."""
    old, new = dict(_numbered(before)), dict(_numbered(after))
    found = [Change(*key, difference(old.get(key, ""), new.get(key, ""))) for key in {**new, **old}]
    return [each for each in found if any(piece.fate is not Fate.SAME for piece in each.pieces)]


def _numbered(sections: Sequence[Section]) -> Iterator[tuple[tuple[str, int], str]]:
    counted = Counter[str]()
    for each in sections:
        counted[each.name] += 1
        yield (each.name, counted[each.name]), each.text


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Return `after` with what was added to `before` and taken from it, word by word.

    White space alone makes no difference. Long texts are compared by lines, and what is too long for that,
    or has little in common, is told as one text for another.
    """
    for tokens in (WORD, LINE):
        pair = tokens.findall(before), tokens.findall(after)
        found = _compared(*pair)
        if found is not None:
            return found
    return _replaced(before, after)


def _compared(before: list[str], after: list[str]) -> tuple[Piece, ...] | None:
    """Compare two lists of tokens; None where they are too long."""
    old, new = ([each.strip() for each in side] for side in (before, after))
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(side) for side in middle) > TOKENS_LIMIT:
        return None
    codes = SequenceMatcher(None, *middle, autojunk=False).get_opcodes()
    kept = head + tail + sum(code[2] - code[1] for code in codes if code[0] == "equal")
    if old and new and kept < ALIKE * min(len(old), len(new)):
        return _replaced("".join(before), "".join(after))
    pieces = [Piece(Fate.SAME, "".join(after[:head]))]
    for word, *ends in codes:
        i, j, m, n = (head + end for end in ends)
        gone, come = "".join(before[i:j]), "".join(after[m:n])
        pieces += [Piece(Fate.SAME, come)] if word == "equal" else _replaced(gone, come)
    pieces.append(Piece(Fate.SAME, "".join(after[len(after) - tail :] if tail else ())))
    return tuple(_joined(pieces))


def _replaced(gone: str, come: str) -> tuple[Piece, ...]:
    pieces = Piece(Fate.REMOVED, gone), Piece(Fate.ADDED, come)
    return tuple(each for each in pieces if each.text.strip())


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many tokens both begin with."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Join neighbours of one fate; empty ones are left out."""
    held: Piece | None = None
    for each in pieces:
        if not each.text:
            continue
        if held is not None and held.fate is each.fate:
            held = Piece(held.fate, held.text + each.text)
            continue
        if held is not None:
            yield held
        held = each
    if held is not None:
        yield held
