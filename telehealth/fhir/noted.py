"""A signed note in the shared record, as somebody reads it who was not there: its sections as text."""

import json
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser

from telehealth.fhir.composition import SECTIONS
from telehealth.fhir.text import Resource

WRONG = "entered-in-error"
ADDENDUM = "addendum"
FIELDS = {title: field for field, title, _, _ in SECTIONS} | {"Addendum": ADDENDUM}
"""The field of the note by its section's title; what is agreed with the patient stands in the plan, too."""
BREAKS = frozenset({"br", "p"})


@dataclass(frozen=True, slots=True)
class Noted:
    """One note: when it was last signed or added to, by whom it is, and what it says, field by field."""

    at: datetime
    author_id: str
    parts: tuple[tuple[str, str], ...]


class _Words(HTMLParser):
    """Gathers the text of a narrative, a line for each of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.found.append(data)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a line break."""
        self._broken(tag)

    def handle_endtag(self, tag: str) -> None:
        """Take a paragraph's end."""
        self._broken(tag)

    def _broken(self, tag: str) -> None:
        if tag in BREAKS:
            self.found.append("\n")


def noted(text: str) -> Noted | None:
    """Return what a stored Composition says; None where it was entered in error."""
    resource: Resource = json.loads(text)
    if resource.get("status") == WRONG:
        return None
    author = resource["author"][0].get("reference", "")
    parts = tuple(
        (FIELDS[each["title"]], _plain(each["text"]["div"]))
        for each in resource.get("section", ())
        if each.get("title") in FIELDS
    )
    return Noted(datetime.fromisoformat(resource["date"]), author.partition("/")[2], parts)


def _plain(div: str) -> str:
    words = _Words()
    words.feed(div)
    return "".join(words.found).strip()
