"""What services may ask of storage about patients."""

from collections.abc import Sequence
from typing import Protocol

from telehealth.domain.people import Patient, PatientQuery


class Patients(Protocol):
    """Patients, sealed under their own keys and found by blind index."""

    async def add(self, patient: Patient) -> None:
        """Insert one; raises StaleVersion when the id exists."""

    async def get(self, patient_id: str) -> Patient | None:
        """Return one; raises Erased for who was erased."""

    async def many(self, patient_ids: Sequence[str]) -> dict[str, Patient]:
        """Return those that exist, by id; in the place of who was erased, nobody."""

    async def search(self, query: PatientQuery, organization_id: str) -> list[Patient]:
        """Return a house's patients who meet everything asked; nothing usable asked finds nobody."""

    async def count(self, organization_id: str) -> int:
        """Return how many patients a house has."""

    async def house_of(self, patient_id: str) -> str | None:
        """Return who manages a patient's record, also of one who was erased; None for who never was."""

    async def ids(self, organization_id: str, after: str, limit: int) -> list[str]:
        """Return the first ids of a house's patients behind one, in their order; none is opened."""
