"""A clinician's own short texts for notes: each by a name of one word, with places that are filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.sentences import say
from telehealth.domain.words import UNREADABLE_IN_A_TEXT

NAME_LIMIT = 30
NAME = re.compile(rf"[^\W_][\w-]{{0,{NAME_LIMIT - 1}}}")
TEXT_LIMIT = 4000
MOST = 100
PLACE = re.compile(r"\{(name|age)\}")
"""What is filled in: the patient's name, and their age in years. Everything else stays as it is, ___ too."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One text; typed as `.name` and a blank it is put into a note."""

    name: str
    text: str

    def filled(self, facts: Mapping[str, str]) -> Self:
        """Return it with the places filled in, of which each stands in `facts`."""
        return replace(self, text=PLACE.sub(lambda place: facts[place[1]], self.text))


@dataclass(frozen=True, slots=True)
class Snippets:
    """All texts of one person, by name; `version` counts from 1, 0 is nothing kept yet."""

    practitioner_id: str
    organization_id: str
    texts: tuple[Snippet, ...] = ()
    version: int = 0

    def kept(self, name: str, text: str, *, instead: str = "") -> Self:
        """Return them with one more, or with one changed, which may get another name; raises BadInput."""
        others = tuple(each for each in self.texts if each.name != instead)
        problems = [*_of_name(name, {each.name for each in others}), *_of_text(text)]
        if not problems and len(others) >= MOST:
            problems = [FieldProblem("name", "too-many", "No more can be kept. Take one out first.")]
        if problems:
            raise BadInput(*problems)
        return self._with((*others, Snippet(name, text)))

    def without(self, name: str) -> Self:
        """Return them without one."""
        return self._with(tuple(each for each in self.texts if each.name != name))

    def _with(self, texts: tuple[Snippet, ...]) -> Self:
        ordered = tuple(sorted(texts, key=lambda each: each.name))
        return replace(self, texts=ordered, version=self.version + 1)


def _of_name(name: str, taken: set[str]) -> list[FieldProblem]:
    if not NAME.fullmatch(name):
        said = say(
            "One word of letters, digits, - and _, up to {count} characters. Begin with a letter or a digit.",
            count=NAME_LIMIT,
        )
        return [FieldProblem("name", "not-a-word", said)]
    if name in taken:
        return [FieldProblem("name", "taken", "Another text has this name.")]
    return []


def _of_text(text: str) -> list[FieldProblem]:
    if not text.strip():
        return [FieldProblem("text", "required", "Write what is to be put in.")]
    if len(text) > TEXT_LIMIT or UNREADABLE_IN_A_TEXT.search(text):
        return [FieldProblem("text", "unusable", "This is too long, or has an unreadable character in it.")]
    return []
