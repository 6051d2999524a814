"""What services may ask of storage about rooms, devices and interpreters."""

from collections.abc import Sequence
from typing import Protocol

from telehealth.domain.resources import Party, Resource


class Resources(Protocol):
    """Resources of organizations and who has them; names and languages are sealed with the staff."""

    async def add(self, resource: Resource) -> None:
        """Insert a resource."""

    async def save(self, resource: Resource) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def get(self, resource_id: str) -> Resource | None:
        """Return one resource."""

    async def of(self, organization_id: str) -> list[Resource]:
        """Return an organization's, those in use by kind and name, then the retired ones."""

    async def parties(self, appointment_ids: Sequence[str]) -> dict[str, list[Party]]:
        """Return what each of these appointments has, or had when it was cancelled; none left out."""
