"""The fake repository of what patients said and of how their lines were."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from telehealth.domain.errors import StaleVersion
from telehealth.domain.feedback import Counted, Feedback, Track


class FakeFeedbacks:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def given(self, visit_ids: Sequence[str]) -> dict[str, Feedback]:
        return {each: self._t.feedback[each] for each in visit_ids if each in self._t.feedback}

    async def put(self, feedback: Feedback) -> None:
        _put(self._t.feedback, feedback)

    async def counted(self, organization_id: str, since: datetime) -> list[Counted]:
        said = Counter(
            (each.answer, each.troubles)
            for each in self._t.feedback.values()
            if each.organization_id == organization_id and each.given_at >= since
            if not self._t.visits[each.visit_id].test
        )
        return [Counted(answer, troubles, times) for (answer, troubles), times in said.items()]

    async def tracks(self, visit_ids: Sequence[str]) -> dict[str, Track]:
        return {each: self._t.tracks[each] for each in visit_ids if each in self._t.tracks}

    async def put_track(self, track: Track) -> None:
        _put(self._t.tracks, track)


def _put(table: dict[Any, Any], row: Any) -> None:
    stored = table.get(row.visit_id)
    if (stored.version if stored else 0) != row.version - 1:
        raise StaleVersion
    table[row.visit_id] = row
