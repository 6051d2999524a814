"""Sentences for people that are written in English here and said in the reader's language at the door.

Those that stand as they are in a `FieldProblem` or a refusal are found there by whoever collects texts for
translation; those in tables and on classes are marked by `N_`, those with facts are made by `say`.
"""


class Sentence(str):
    """An English sentence that remembers its `{places}` and what fills them."""

    __slots__ = ("facts", "pattern")
    pattern: str
    facts: dict[str, object]


def N_(text: str) -> str:  # noqa: N802 (gettext's name for a text that is translated later)
    """Mark a text for translation."""
    return text


def say(pattern: str, **facts: object) -> Sentence:
    """Return the sentence with its `{places}` filled in."""
    sentence = Sentence(pattern.format(**facts))
    sentence.pattern, sentence.facts = pattern, facts
    return sentence
