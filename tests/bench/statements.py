"""Counting the SQL statements that reach a database, whatever they are: reads, writes, the audit's too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from telehealth.storage.unit_of_work import Storage

BRACKETS = ("BEGIN", "COMMIT", "ROLLBACK")
"""What brackets a transaction is no query; one driver sends them as statements, the other does not."""


@contextmanager
def counted(storage: Storage) -> Iterator[list[str]]:
    """Collect the text of every statement from here to the block's end."""
    seen: list[str] = []

    def take(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(BRACKETS):
            seen.append(statement)

    writer, reader = storage.engines
    # PostgreSQL's reader is the writer under another isolation: listening to both would count twice.
    engines = {id(engine.sync_engine.pool): engine.sync_engine for engine in (reader, writer)}
    for engine in engines.values():
        event.listen(engine, "before_cursor_execute", take)
    try:
        yield seen
    finally:
        for engine in engines.values():
            event.remove(engine, "before_cursor_execute", take)
