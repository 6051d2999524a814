"""What is taken of resources, by one range of one index: one row for each of them, put together here.

A visit of each specialist in each row would be tens of thousands of rows for a year; all of them in one value
are read ten times as fast, also than what the database would put together by windows.
"""

import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    LargeBinary,
    Row,
    Select,
    String,
    bindparam,
    false,
    func,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy import literal_column as literal
from sqlalchemy.dialects.postgresql import ARRAY

from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.scheduling import Interval
from telehealth.services.appointment_repository import Ends
from telehealth.storage.rows.appointments import appointment_resource, appointments

LONGEST_CLAIM = timedelta(days=1)
"""No visit with its pauses takes so long."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZERO = (datetime(2000, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
"""Where PostgreSQL counts from."""
COMMA = ","
NOTHING: Ends = ((), ())
INSTANT = 8
"""Bytes of an instant as PostgreSQL sends it: a big-endian number of microseconds."""


def claimed(
    kind: ResourceKind,
    resource_ids: Sequence[str],
    window: Interval,
    now: datetime | None = None,
    *,
    sent: bool,
) -> Select[Any] | CompoundSelect[Any]:
    """Starts and ends of what meets `window`, of each resource in one row: bytes that were `sent`, or words.

    With `now`, what was held until then at most is in rows of its own, to be taken out of the others: asked
    of each claim, it would be looked up in the table, while the index alone holds all the rest.
    """
    claim = appointment_resource.c
    everything = (_one_by_one if sent else _grouped)(kind, resource_ids, window)
    if now is None:
        return everything
    instant = func.timestamptz_send if sent else _words
    both = _both(instant(claim.busy_start), instant(claim.busy_end), sent=sent)
    over = claim.appointment_id.in_(select(appointments.c.id).where(*ran_out(now)))
    # No more of `touching`, or PostgreSQL begins with all that is taken: few are over, wherever and whenever.
    in_vain = select(claim.resource_id, both, true()).where(over, claim.active, claim.kind == kind)
    return union_all(everything, in_vain)


def _one_by_one(kind: ResourceKind, resource_ids: Sequence[str], window: Interval) -> Select[Any]:
    """Let PostgreSQL go to the index once for each resource: to group all of them it sorts or hashes all."""
    claim = appointment_resource.c
    asked = func.unnest(bindparam(None, list(resource_ids), ARRAY(String))).column_valued("asked")
    both = _both(_listed(claim.busy_start), _listed(claim.busy_end), sent=True)
    of_one = select(both).where(*_meeting(kind, claim.resource_id == asked, window)).scalar_subquery()
    return select(asked.label("resource_id"), of_one.label("both"), false().label("over"))


def _grouped(kind: ResourceKind, resource_ids: Sequence[str], window: Interval) -> Select[Any]:
    claim = appointment_resource.c
    words = (func.group_concat(_words(each)) for each in (claim.busy_start, claim.busy_end))
    both = _both(*words, sent=False).label("both")
    matching = touching(kind, resource_ids, window)
    return select(claim.resource_id, both, false().label("over")).where(*matching).group_by(claim.resource_id)


def _both(starts: ColumnElement[Any], ends: ColumnElement[Any], *, sent: bool) -> ColumnElement[Any]:
    return type_coerce(starts, LargeBinary).concat(ends) if sent else starts.concat(COMMA).concat(ends)


def _listed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.string_agg(func.timestamptz_send(column), bindparam(None, b"", LargeBinary))


def _words(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, String)


def ends_of(rows: Sequence[Row[Any]], *, sent: bool) -> dict[str, Ends]:
    """Return starts and ends by resource, both in order: nothing that is active overlaps."""
    read = _received if sent else _read
    found = {row.resource_id: read(row.both) for row in rows if row.both and not row.over}
    for row in rows:
        if row.over and row.resource_id in found:
            found[row.resource_id] = _without(found[row.resource_id], read(row.both))
    return {each: ends for each, ends in found.items() if ends != NOTHING}


def _without(ends: Ends, over: Ends) -> Ends:
    """Take one start and one end out, where they are within: others of a group session have the same."""
    starts, finishes = ends
    if over[0][0] not in starts:
        return ends
    at = starts.index(over[0][0])
    return (*starts[:at], *starts[at + 1 :]), (*finishes[:at], *finishes[at + 1 :])


@lru_cache(maxsize=1024)
def _received(both: bytes) -> Ends:
    """Read the instants of one resource, in order: of two looks at a year, most say the same of most."""
    count = len(both) // INSTANT
    return _halves([ZERO + each for each in struct.unpack(f">{count}q", both)])


@lru_cache(maxsize=1024)
def _read(both: str) -> Ends:
    """As `_received`, from words."""
    return _halves([_microseconds(each) for each in both.split(COMMA)])


@lru_cache(maxsize=32768)
def _microseconds(words: str) -> int:
    """Read an instant as SQLite keeps it; most come many times, from many resources."""
    return (datetime.fromisoformat(words).replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def _halves(instants: Sequence[int]) -> Ends:
    half = len(instants) // 2
    return tuple(sorted(instants[:half])), tuple(sorted(instants[half:]))


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
    return *held, *_meeting(kind, claim.resource_id.in_(resource_ids), window)


def _meeting(
    kind: ResourceKind, whose: ColumnElement[bool], window: Interval
) -> tuple[ColumnElement[bool], ...]:
    claim = appointment_resource.c
    return (
        active_in("appointment_resource"),
        claim.kind == kind,
        whose,
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


def _instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
