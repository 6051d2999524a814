"""What is taken of resources, by one range of one index: one row for each of them, put together here.

A visit of each specialist in each row would be tens of thousands of rows for a year; a list of them in one
value is read ten times as fast, also than what the database would put together by windows.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    String,
    cast,
    func,
    select,
    type_coerce,
)
from sqlalchemy import literal_column as literal
from sqlalchemy.dialects.postgresql import ARRAY

from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.scheduling import Interval
from telehealth.services.appointment_repository import Ends
from telehealth.storage.rows.appointments import appointment_resource, appointments

LONGEST_CLAIM = timedelta(days=1)
"""No visit with its pauses takes so long."""
SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=32768)
def _microseconds(words: str) -> int:
    """Read an instant as SQLite keeps it; most come many times, from many resources."""
    return (datetime.fromisoformat(words).replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def claimed(
    kind: ResourceKind,
    resource_ids: Sequence[str],
    window: Interval,
    now: datetime | None = None,
    *,
    lists: bool,
) -> Select[Any]:
    """Starts and ends of what meets `window`, of each resource in one row; as lists, or as words."""
    claim = appointment_resource.c
    put_together = _listed if lists else _in_words
    return (
        select(
            claim.resource_id,
            put_together(claim.busy_start).label("starts"),
            put_together(claim.busy_end).label("ends"),
        )
        .where(*touching(kind, resource_ids, window, now))
        .group_by(claim.resource_id)
    )


def ends_of(rows: Sequence[Row[Any]], *, lists: bool) -> dict[str, Ends]:
    """Return starts and ends by resource, both in order: nothing that is active overlaps."""
    if lists:
        return {row.resource_id: (tuple(sorted(row.starts)), tuple(sorted(row.ends))) for row in rows}
    return {row.resource_id: (_read(row.starts), _read(row.ends)) for row in rows}


@lru_cache(maxsize=1024)
def _read(words: str) -> tuple[int, ...]:
    """Read the instants of one resource, in order: of two looks at a year, most say the same of most."""
    return tuple(sorted(map(_microseconds, words.split(","))))


def stretches(ends: Ends) -> Iterator[Interval]:
    """As one what has no time between."""
    starts, finishes = ends
    begins = starts[0]
    for finish, following in zip(finishes, (*starts[1:], None), strict=True):
        if following is None or following > finish:
            yield Interval(_instant(begins), _instant(finish))
            begins = following or finish


def touching(
    kind: ResourceKind, resource_ids: Sequence[str], window: Interval, now: datetime | None = None
) -> tuple[ColumnElement[bool], ...]:
    """What meets `window`: both bounds of busy_end make it one range of the index.

    With `now` without what was held until then at most: the sweeper comes later.
    """
    claim = appointment_resource.c
    held = (
        () if now is None else (claim.appointment_id.not_in(select(appointments.c.id).where(*ran_out(now))),)
    )
    return (
        *held,
        active_in("appointment_resource"),
        claim.kind == kind,
        claim.resource_id.in_(resource_ids),
        claim.busy_end > window.start,
        claim.busy_end < window.end + LONGEST_CLAIM,
        claim.busy_start < window.end,
    )


def ran_out(now: datetime | ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    """Holds that nobody used in time; few, and an index has them."""
    c = appointments.c
    return c.status == AppointmentStatus.PENDING, c.held_until.is_not(None), c.held_until <= now


def active_in(table: str) -> ColumnElement[bool]:
    """What takes time, in the word of the index: SQLite passes it over for the `active = 1` of SQLAlchemy."""
    return literal(f"{table}.active")


def _in_words(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.group_concat(type_coerce(column, String))


def _listed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    # In doubles, which tell microseconds apart until 2106: EXTRACT counts in decimals, at half the speed.
    microseconds = cast(func.date_part("epoch", column) * SECOND, BigInteger)
    return func.array_agg(microseconds, type_=ARRAY(BigInteger))


def _instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
