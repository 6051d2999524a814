"""The fake repository of what was said in writing during calls."""

from typing import Any

from telehealth.domain.conversation import Utterance
from telehealth.domain.errors import StaleVersion
from tests.fakes.rows import insert


class FakeConversations:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, utterance: Utterance) -> None:
        for each in self._of(utterance.visit_id):
            same = each.author_id == utterance.author_id and each.key == utterance.key
            if same or each.seq == utterance.seq:
                raise StaleVersion
        insert(self._t.utterances, utterance.id, utterance)

    async def by_key(self, visit_id: str, author_id: str, key: str) -> Utterance | None:
        mine = (each for each in self._of(visit_id) if each.author_id == author_id)
        return next((each for each in mine if each.key == key), None)

    async def last(self, visit_id: str) -> int:
        return max((each.seq for each in self._of(visit_id)), default=0)

    async def by_guests(self, visit_id: str) -> int:
        return sum(each.part is not None for each in self._of(visit_id))

    async def since(self, visit_id: str, seq: int, limit: int) -> list[Utterance]:
        return [each for each in self._of(visit_id) if each.seq > seq][:limit]

    def _of(self, visit_id: str) -> list[Utterance]:
        found = [each for each in self._t.utterances.values() if each.visit_id == visit_id]
        return sorted(found, key=lambda each: each.seq)
