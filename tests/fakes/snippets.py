"""The fake repository of clinicians' own short texts."""

from typing import Any

from telehealth.domain.errors import StaleVersion
from telehealth.domain.snippets import Snippets


class FakeSnippets:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def of(self, practitioner_id: str) -> Snippets | None:
        return self._t.snippets.get(practitioner_id)

    async def put(self, snippets: Snippets) -> None:
        known = await self.of(snippets.practitioner_id)
        if (known.version if known else 0) != snippets.version - 1:
            raise StaleVersion
        self._t.snippets[snippets.practitioner_id] = snippets
