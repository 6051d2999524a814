"""Column types refuse what the domain never gives, and give back what it gave."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite as sqlite
from sqlalchemy.engine import Dialect

from telehealth.domain.consultation import VisitStatus
from telehealth.storage.types import Blank, Ids, NaiveInstant, UtcDateTime, Word

DIALECTS = pytest.mark.parametrize(
    "dialect",
    [create_engine(url).dialect for url in ("sqlite://", "postgresql+asyncpg://")],
    ids=["sqlite", "postgresql"],
)
SOMEWHERE = timezone(timedelta(hours=-9, minutes=-30))


@DIALECTS
def test_a_naive_instant_is_refused(dialect: Dialect) -> None:
    with pytest.raises(NaiveInstant):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001


@DIALECTS
def test_an_instant_is_kept_in_utc(dialect: Dialect) -> None:
    local = datetime(2026, 10, 25, 2, 30, tzinfo=SOMEWHERE)
    kept = UtcDateTime().process_bind_param(local, dialect)
    assert kept is not None
    assert kept.replace(tzinfo=None) == datetime(2026, 10, 25, 12, 0)  # noqa: DTZ001
    assert UtcDateTime().process_result_value(kept, dialect) == local


def test_what_sqlite_gives_back_has_its_offset_again() -> None:
    naive = datetime(2026, 10, 25, 12, 0)  # noqa: DTZ001
    assert UtcDateTime().process_result_value(naive, sqlite()) == naive.replace(tzinfo=UTC)


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_sqlite_sorts_texts_as_instants(one: datetime, other: datetime) -> None:
    write = UtcDateTime().dialect_impl(sqlite()).bind_processor(sqlite())
    assert write is not None
    try:
        in_utc = one.astimezone(UTC), other.astimezone(UTC)
    except OverflowError:
        return
    assert (write(one) < write(other)) == (in_utc[0] < in_utc[1])


def test_nothing_stays_nothing() -> None:
    for kind in (UtcDateTime(), Word(VisitStatus)):
        assert kind.process_bind_param(None, sqlite()) is None
        assert kind.process_result_value(None, sqlite()) is None


def test_a_word_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        Word(VisitStatus).process_bind_param("nowhere", sqlite())
    with pytest.raises(ValueError, match="nowhere"):
        Word(VisitStatus).process_result_value("nowhere", sqlite())


def test_a_word_comes_back_as_a_member() -> None:
    assert Word(VisitStatus).process_bind_param(VisitStatus.WAITING, sqlite()) == "waiting"
    assert Word(VisitStatus).process_result_value("waiting", sqlite()) is VisitStatus.WAITING


def test_empty_text_is_null_and_null_is_empty_text() -> None:
    assert Blank().process_bind_param("", sqlite()) is None
    assert Blank().process_result_value(None, sqlite()) == ""
    assert Blank().process_result_value(Blank().process_bind_param("x", sqlite()), sqlite()) == "x"


@given(st.lists(st.text()).map(tuple))
def test_ids_come_back_in_order(ids: tuple[str, ...]) -> None:
    assert Ids().process_result_value(Ids().process_bind_param(ids, sqlite()), sqlite()) == ids
