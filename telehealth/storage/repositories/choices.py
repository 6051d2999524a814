"""Invitations to choose a time as rows; ids and times alone, nothing of it is a secret of the patient's."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from telehealth.domain.choice import Choice, ChoiceState
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.repositories.undelivered import lost_choice
from telehealth.storage.rows.choices import choices
from telehealth.storage.transaction import Transaction


class ChoiceRows:
    """The Choices Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, choice: Choice) -> None:
        """Insert one; raises StaleVersion when one is open for this patient and service."""
        await self._transaction.insert(choices, values(choice))

    async def get(self, choice_id: str) -> Choice | None:
        """Return one of them."""
        return await self._one(choices.c.id == choice_id)

    async def by_link(self, digest: bytes) -> Choice | None:
        """Return the one whose link has this digest."""
        return await self._one(choices.c.digest == digest)

    async def by_code(self, code_digest: bytes) -> Choice | None:
        """Return the one whose code has this digest."""
        return await self._one(choices.c.code_digest == code_digest)

    async def standing(self, patient_id: str, service_id: str) -> Choice | None:
        """Return the one that is open, expired or not."""
        whose = (choices.c.patient_id == patient_id, choices.c.service_id == service_id)
        return await self._one(*whose, choices.c.state == ChoiceState.OPEN)

    async def save(self, choice: Choice) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""
        stored = (choices.c.id == choice.id, choices.c.version == choice.version - 1)
        await self._transaction.swap(update(choices).where(*stored).values(values(choice)))

    async def of_patient(self, patient_id: str, since: datetime) -> list[Choice]:
        """Return those of a patient that end or ended after an instant, the newest first."""
        recent = (choices.c.patient_id == patient_id, choices.c.expires_at > since)
        statement = select(choices).where(*recent).order_by(choices.c.made_at.desc(), choices.c.id)
        return [Choice(**columns(row)) for row in await self._transaction.all(statement)]

    async def lost(self, organization_id: str, now: datetime, count: int) -> list[Choice]:
        """Return open invitations of an organization's patients of which nothing reached them."""
        c = choices.c
        ours = (c.patient_organization_id == organization_id, c.state == ChoiceState.OPEN, c.expires_at > now)
        statement = select(choices).where(*ours, lost_choice()).order_by(c.expires_at, c.id).limit(count)
        return [Choice(**columns(row)) for row in await self._transaction.all(statement)]

    async def unreached(self, choice_ids: Sequence[str]) -> frozenset[str]:
        """Return of which of these nothing that was sent reached the patient."""
        statement = select(choices.c.id).where(choices.c.id.in_(choice_ids), lost_choice())
        return frozenset(row.id for row in await self._transaction.all(statement))

    async def _one(self, *conditions: ColumnElement[bool]) -> Choice | None:
        row = await self._transaction.first(self._transaction.kept(select(choices).where(*conditions)))
        return Choice(**columns(row)) if row else None
