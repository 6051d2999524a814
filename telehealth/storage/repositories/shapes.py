"""From rows to values and back, where a column and a field share their name."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import FromClause, Row

from telehealth.domain.errors import Erased

Value = TypeVar("Value")


def values(thing: Any, *left_out: str) -> dict[str, Any]:
    """Return the fields of a dataclass, without those that are sealed or elsewhere."""
    return {field.name: getattr(thing, field.name) for field in fields(thing) if field.name not in left_out}


def columns(row: Row[Any]) -> dict[str, Any]:
    """Return a row of one table as keyword arguments."""
    return dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's public name for it)


def readable(rows: Iterable[Row[Any]], opened: Callable[[dict[str, Any]], Value]) -> list[Value]:
    """Return what rows of several patients hold: all of the others, nothing of who was erased."""
    found = []
    for row in rows:
        with suppress(Erased):
            found.append(opened(columns(row)))
    return found


class Joined:
    """A row that carries several tables side by side."""

    def __init__(self, *tables: FromClause, start: int = 0) -> None:
        """The order of `tables` must be that of the select, where they come after `start` other columns."""
        self._parts: dict[FromClause, tuple[slice, list[str]]] = {}
        for table in tables:
            names = list(table.c.keys())
            self._parts[table] = (slice(start, start + len(names)), names)
            start += len(names)
        self.end = start
        """Where what comes after them begins."""

    def part(self, row: Row[Any], table: FromClause) -> dict[str, Any]:
        """Return one table's columns."""
        where, names = self._parts[table]
        return dict(zip(names, row[where], strict=True))
