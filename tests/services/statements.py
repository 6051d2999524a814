"""What SQLAlchemy learned about statements and types, kept from one engine to the next.

Each test opens a database of its own, with engines that would compile every statement anew: a quarter of a
test's time. The service itself makes its engines once.
"""

from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

Compiled = dict[Any, Any]
KNOWN: Final[dict[str, tuple[Dialect, Compiled]]] = {}
"""By the name of a database: the first dialect that has met a server, and the statements compiled with it."""


def engine_that_remembers(url: Any, **options: Any) -> AsyncEngine:
    """What `create_async_engine` returns, with what is known from the engines before it."""
    engine = create_async_engine(url, **options)
    made = engine.sync_engine
    if made.dialect.name in KNOWN:
        made.dialect, made._compiled_cache = KNOWN[made.dialect.name]
        made.pool._dialect = made.dialect
        return engine

    @event.listens_for(made, "connect")
    def remember(_connection: Any, _entry: ConnectionPoolEntry) -> None:
        KNOWN.setdefault(made.dialect.name, (made.dialect, {}))

    return engine
