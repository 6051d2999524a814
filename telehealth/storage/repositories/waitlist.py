"""Waiting lists and offers as rows; ids and times alone, nothing of it is a secret of the patient's."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from telehealth.domain.waitlist import EVERYBODY, Offer, OfferState, Sought, Waiting, WaitStatus
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.repositories.undelivered import lost_offer
from telehealth.storage.rows.waitlist import offers, waitlist
from telehealth.storage.transaction import Transaction

WAITS = waitlist.c.status == WaitStatus.WAITING


class WaitlistRows:
    """The WaitlistRows Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, waiting: Waiting) -> None:
        """Insert one; raises StaleVersion when the patient waits for this service already."""
        await self._transaction.insert(waitlist, values(waiting))

    async def get(self, waiting_id: str) -> Waiting | None:
        """Return one of them."""
        statement = self._transaction.kept(select(waitlist).where(waitlist.c.id == waiting_id))
        row = await self._transaction.first(statement)
        return Waiting(**columns(row)) if row else None

    async def save(self, waiting: Waiting) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""
        stored = (waitlist.c.id == waiting.id, waitlist.c.version == waiting.version - 1)
        await self._transaction.swap(update(waitlist).where(*stored).values(values(waiting)))

    async def standing(self, patient_id: str, service_id: str) -> Waiting | None:
        """Return for what the patient waits in this service."""
        wished = (waitlist.c.patient_id == patient_id, waitlist.c.service_id == service_id)
        row = await self._transaction.first(self._transaction.kept(select(waitlist).where(WAITS, *wished)))
        return Waiting(**columns(row)) if row else None

    async def of(self, organization_id: str, sought: Sought = EVERYBODY) -> list[Waiting]:
        """Return who of those sought waits for a service of this house, or is its patient, longest first."""
        return await self._listed(*_sought(organization_id, sought), count=sought.count)

    async def number(self, organization_id: str, sought: Sought) -> int:
        """Return how many of those sought wait, whatever their `count`."""
        matching = (WAITS, *_sought(organization_id, sought))
        row = await self._transaction.first(select(func.count()).select_from(waitlist).where(*matching))
        return int(row[0]) if row else 0

    async def all(self) -> list[Waiting]:
        """Return everybody who waits, longest waiting first."""
        return await self._listed()

    async def add_offer(self, offer: Offer) -> None:
        """Insert an offer; raises StaleVersion when one is open for the same wish."""
        await self._transaction.insert(offers, values(offer))

    async def offer(self, offer_id: str) -> Offer | None:
        """Return one offer."""
        return await self._one(offers.c.id == offer_id)

    async def by_link(self, digest: bytes) -> Offer | None:
        """Return the offer whose link has this digest."""
        return await self._one(offers.c.digest == digest)

    async def by_code(self, code_digest: bytes) -> Offer | None:
        """Return the offer whose code has this digest."""
        return await self._one(offers.c.code_digest == code_digest)

    async def save_offer(self, offer: Offer) -> None:
        """Compare-and-swap as `save`."""
        stored = (offers.c.id == offer.id, offers.c.version == offer.version - 1)
        await self._transaction.swap(update(offers).where(*stored).values(values(offer)))

    async def offers_of(self, waiting_ids: Sequence[str]) -> list[Offer]:
        """Return all that was offered for these wishes, the newest first."""
        statement = select(offers).where(offers.c.waiting_id.in_(waiting_ids))
        rows = await self._transaction.all(statement.order_by(offers.c.made_at.desc(), offers.c.id))
        return [Offer(**columns(row)) for row in rows]

    async def unreached(self, waiting_ids: Sequence[str]) -> frozenset[str]:
        """Return which offers for these wishes reached nobody and were not answered."""
        waits = offers.c.state.in_((OfferState.OPEN, OfferState.EXPIRED))
        statement = select(offers.c.id).where(offers.c.waiting_id.in_(waiting_ids), waits, lost_offer())
        return frozenset(row.id for row in await self._transaction.all(statement))

    async def run_out(self, now: datetime) -> list[Offer]:
        """Return open offers that expired, earliest first."""
        over = (offers.c.state == OfferState.OPEN, offers.c.expires_at <= now)
        statement = select(offers).where(*over).order_by(offers.c.expires_at, offers.c.id)
        return [Offer(**columns(row)) for row in await self._transaction.all(statement)]

    async def _listed(self, *conditions: ColumnElement[bool], count: int | None = None) -> list[Waiting]:
        statement = select(waitlist).where(WAITS, *conditions).order_by(waitlist.c.since, waitlist.c.id)
        return [Waiting(**columns(row)) for row in await self._transaction.all(statement.limit(count))]

    async def _one(self, condition: ColumnElement[bool]) -> Offer | None:
        row = await self._transaction.first(self._transaction.kept(select(offers).where(condition)))
        return Offer(**columns(row)) if row else None


def _sought(organization_id: str, sought: Sought) -> list[ColumnElement[bool]]:
    c = waitlist.c
    conditions = [or_(c.organization_id == organization_id, c.patient_organization_id == organization_id)]
    if sought.patient_id:
        conditions.append(c.patient_id == sought.patient_id)
    if sought.practitioner_id:
        conditions.append(c.practitioner_id == sought.practitioner_id)
    if sought.after:
        since, behind = sought.after
        conditions.append(or_(c.since > since, and_(c.since == since, c.id > behind)))
    return conditions
