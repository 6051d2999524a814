"""A paper as it is written: a page of a few plain elements, read into what is to be set.

Papers are templates like pages, so that words, dates and names come into them the same way.
Of HTML they may hold

| element | is |
|---|---|
| `html lang dir` | the language of the paper, and where its lines begin |
| `h1`, `h2`, `p` | its title, once; headings; paragraphs |
| `ul` with `li`, `dl` with `dt`, `dd` | a list; what belongs to what |
| `footer` with `p` | what stands small below everything |
| `strong`, `bdi lang dir`, `br` | inside these: what matters, what somebody wrote, a new line |
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = frozenset({"h1", "h2", "p", "li", "dt", "dd"})
AROUND = frozenset({"html", "ul", "dl", "footer"})
WITHIN = frozenset({"strong", "bdi", "br"})
ISOLATES, RELEASE = {"": "\u2068", "ltr": "\u2066", "rtl": "\u2067"}, "\u2069"
"""Around what somebody wrote: its direction is its own, or said by `dir` (Unicode Standard Annex 9)."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one language; `language` empty: the paper's."""

    text: str
    strong: bool = False
    language: str = ""


@dataclass(slots=True)
class Block:
    """One heading, paragraph, point of a list or part of a pair; `small` in the footer."""

    kind: str
    small: bool = False
    runs: list[Run] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper to be set: its blocks from top to bottom."""

    language: str
    direction: str
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """Return the words of its title."""
        return "".join(run.text for block in self.blocks if block.kind == "h1" for run in block.runs)


def read_sheet(page: str) -> Sheet:
    """Read a paper; raises ValueError for an element that papers do not have, or a paper without a title."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    sheet = Sheet(reader.language, reader.direction, tuple(reader.blocks))
    if not sheet.title.strip():
        raise ValueError("A paper needs a title.")
    return sheet


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.direction = "en", "ltr"
        self.blocks: list[Block] = []
        self._open: Block | None = None
        self._small = False
        self._strong = False
        self._languages: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self._open = Block(tag, self._small)
            self.blocks.append(self._open)
        elif tag in WITHIN:
            self._within(tag, said)
        elif tag == "html":
            self.language, self.direction = said.get("lang", "en"), said.get("dir", "ltr")
        elif tag == "footer":
            self._small = True
        elif tag not in AROUND:
            raise ValueError(f"Papers have no element '{tag}'.")

    def _within(self, tag: str, said: dict[str, str]) -> None:
        if tag == "strong":
            self._strong = True
        elif tag == "bdi":
            self._languages.append(said.get("lang", ""))
            self._add(ISOLATES[said.get("dir", "")])
        else:
            self._add("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end()
        elif tag == "bdi":
            self._add(RELEASE)
            self._languages.pop()
        elif tag == "strong":
            self._strong = False
        elif tag == "footer":
            self._small = False

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._add(_in_one_line(data))

    def _add(self, text: str) -> None:
        if self._open is None:
            raise ValueError("Words of a paper stand in a heading, a paragraph, a list or a pair.")
        language = self._languages[-1] if self._languages else ""
        self._open.runs.append(Run(text, self._strong, language))

    def _end(self) -> None:
        if self._open is not None and not any(run.text.strip() for run in self._open.runs):
            self.blocks.remove(self._open)
        self._open = None


def _in_one_line(data: str) -> str:
    """Return text with each break and tab of the template's source as a blank."""
    words = " ".join(data.split())
    before = " " if data[:1].isspace() else ""
    after = " " if data[-1:].isspace() and words else ""
    return before + words + after
