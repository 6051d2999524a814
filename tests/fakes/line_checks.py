"""The fake repository of checks of lines."""

from typing import Any

from telehealth.domain.errors import StaleVersion
from telehealth.domain.line_check import LineCheck


class FakeLineChecks:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def of(self, visit_id: str) -> LineCheck | None:
        return self._t.line_checks.get(visit_id)

    async def put(self, check: LineCheck) -> None:
        stored = self._t.line_checks.get(check.visit_id)
        if (stored.version if stored else 0) != check.version - 1:
            raise StaleVersion
        self._t.line_checks[check.visit_id] = check
