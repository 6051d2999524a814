"""Reading the server's answers: what is missing in one becomes a sentence that names the place."""

from dataclasses import dataclass
from typing import Any

from telehealth.probe.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Answer:
    """A piece of JSON; `source` says where it came from, as in `GET /api/v1/slots`."""

    value: Any
    source: str

    def at(self, *path: str) -> "Answer":
        """Return what stands at a path of names; raise Trouble when there is nothing."""
        found = self.value
        for name in path:
            if not isinstance(found, dict) or name not in found:
                raise Trouble(f"the answer to {self.source} has no '{'.'.join(path)}'")
            found = found[name]
        return Answer(found, self.source)

    def text(self, *path: str) -> str:
        """Return the text at a path."""
        found = self.at(*path).value
        if not isinstance(found, str):
            raise Trouble(f"the answer to {self.source} has no text in '{'.'.join(path)}'")
        return found

    def number(self, *path: str) -> int:
        """Return the whole number at a path."""
        found = self.at(*path).value
        if type(found) is not int:
            raise Trouble(f"the answer to {self.source} has no whole number in '{'.'.join(path)}'")
        return found

    def items(self, *path: str) -> "list[Answer]":
        """Return the list at a path."""
        found = self.at(*path).value
        if not isinstance(found, list):
            raise Trouble(f"the answer to {self.source} has no list in '{'.'.join(path)}'")
        return [Answer(each, self.source) for each in found]

    def expect(self, wanted: object, *path: str) -> None:
        """Raise Trouble unless exactly `wanted` stands at a path."""
        found = self.at(*path).value
        if found != wanted:
            where = ".".join(path)
            raise Trouble(f"in the answer to {self.source}, '{where}' is {found!r} and not {wanted!r}")
