"""Values of columns as bytes and back, the same for both databases: what a backup holds of a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary, String, Time
from sqlalchemy.types import TypeDecorator, TypeEngine

from telehealth.storage.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of column: its type in a statement, and how its values are written and read."""

    type: TypeEngine[Any]
    write: Callable[[Any], bytes]
    read: Callable[[bytes], Any]


KINDS: dict[str, Kind] = {
    "text": Kind(String(), str.encode, bytes.decode),
    "bytes": Kind(LargeBinary(), bytes, bytes),
    "integer": Kind(Integer(), lambda value: str(value).encode(), int),
    "boolean": Kind(Boolean(), lambda value: b"1" if value else b"0", lambda cell: cell == b"1"),
    "instant": Kind(
        UtcDateTime(),
        lambda value: value.isoformat().encode(),
        lambda cell: datetime.fromisoformat(cell.decode()),
    ),
    "date": Kind(
        Date(), lambda value: value.isoformat().encode(), lambda cell: date.fromisoformat(cell.decode())
    ),
    "time": Kind(
        Time(), lambda value: value.isoformat().encode(), lambda cell: time.fromisoformat(cell.decode())
    ),
}
"""Written into every backup by name: add kinds, never change one."""

OF: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (String, "text"),
    (LargeBinary, "bytes"),
    (Boolean, "boolean"),
    (Integer, "integer"),
    (DateTime, "instant"),
    (Date, "date"),
    (Time, "time"),
)


def kind_of(column: Column[Any]) -> str:
    """Return the kind of a column, past what the domain makes of it; raises TypeError for a new one."""
    type_ = column.type
    if isinstance(type_, TypeDecorator):
        type_ = type_.impl_instance
    for known, kind in OF:
        if isinstance(type_, known):
            return kind
    raise TypeError(
        f"no backup can hold {column} of type {type_!r}: name its kind in telehealth/storage/cells.py"
    )


def cell(kind: str, value: Any) -> bytes | None:
    """Return a value's bytes; None for NULL."""
    return None if value is None else KINDS[kind].write(value)


def value(kind: str, content: bytes | None) -> Any:
    """Return the value again; raises ValueError for bytes that are none of this kind."""
    return None if content is None else KINDS[kind].read(content)
