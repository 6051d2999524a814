"""What a database says is told in the domain's words; what it says of our own mistakes is left as it is."""

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from telehealth.domain.errors import SlotTaken, StaleVersion, Unavailable
from telehealth.storage.engine import database_url
from telehealth.storage.transaction import in_our_words, refusal


class Answer(Exception):
    """An error as the PostgreSQL driver raises it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("no words")
        self.sqlstate = sqlstate


def raised(original: Exception, *, lost: bool = False) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, original, connection_invalidated=lost)


@pytest.mark.parametrize(
    "original,expected",
    [
        (Answer("23P01"), SlotTaken),
        (Answer("23505"), StaleVersion),
        (Answer("40P01"), Unavailable),
        (Answer("40001"), Unavailable),
        (sqlite3.IntegrityError("slot-taken"), SlotTaken),
        (sqlite3.IntegrityError("UNIQUE constraint failed: note.id"), StaleVersion),
        (sqlite3.OperationalError("database is locked"), Unavailable),
    ],
    ids=str,
)
def test_a_refusal_has_our_name(original: Exception, expected: type[Exception]) -> None:
    assert type(refusal(raised(original))) is expected
    with pytest.raises(expected), in_our_words():
        raise raised(original)


@pytest.mark.parametrize(
    "original", [Answer("23503"), sqlite3.IntegrityError("FOREIGN KEY constraint failed")], ids=str
)
def test_a_mistake_of_ours_stays_one(original: Exception) -> None:
    assert refusal(raised(original)) is None
    with pytest.raises(IntegrityError), in_our_words():
        raise IntegrityError("INSERT", {}, original)


def test_a_lost_connection_is_told_as_unavailable() -> None:
    assert type(refusal(raised(Answer("08006"), lost=True))) is Unavailable


@pytest.mark.parametrize(
    "text,driver",
    [
        ("sqlite:///x.sqlite", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///x.sqlite", "sqlite+aiosqlite"),
        ("postgresql://host/name", "postgresql+asyncpg"),
        ("postgres://host/name", "postgresql+asyncpg"),
        ("postgresql+asyncpg://host/name", "postgresql+asyncpg"),
    ],
)
def test_a_url_gets_our_driver(text: str, driver: str) -> None:
    assert database_url(text).drivername == driver
