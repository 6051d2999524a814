"""What all fake repositories do: insert once, replace, compare and swap, forget."""

from collections.abc import Callable
from typing import Any

from telehealth.domain.errors import StaleVersion


def insert(table: dict[Any, Any], key: Any, row: Any) -> None:
    if key in table:
        raise StaleVersion
    table[key] = row


def swap(table: dict[Any, Any], row: Any) -> None:
    """Replace a versioned row; raise StaleVersion unless the kept version is exactly one less."""
    if row.id not in table or table[row.id].version != row.version - 1:
        raise StaleVersion
    table[row.id] = row


def change(table: dict[Any, Any], row: Any) -> None:
    """Replace a row; raise StaleVersion when there is none."""
    if row.id not in table:
        raise StaleVersion
    table[row.id] = row


def forget(table: dict[Any, Any], over: Callable[[Any], bool]) -> int:
    """Delete the rows that are over; return how many."""
    keys = [key for key, row in table.items() if over(row)]
    for key in keys:
        del table[key]
    return len(keys)
