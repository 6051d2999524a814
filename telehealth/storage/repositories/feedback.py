"""What patients said about their visits as rows, and how their lines were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, insert, select, update

from telehealth.domain.feedback import Counted, Feedback, Track, Trouble
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.feedback import feedback, line_track
from telehealth.storage.rows.visits import visits
from telehealth.storage.transaction import Transaction


class FeedbackRows:
    """The Feedbacks Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def given(self, visit_ids: Sequence[str]) -> dict[str, Feedback]:
        """Return what was said about these visits, by visit."""
        rows = await self._transaction.all(select(feedback).where(feedback.c.visit_id.in_(visit_ids)))
        return {row.visit_id: _feedback(columns(row)) for row in rows}

    async def put(self, given: Feedback) -> None:
        """Write an answer: version 1 is new; raises StaleVersion unless one less is stored."""
        await self._put(feedback, values(given))

    async def counted(self, organization_id: str, since: datetime) -> list[Counted]:
        """Return how often each answer was given since an instant; tests left out, nobody named."""
        said = (feedback.c.answer, feedback.c.troubles)
        statement = (
            select(*said, func.count().label("times"))
            .join(visits, visits.c.id == feedback.c.visit_id)
            .where(
                feedback.c.organization_id == organization_id,
                feedback.c.given_at >= since,
                visits.c.test.is_(False),
            )
            .group_by(*said)
        )
        rows = await self._transaction.all(statement)
        return [Counted(row.answer, _troubles(row.troubles), row.times) for row in rows]

    async def tracks(self, visit_ids: Sequence[str]) -> dict[str, Track]:
        """Return how the lines of these visits were, by visit; none where the word never changed."""
        rows = await self._transaction.all(select(line_track).where(line_track.c.visit_id.in_(visit_ids)))
        return {row.visit_id: Track(**columns(row)) for row in rows}

    async def put_track(self, track: Track) -> None:
        """Write a track: version 1 is new; raises StaleVersion unless one less is stored."""
        await self._put(line_track, values(track))

    async def _put(self, table: Table, row: dict[str, Any]) -> None:
        if row["version"] == 1:
            await self._transaction.write(insert(table).values(row))
            return
        stored = (table.c.visit_id == row["visit_id"], table.c.version == row["version"] - 1)
        await self._transaction.swap(update(table).where(*stored).values(row))


def _feedback(row: dict[str, Any]) -> Feedback:
    return Feedback(**row | {"troubles": _troubles(row["troubles"])})


def _troubles(words: tuple[str, ...]) -> tuple[Trouble, ...]:
    return tuple(Trouble(word) for word in words)
