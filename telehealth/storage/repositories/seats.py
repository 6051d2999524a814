"""Seats of group sessions: who comes first has the lowest that is free, and a full session takes nobody."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, literal_column, select

from telehealth.domain.appointment import Claim, ResourceKind
from telehealth.domain.errors import SlotTaken, StaleVersion
from telehealth.domain.groups import Session
from telehealth.domain.scheduling import Interval
from telehealth.services.appointment_repository import Claimed
from telehealth.storage.repositories.stretches import active_in, ran_out
from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.transaction import Transaction


def has_seat(claim: Claim) -> bool:
    """Whether a claim is the one of its visit that is counted: that of the session's specialist."""
    return bool(claim.session) and claim.kind is ResourceKind.PRACTITIONER


async def queue_for_seats(transaction: Transaction, booked: Sequence[Claimed]) -> None:
    """Wait for whoever takes seats in the same sessions, before anything is given up for them.

    Two that want the last seat would else both count it as free, and one would hear of a full session where
    another seat is left.
    """
    for session in sorted(_wanted(booked)):
        await transaction.queue_for(_queue(session))


async def free_seats(transaction: Transaction, booked: Sequence[Claimed]) -> dict[str, list[int]]:
    """Return the free seats of each session that is wanted, the lowest first.

    Raises SlotTaken where one has too few. Where a session has more visits than seats, because there were
    more seats once, none of the seats that are left over is free.
    """
    await queue_for_seats(transaction, booked)
    free: dict[str, list[int]] = {}
    for session, claims in _wanted(booked).items():
        c, seats = appointment_resource.c, claims[0].seats
        statement = select(c.seat).where(c.session == session, *_seated())
        taken = {row.seat for row in await transaction.all(statement)}
        left = max(0, seats - len(taken))
        free[session] = [seat for seat in range(1, seats + 1) if seat not in taken][:left]
        if len(free[session]) < len(claims):
            transaction.refused = SlotTaken(missing=frozenset({ResourceKind.PRACTITIONER}))
            raise transaction.refused
    return free


def sitting(
    service_id: str, practitioner_ids: Sequence[str], window: Interval, now: datetime | None
) -> Select[Any]:
    """What group sessions take: each resource of each in one row, with how many seats are taken."""
    c, claim = appointments.c, appointment_resource.c
    held = () if now is None else (c.id.not_in(select(c.id).where(*ran_out(now))),)
    return (
        select(c.practitioner_id, c.start, claim.resource_id, func.count(claim.seat).label("taken"))
        .join(appointment_resource, claim.appointment_id == c.id)
        .where(
            *held,
            c.service_id == service_id,
            c.practitioner_id.in_(practitioner_ids),
            c.start >= window.start,
            c.start < window.end,
            claim.session.is_not(None),
            claim.active,
        )
        .group_by(c.practitioner_id, c.start, claim.resource_id)
        .order_by(c.start, c.practitioner_id)
    )


def sessions_of(rows: Iterable[Row[Any]]) -> list[Session]:
    """Return the sessions of such rows."""
    found = []
    for (whose, start), group in groupby(rows, key=lambda row: (row.practitioner_id, row.start)):
        parts = list(group)
        has = frozenset(each.resource_id for each in parts)
        found.append(Session(whose, start, sum(each.taken for each in parts), has))
    return found


async def together(transaction: Transaction, appointment_id: str) -> list[str]:
    """Return the ids of all in the session of an appointment, by id; of one alone its own."""
    c = appointment_resource.c
    own = select(c.session).where(c.appointment_id == appointment_id, *_seated())
    everybody = select(c.appointment_id).where(c.session.in_(own), *_seated()).order_by(c.appointment_id)
    return [row.appointment_id for row in await transaction.all(everybody)] or [appointment_id]


async def stay_together(transaction: Transaction, appointment_ids: Sequence[str], toward: str) -> None:
    """Keep everybody out of the session of these, and of that which they go to, until the unit ends.

    Both in sorted order: two groups that change places at once would wait for each other. Raises StaleVersion
    where others are in the session by now.
    """
    c = appointment_resource.c
    theirs = select(c.session).where(c.appointment_id.in_(appointment_ids), *_seated()).distinct()
    own = {row.session for row in await transaction.all(theirs)}
    for session in sorted({*own, toward} - {""}):
        await transaction.queue_for(_queue(session))
    everybody = select(c.appointment_id).where(c.session.in_(own), *_seated())
    found = {row.appointment_id for row in await transaction.all(everybody)}
    if own and found != set(appointment_ids):
        raise StaleVersion


def _seated(name: str = appointment_resource.name) -> tuple[ColumnElement[bool], ...]:
    """What the index of seats holds, in its words."""
    return active_in(name), literal_column(f"{name}.seat IS NOT NULL")


def _queue(session: str) -> str:
    return f"session\n{session}"


def together_of_visit() -> ScalarSelect[Any]:
    """How many are in the session of the row's appointment, itself among them; 0 where there is none."""
    own, other = (appointment_resource.alias(name).c for name in ("own_seat", "seats"))
    return (
        select(func.count())
        .where(
            own.appointment_id == appointments.c.id,
            *_seated("own_seat"),
            other.session == own.session,
            *_seated("seats"),
        )
        .scalar_subquery()
    )


def _wanted(booked: Sequence[Claimed]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for _, claims in booked:
        for claim in filter(has_seat, claims):
            found.setdefault(claim.session, []).append(claim)
    return found
