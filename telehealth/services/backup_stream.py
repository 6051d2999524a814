"""What stands inside a backup: records of the schema, the audit anchors and every row, then digests.

A record is a letter, its length (4 bytes, big endian) and its content:

    H  JSON: the schema's revision                 once, first
    A  a line of the audit anchors                 any number
    T  JSON: a table's name and columns            each followed by its rows
    R  a row: each value after its length, NULL as the length 0xFFFFFFFF
    E  JSON: for the anchors and each table how many records, and the SHA-256 over them      once, last
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias

from telehealth.crypto.errors import ArchiveBroken
from telehealth.services.backup_ports import Row, TableShape

HEAD, ANCHOR, TABLE, ROW, END = b"H", b"A", b"T", b"R", b"E"
ANCHORS = "audit-anchors"
NULL = b"\xff\xff\xff\xff"
LONGEST = 256 * 1024 * 1024
"""Bytes of one record: more than any row has, less than would fill a machine's memory."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The first record."""

    revision: str


@dataclass(frozen=True, slots=True)
class AnchorLine:
    """A signed head of the audit chain."""

    text: str


Item: TypeAlias = "Opening | AnchorLine | TableShape | Row"


@dataclass(slots=True)
class Tally:
    """How many records of each part there were, and their running digests."""

    counts: dict[str, int] = field(default_factory=dict)
    _digests: dict[str, Any] = field(default_factory=dict)

    def begin(self, part: str) -> None:
        """Start a part."""
        self.counts[part], self._digests[part] = 0, sha256()

    def add(self, part: str, content: bytes) -> None:
        """Count one record."""
        self.counts[part] += 1
        self._digests[part].update(len(content).to_bytes(4, "big") + content)

    def told(self) -> dict[str, list[Any]]:
        """Return it as the last record tells it."""
        return {part: [count, self._digests[part].hexdigest()] for part, count in self.counts.items()}


class StreamWriter:
    """Writes the records in their order."""

    def __init__(self, write: Callable[[bytes], None], opening: Opening) -> None:
        """Begin; `write` takes the bytes."""
        self._write, self.tally, self._table = write, Tally(), ANCHORS
        self._record(HEAD, json.dumps({"revision": opening.revision}).encode())
        self.tally.begin(ANCHORS)

    def anchor(self, line: str) -> None:
        """Write a line of the anchors."""
        self._counted(ANCHOR, ANCHORS, line.encode())

    def table(self, shape: TableShape) -> None:
        """Begin a table; the rows that follow are its own."""
        self._table = shape.name
        self.tally.begin(shape.name)
        self._record(TABLE, json.dumps({"name": shape.name, "columns": shape.columns}).encode())

    def row(self, row: Row) -> None:
        """Write one row."""
        self._counted(ROW, self._table, packed(row))

    def end(self) -> None:
        """Write what there was."""
        self._record(END, json.dumps(self.tally.told()).encode())

    def _counted(self, letter: bytes, part: str, content: bytes) -> None:
        self.tally.add(part, content)
        self._record(letter, content)

    def _record(self, letter: bytes, content: bytes) -> None:
        self._write(letter + len(content).to_bytes(4, "big") + content)


def read_stream(chunks: Iterator[bytes]) -> Iterator[Item]:
    """Yield what a backup holds; raises ArchiveBroken where it is not what its last record says."""
    tally, part = Tally(), ANCHORS
    letter = b""
    for letter, content in _records(chunks):
        if letter == HEAD:
            tally.begin(ANCHORS)
            yield Opening(_json(content)["revision"])
        elif letter == ANCHOR:
            tally.add(ANCHORS, content)
            yield AnchorLine(content.decode())
        elif letter == TABLE:
            told = _json(content)
            part = told["name"]
            tally.begin(part)
            yield TableShape(part, tuple((name, kind) for name, kind in told["columns"]))
        elif letter == ROW:
            tally.add(part, content)
            yield unpacked(content)
        elif letter != END or _json(content) != tally.told():
            raise ArchiveBroken("the backup does not hold what it says that it holds")
    if letter != END:
        raise ArchiveBroken("the backup has no end")


def packed(row: Row) -> bytes:
    """Return a row as bytes."""
    return b"".join(NULL if cell is None else len(cell).to_bytes(4, "big") + cell for cell in row)


def unpacked(content: bytes) -> Row:
    """Return the row again."""
    cells: list[bytes | None] = []
    at = 0
    while at < len(content):
        size, at = content[at : at + 4], at + 4
        if size == NULL:
            cells.append(None)
            continue
        end = at + int.from_bytes(size, "big")
        cells.append(content[at:end])
        at = end
    return tuple(cells)


def _records(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield letter and content of each record; what is cut off in its middle is none."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        at = 0
        while len(waiting) >= at + 5:
            size = int.from_bytes(waiting[at + 1 : at + 5], "big")
            if size > LONGEST:
                raise ArchiveBroken("a record of the backup is too long to be one")
            if len(waiting) < at + 5 + size:
                break
            yield bytes(waiting[at : at + 1]), bytes(waiting[at + 5 : at + 5 + size])
            at += 5 + size
        del waiting[:at]


def _json(content: bytes) -> Any:
    return json.loads(content)
