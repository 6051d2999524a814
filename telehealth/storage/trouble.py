"""A database that cannot be opened at all, said in one sentence that holds no address and no password."""

from collections.abc import Generator
from contextlib import contextmanager

from asyncpg import InterfaceError, PostgresError
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError


class DatabaseTrouble(Exception):
    """The database cannot be reached, entered or brought up to date; the text says why."""


@contextmanager
def in_one_sentence() -> Generator[None]:
    """Raise whatever keeps a database from being opened as DatabaseTrouble."""
    try:
        yield
    except ArgumentError:
        raise DatabaseTrouble("the database's URL cannot be read") from None
    except DBAPIError as error:
        raise DatabaseTrouble(f"the database cannot be used: {_first_line(error.orig or error)}") from error
    except (SQLAlchemyError, PostgresError, InterfaceError, OSError) as error:
        raise DatabaseTrouble(f"the database cannot be used: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    words = str(error).strip().splitlines()
    return words[0] if words else type(error).__name__
