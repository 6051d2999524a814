"""The audit log as rows that the database refuses to change, and the chain that grows over them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, func, or_, select, union_all, update

from telehealth.domain.audit import AuditAction, AuditEntry, ChainLink
from telehealth.services.audit_repository import Position
from telehealth.storage.repositories.shapes import Joined, columns, values
from telehealth.storage.rows.audit import audit_entry, audit_link, audit_subject
from telehealth.storage.transaction import Transaction

CHAIN = Joined(audit_link, audit_entry)


class AuditRows:
    """The AuditLog Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def enter(self, entry: AuditEntry) -> None:
        """Write an entry; one statement, two when it touches several patients."""
        several = sorted(set(entry.patient_ids)) if len(entry.patient_ids) > 1 else []
        alone = entry.patient_ids[0] if len(entry.patient_ids) == 1 else ""
        row = values(entry) | {"patient_id": alone, "linked": False}
        await self._transaction.insert(audit_entry, row)
        if several:
            subjects = [{"entry_id": entry.id, "patient_id": each} for each in several]
            await self._transaction.insert(audit_subject, subjects)

    async def unlinked(self, limit: int) -> list[AuditEntry]:
        """Return entries that wait for their place in the chain, oldest first."""
        statement = select(audit_entry).where(~audit_entry.c.linked)
        rows = await self._transaction.all(
            statement.order_by(audit_entry.c.at, audit_entry.c.id).limit(limit)
        )
        return [_entry(columns(row)) for row in rows]

    async def waiting(self) -> int:
        """Return how many entries are not in the chain yet."""
        statement = select(func.count()).select_from(audit_entry).where(~audit_entry.c.linked)
        row = await self._transaction.first(statement)
        return int(row[0]) if row else 0

    async def head(self) -> ChainLink | None:
        """Return the newest link."""
        statement = select(audit_link).order_by(audit_link.c.number.desc()).limit(1)
        row = await self._transaction.first(statement)
        return ChainLink(**columns(row)) if row else None

    async def link(self, links: Sequence[ChainLink]) -> None:
        """Append to the chain; raises StaleVersion when another worker took a number or an entry."""
        if not links:
            return
        await self._transaction.insert(audit_link, [values(each) for each in links])
        entries = audit_entry.c.id.in_([each.entry_id for each in links])
        await self._transaction.write(update(audit_entry).where(entries).values(linked=True))

    async def chain(self, after: int, limit: int) -> list[tuple[ChainLink, AuditEntry | None]]:
        """Return links beyond number `after` in order, each with its entry or None where that is gone."""
        statement = (
            select(audit_link, audit_entry)
            .outerjoin(audit_entry, audit_entry.c.id == audit_link.c.entry_id)
            .where(audit_link.c.number > after)
            .order_by(audit_link.c.number)
            .limit(limit)
        )
        found = []
        for row in await self._transaction.all(statement):
            entry = CHAIN.part(row, audit_entry)
            found.append((ChainLink(**CHAIN.part(row, audit_link)), _entry(entry) if entry["id"] else None))
        return found

    async def stray(self) -> str:
        """Return the id of an entry marked as linked without a link, or the other way; empty when none is."""
        statement = (
            select(audit_entry.c.id)
            .outerjoin(audit_link, audit_link.c.entry_id == audit_entry.c.id)
            .where(audit_entry.c.linked != audit_link.c.entry_id.is_not(None))
            .order_by(audit_entry.c.id)
            .limit(1)
        )
        row = await self._transaction.first(statement)
        return str(row.id) if row else ""

    async def touched(self, entry_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """Return the patients under whom each of these entries is found, in two queries."""
        alone = select(audit_entry.c.id.label("entry_id"), audit_entry.c.patient_id)
        named = select(audit_subject.c.entry_id, audit_subject.c.patient_id)
        found: dict[str, frozenset[str]] = {}
        for statement in (
            alone.where(audit_entry.c.id.in_(entry_ids), audit_entry.c.patient_id.is_not(None)),
            named.where(audit_subject.c.entry_id.in_(entry_ids)),
        ):
            for row in await self._transaction.all(statement):
                found[row.entry_id] = found.get(row.entry_id, frozenset()) | {row.patient_id}
        return found

    async def entry(self, entry_id: str) -> AuditEntry | None:
        """Return one entry."""
        row = await self._transaction.first(select(audit_entry).where(audit_entry.c.id == entry_id))
        return _entry(columns(row)) if row else None

    async def entries(
        self,
        *,
        patient_id: str = "",
        organization_id: str = "",
        actor_id: str = "",
        actions: Collection[AuditAction] = (),
        start: datetime | None = None,
        end: datetime | None = None,
        before: Position | None = None,
        limit: int = 200,
    ) -> list[AuditEntry]:
        """Return the newest entries that meet all that is asked, newest first."""
        of = audit_entry.c
        same = [(of.organization_id, organization_id), (of.actor_id, actor_id)]
        wanted = [_plain(column, patient_id) == value for column, value in same if value]
        if patient_id:
            wanted.append(of.id.in_(_about(patient_id)))
        if actions:
            wanted.append(of.action.in_(sorted(actions)))
        statement = select(audit_entry).where(*wanted, *_within(start, end, before))
        newest = statement.order_by(of.at.desc(), of.id.desc()).limit(limit)
        return [_entry(columns(row)) for row in await self._transaction.all(newest)]


def _plain(column: ColumnElement[str], patient_id: str) -> ColumnElement[str]:
    """Return a column without its index where a patient is named: SQLite would prefer it to theirs."""
    return column.concat("") if patient_id else column


def _about(patient_id: str) -> CompoundSelect[Any]:
    """Return the ids of all entries that name a patient: both kinds have an index of their own."""
    return union_all(
        select(audit_entry.c.id).where(audit_entry.c.patient_id == patient_id),
        select(audit_subject.c.entry_id).where(audit_subject.c.patient_id == patient_id),
    )


def _within(
    start: datetime | None, end: datetime | None, before: Position | None
) -> Iterator[ColumnElement[bool]]:
    """Yield what bounds a page in time; the index on `at` is of use for each."""
    at = audit_entry.c.at
    if start is not None:
        yield at >= start
    if end is not None:
        yield at < end
    if before is not None:
        yield at <= before[0]
        yield or_(at < before[0], audit_entry.c.id < before[1])


def _entry(row: dict[str, Any]) -> AuditEntry:
    del row["patient_id"], row["linked"]
    return AuditEntry(**row)
