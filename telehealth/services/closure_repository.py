"""What services may ask of storage about closed clinics."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from telehealth.domain.closures import Closure


class Closures(Protocol):
    """Closures of organizations and their sites; a phone to ring is sealed with the organization's staff."""

    async def add(self, closure: Closure) -> None:
        """Insert a closure."""

    async def get(self, closure_id: str) -> Closure | None:
        """Return one closure."""

    async def coming(self, organization_id: str, now: datetime) -> list[Closure]:
        """Return an organization's closures that are not over, the first to begin first."""

    async def in_force(self, organization_ids: Collection[str], now: datetime) -> list[Closure]:
        """Return the closures of these organizations within which `now` lies."""

    async def remove(self, closure_id: str) -> None:
        """Forget a closure."""

    async def concerned(self, closure: Closure) -> list[tuple[str, str]]:
        """Return visit and specialist of what lies in a closure and has to be seen, by visit; no tests."""
