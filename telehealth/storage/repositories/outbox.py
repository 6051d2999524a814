"""Messages waiting to leave as rows: what they say and what went wrong is sealed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, and_, bindparam, delete, func, or_, select, update

from telehealth.crypto.errors import KeyUnknown
from telehealth.crypto.purposes import Purpose
from telehealth.domain.errors import Erased
from telehealth.domain.outbox import GATHERED, WAITING, WISHES, Channel, Delivery, OutboxMessage
from telehealth.storage.repositories.shapes import columns, readable, values
from telehealth.storage.repositories.undelivered import only_lost
from telehealth.storage.rows.appointments import appointments
from telehealth.storage.rows.outbox import outbox
from telehealth.storage.rows.visits import visits
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

SEALED = ("values", "language", "last_error")

MESSAGE = select(outbox).where(outbox.c.id == bindparam("sought"))
SAVE = update(outbox).where(outbox.c.id == bindparam("which"))


class OutboxRows:
    """The Outbox Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def put(self, *messages: OutboxMessage) -> None:
        """Insert, in the transaction of what caused them."""
        if messages:
            await self._transaction.insert(outbox, [self._row(each) for each in messages])

    async def take_back(self, visit_id: str, templates: Collection[str]) -> int:
        """Delete what nobody has begun to send about a visit by these templates; returns how many."""
        waiting = and_(
            outbox.c.visit_id == visit_id, outbox.c.template.in_(templates), outbox.c.state == Delivery.DUE
        )
        return await self._transaction.write(delete(outbox).where(waiting))

    async def claim(
        self, channel: Channel, now: datetime, until: datetime, limit: int
    ) -> list[OutboxMessage]:
        """Take a channel's due messages until `until`; nobody else gets them meanwhile.

        What a dead worker had claimed is taken again after its time, but for an SMS that it had handed over
        (`leaving`): it may be out, and nobody can tell.
        """
        waiting = and_(outbox.c.state == Delivery.DUE, outbox.c.due_at <= now)
        abandoned = and_(outbox.c.state == Delivery.SENDING, outbox.c.claimed_until <= now)
        due = (
            select(outbox.c.id)
            .where(outbox.c.channel == channel, or_(waiting, abandoned))
            .order_by(outbox.c.due_at, outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)  # PostgreSQL; SQLite leaves it out
            .cte("due")
        )
        statement = (
            update(outbox)
            .where(outbox.c.id.in_(select(due.c.id)))
            .values(state=Delivery.SENDING, claimed_until=until)
            .returning(*outbox.c)
        )
        taken = await self._all(statement)
        return sorted(taken, key=lambda message: (message.due_at, message.id))

    async def hand_over(self, message_id: str, now: datetime, until: datetime) -> None:
        """Mark a claimed SMS as leaving; raises StaleVersion for whoever comes second."""
        claimed = and_(outbox.c.id == message_id, outbox.c.state == Delivery.SENDING)
        leaving = {"state": Delivery.LEAVING, "claimed_until": until, "changed_at": now}
        await self._transaction.swap(update(outbox).where(claimed).values(leaving))

    async def adrift(self, now: datetime, limit: int) -> list[OutboxMessage]:
        """Return messages that were handed over by a worker who never came back, the oldest first."""
        gone = and_(outbox.c.state == Delivery.LEAVING, outbox.c.claimed_until <= now)
        statement = select(outbox).where(gone).order_by(outbox.c.due_at, outbox.c.id).limit(limit)
        return await self._all(statement)

    async def get(self, message_id: str) -> OutboxMessage | None:
        """Return one message."""
        row = await self._transaction.first(self._transaction.kept(MESSAGE), {"sought": message_id})
        return self._message(columns(row)) if row else None

    async def save(self, message: OutboxMessage) -> None:
        """Write all of a message and end its claim; raises StaleVersion when there is none."""
        changes = self._row(message) | {"claimed_until": None, "which": message.id}
        await self._transaction.swap(SAVE, changes)

    async def of_visit(self, visit_id: str) -> list[OutboxMessage]:
        """Return a visit's messages, oldest first."""
        statement = (
            select(outbox).where(outbox.c.visit_id == visit_id).order_by(outbox.c.made_at, outbox.c.id)
        )
        return await self._all(statement)

    async def gathering(self, person_id: str, now: datetime) -> list[OutboxMessage]:
        """Return a person's messages of `GATHERED` that nobody may send before `now`, and lock them."""
        waits = and_(
            outbox.c.person_id == person_id,
            outbox.c.template.in_(GATHERED),
            outbox.c.state == Delivery.DUE,
            outbox.c.attempts == 0,
            outbox.c.due_at > now,
        )
        statement = select(outbox).where(waits).order_by(outbox.c.id).with_for_update()
        return await self._all(statement)

    async def unreached(self, organization_id: str, since: datetime, limit: int) -> list[OutboxMessage]:
        """Return lost messages, if all of their kind are, about visits of an organization that end later."""
        ours = or_(
            appointments.c.organization_id == organization_id,
            appointments.c.patient_organization_id == organization_id,
        )
        statement = (
            select(outbox)
            .join(visits, visits.c.id == outbox.c.visit_id)
            .join(appointments, appointments.c.id == visits.c.appointment_id)
            .where(only_lost(outbox), ours, appointments.c.end > since)
            .order_by(appointments.c.start, outbox.c.made_at, outbox.c.id)
            .limit(limit)
        )
        return await self._all(statement)

    async def lost_about(self, visit_ids: Sequence[str]) -> list[OutboxMessage]:
        """Return the lost messages about these visits whose kind reached nobody, the oldest first."""
        statement = (
            select(outbox)
            .where(only_lost(outbox), outbox.c.visit_id.in_(visit_ids))
            .order_by(outbox.c.made_at, outbox.c.id)
        )
        return await self._all(statement)

    async def of_choices(self, choice_ids: Sequence[str]) -> list[OutboxMessage]:
        """Return the messages about these invitations to choose a time, oldest first."""
        about = select(outbox).where(outbox.c.choice_id.in_(choice_ids))
        return await self._all(about.order_by(outbox.c.made_at, outbox.c.id))

    async def of_offers(self, offer_ids: Sequence[str]) -> list[OutboxMessage]:
        """Return the messages about these offers, oldest first."""
        about = select(outbox).where(outbox.c.offer_id.in_(offer_ids))
        return await self._all(about.order_by(outbox.c.made_at, outbox.c.id))

    async def forget_wishes(self, changed_before: datetime) -> int:
        """Delete wishes that were met or given up before an instant; returns how many."""
        over = and_(
            outbox.c.template.in_(WISHES),
            outbox.c.state.not_in(WAITING),
            outbox.c.changed_at < changed_before,
        )
        return await self._transaction.write(delete(outbox).where(over))

    async def forget_unreadable(self) -> int:
        """Delete waiting messages that nobody will ever open; returns how many."""
        waiting = select(outbox).where(outbox.c.state.in_(WAITING))
        gone = [row.id for row in await self._transaction.all(waiting) if not self._opens(columns(row))]
        return await self._transaction.write(delete(outbox).where(outbox.c.id.in_(gone)))

    async def counts(self) -> dict[Delivery, int]:
        """Return how many messages stand where; states without any are left out."""
        statement = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        return dict(tuple(row) for row in await self._transaction.all(statement))

    async def _all(self, statement: Executable) -> list[OutboxMessage]:
        rows = await self._transaction.all(statement)
        return readable(rows, self._message)

    def _opens(self, row: dict[str, Any]) -> bool:
        try:
            self._message(row)
        except (Erased, KeyUnknown):
            return False
        return True

    def _row(self, message: OutboxMessage) -> dict[str, Any]:
        row = values(message, *SEALED)
        return row | self._vault.seal(place_of(row), {name: getattr(message, name) for name in SEALED})

    def _message(self, row: dict[str, Any]) -> OutboxMessage:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        del row["claimed_until"]
        for name in ("made_at", "changed_at"):  # the release before did not write them
            row[name] = row[name] or row["due_at"]
        return OutboxMessage(**row, **content)


def place_of(row: dict[str, Any]) -> Place:
    """A message about a visit belongs to the person it goes to, any other to the organization's staff."""
    of_person = row["visit_id"] and not row["account_id"]
    owner = row["person_id"] if of_person else staff_of(row["organization_id"])
    return Place(owner, Purpose.OUTBOX, row["organization_id"], "outbox", row["id"])
