"""The records of a backup: what was written is read, and what does not hold what it says is refused."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.crypto.errors import ArchiveBroken
from telehealth.services.backup_ports import TableShape
from telehealth.services.backup_stream import (
    LONGEST,
    AnchorLine,
    Item,
    Opening,
    StreamWriter,
    packed,
    read_stream,
    unpacked,
)
from telehealth.services.restoring import BATCH, read_through

PLACE = TableShape("place", (("id", "text"), ("name", "text")))
BLOB = TableShape("blob", (("sealed", "bytes"),))
ITEMS: list[Item] = [
    Opening("0038"),
    AnchorLine("one"),
    AnchorLine("two"),
    PLACE,
    (b"1", b"Hill"),
    (b"2", None),
    TableShape("empty", ()),
    BLOB,
    (bytes(range(256)),),
]


def written() -> list[bytes]:
    """The records one by one."""
    records: list[bytes] = []
    stream = StreamWriter(records.append, Opening("0038"))
    for item in ITEMS[1:]:
        if isinstance(item, AnchorLine):
            stream.anchor(item.text)
        elif isinstance(item, TableShape):
            stream.table(item)
        elif isinstance(item, tuple):
            stream.row(item)
    stream.end()
    return records


def in_chunks(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_what_was_written_is_read_however_it_comes(size: int) -> None:
    assert list(read_stream(in_chunks(b"".join(written()), size))) == ITEMS


@given(st.lists(st.none() | st.binary(max_size=20)))
def test_a_row_comes_back(cells: list[bytes | None]) -> None:
    assert unpacked(packed(tuple(cells))) == tuple(cells)


@pytest.mark.parametrize(
    "changed",
    [
        lambda records: records[:-1],
        lambda records: [*records[:-1], records[-1][:-1]],
        lambda records: [*records[:4], *records[5:]],
        lambda records: [*records[:5], records[4], *records[5:]],
        lambda records: [records[0], records[2], records[1], *records[3:]],
        lambda records: [*records[:-1], b"X" + records[-1][1:]],
        lambda records: [b"R" + (LONGEST + 1).to_bytes(4, "big")],
        lambda records: [],
    ],
    ids=[
        "no end",
        "a cut end",
        "a row left out",
        "a row twice",
        "anchors swapped",
        "unknown",
        "endless",
        "empty",
    ],
)
def test_what_does_not_hold_what_it_says_is_refused(changed: object) -> None:
    with pytest.raises(ArchiveBroken):
        list(read_stream(iter(changed(written()))))  # type: ignore[operator]


def test_whoever_reads_a_long_table_is_told_how_far_it_is() -> None:
    told: list[tuple[str, int]] = []
    rows: list[Item] = [(b"1", b"Hill")] * (2 * BATCH + 1)
    found = read_through([*ITEMS[:4], *rows], lambda table, count: told.append((table, count)))
    assert told == [("place", BATCH), ("place", 2 * BATCH)]
    assert (found.revision, found.anchors, found.tables, found.rows) == ("0038", ["one", "two"], 1, len(rows))
