"""Subscriptions as rows, and what each has yet to be told: sealed with the staff of the program's house."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Integer,
    String,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from telehealth.crypto.purposes import Purpose
from telehealth.domain.record import ResourceVersion
from telehealth.domain.subscriptions import Event, Subscription, SubscriptionState
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.patients import patients
from telehealth.storage.rows.subscriptions import subscription_events, subscriptions
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction
from telehealth.storage.types import UtcDateTime

SEALED = ("criteria", "reason", "endpoint", "ids", "header")
TABLE, EVENTS = subscriptions.c, subscription_events.c
ACTIVE = TABLE.state == literal(SubscriptionState.ACTIVE.value)

NOTICE = insert(subscription_events).from_select(
    ["subscription_id", "resource_id", "version", "patient_id", "at"],
    select(
        TABLE.id,
        bindparam("resource", type_=String),
        bindparam("number", type_=Integer),
        bindparam("patient", type_=String),
        bindparam("moment", type_=UtcDateTime),
    )
    .join(patients, patients.c.organization_id == TABLE.organization_id)
    .where(
        ACTIVE,
        TABLE.type == bindparam("kind"),
        patients.c.id == bindparam("patient"),
        or_(TABLE.patient_id.is_(None), TABLE.patient_id == bindparam("patient")),
    ),
)
"""One statement, whoever watches: it runs with every version that is written."""


class SubscriptionRows:
    """The Subscriptions Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, subscription: Subscription) -> None:
        """Insert one."""
        await self._transaction.insert(subscriptions, self._row(subscription))

    async def save(self, subscription: Subscription) -> None:
        """Write what there is now and end its claim; raises StaleVersion when it changed since."""
        row = self._row(subscription) | {"claimed_until": None}
        stored = (TABLE.id == subscription.id, TABLE.version == subscription.version - 1)
        await self._transaction.swap(update(subscriptions).where(*stored).values(row))

    async def get(self, subscription_id: str) -> Subscription | None:
        """Return one."""
        statement = select(subscriptions).where(TABLE.id == subscription_id)
        row = await self._transaction.first(self._transaction.kept(statement))
        return self._subscription(columns(row)) if row else None

    async def of(self, program_id: str) -> list[Subscription]:
        """Return a program's, in the order in which they were made."""
        statement = select(subscriptions).where(TABLE.program_id == program_id)
        return await self._all(statement.order_by(TABLE.made_at, TABLE.id))

    async def end_all(self, program_id: str, now: datetime) -> int:
        """Switch off all of a program's that are active, and forget what they had yet to be told."""
        own = select(TABLE.id).where(TABLE.program_id == program_id)
        await self._transaction.write(delete(subscription_events).where(EVENTS.subscription_id.in_(own)))
        off = {"state": SubscriptionState.OFF, "changed_at": now, "version": TABLE.version + 1}
        ended = update(subscriptions).where(TABLE.program_id == program_id, ACTIVE).values(off)
        return await self._transaction.write(ended)

    async def notice(self, resource: ResourceVersion) -> int:
        """Note a new version for every active one that watches its type, patient and house."""
        named = {"resource": resource.id, "number": resource.version, "kind": resource.type}
        about = {"patient": resource.patient_id, "moment": resource.updated_at}
        return await self._transaction.write(NOTICE, named | about)

    async def claim(self, now: datetime, until: datetime, limit: int) -> list[Subscription]:
        """Take active ones that are due, with something to tell; nobody else gets them until `until`."""
        free = or_(TABLE.claimed_until.is_(None), TABLE.claimed_until <= now)
        due = (
            select(TABLE.id)
            .where(ACTIVE, free, TABLE.due_at <= now, exists().where(EVENTS.subscription_id == TABLE.id))
            .order_by(TABLE.due_at, TABLE.id)
            .limit(limit)
            .with_for_update(skip_locked=True)  # PostgreSQL; SQLite leaves it out
            .cte("due")
        )
        taken = update(subscriptions).where(TABLE.id.in_(select(due.c.id))).values(claimed_until=until)
        found = await self._all(taken.returning(*TABLE))
        return sorted(found, key=lambda each: (each.due_at, each.id))

    async def events(self, subscription_id: str, limit: int) -> list[Event]:
        """Return what one has yet to be told, the oldest first."""
        own = select(subscription_events).where(EVENTS.subscription_id == subscription_id)
        ordered = own.order_by(EVENTS.at, EVENTS.resource_id, EVENTS.version).limit(limit)
        return [Event(**columns(row)) for row in await self._transaction.all(ordered)]

    async def done(self, subscription_id: str, events: Sequence[Event]) -> None:
        """Forget events."""
        told = [(each.resource_id, each.version) for each in events]
        if told:
            which = (EVENTS.subscription_id == subscription_id, _KEY.in_(told))
            await self._transaction.write(delete(subscription_events).where(*which))

    async def drop(self, subscription_id: str) -> None:
        """Forget all that one had yet to be told."""
        own = EVENTS.subscription_id == subscription_id
        await self._transaction.write(delete(subscription_events).where(own))

    async def ending(self, now: datetime) -> list[Subscription]:
        """Return active ones whose time is over."""
        return await self._all(select(subscriptions).where(ACTIVE, TABLE.ends_at <= now).order_by(TABLE.id))

    async def forget(self, before: datetime) -> int:
        """Delete those that have been over since then; returns how many."""
        over = (~ACTIVE, TABLE.changed_at < before)
        gone = select(TABLE.id).where(*over)
        await self._transaction.write(delete(subscription_events).where(EVENTS.subscription_id.in_(gone)))
        return await self._transaction.write(delete(subscriptions).where(*over))

    async def _all(self, statement: Any) -> list[Subscription]:
        return [self._subscription(columns(row)) for row in await self._transaction.all(statement)]

    def _row(self, subscription: Subscription) -> dict[str, Any]:
        row = values(subscription, *SEALED)
        return row | self._vault.seal(place_of(row), {each: getattr(subscription, each) for each in SEALED})

    def _subscription(self, row: dict[str, Any]) -> Subscription:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        del row["claimed_until"]
        return Subscription(**row, **content | {"header": tuple(content["header"])})


_KEY = tuple_(EVENTS.resource_id, EVENTS.version)


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand: the same while its state changes."""
    owner = staff_of(row["organization_id"])
    return Place(owner, Purpose.SUBSCRIPTION, row["organization_id"], "subscription", row["id"])
