"""What is taken of resources, by one range of one index, and as stretches without a gap."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.scheduling import Interval
from telehealth.storage.rows.appointments import appointment_resource
from telehealth.storage.types import UtcDateTime

LONGEST_CLAIM = timedelta(days=1)
"""No visit with its pauses takes so long."""


def stretches(kind: ResourceKind, resource_ids: Sequence[str], window: Interval) -> Select[Any]:
    """The last claim of each stretch without a gap, with what follows; and each resource's first claim."""
    claim = appointment_resource.c
    whose, ends = claim.resource_id, claim.busy_end
    spans = (
        select(
            claim.resource_id,
            claim.busy_start,
            claim.busy_end,
            func.lead(claim.busy_start, type_=UtcDateTime)
            .over(partition_by=whose, order_by=ends)
            .label("following"),
            func.lag(ends).over(partition_by=whose, order_by=ends).is_(None).label("first"),
        )
        .where(*touching(kind, resource_ids, window))
        .subquery()
    )
    of = spans.c
    told = or_(of.first, of.following.is_(None), of.following > of.busy_end)
    return select(spans).where(told).order_by(of.resource_id, of.busy_end)


def touching(
    kind: ResourceKind, resource_ids: Sequence[str], window: Interval
) -> tuple[ColumnElement[bool], ...]:
    """What meets `window`: both bounds of busy_end make it one range of the index."""
    claim = appointment_resource.c
    return (
        _active("appointment_resource"),
        claim.kind == kind,
        claim.resource_id.in_(resource_ids),
        claim.busy_end > window.start,
        claim.busy_end < window.end + LONGEST_CLAIM,
        claim.busy_start < window.end,
    )


def _active(table: str) -> ColumnElement[bool]:
    """What takes time, in the word of the index: SQLite passes it over for the `active = 1` of SQLAlchemy."""
    return literal_column(f"{table}.active")
