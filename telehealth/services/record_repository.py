"""What services may ask of storage about the shared record: versions of FHIR resources, sealed."""

from collections.abc import Collection, Sequence
from typing import Protocol

from telehealth.domain.people import Identifier
from telehealth.domain.record import Head, Mark, ResourceVersion


class Record(Protocol):
    """The shared record's embedded store: versions of FHIR resources, and by what they are found."""

    async def queue(self, patient_ids: Collection[str]) -> None:
        """Wait until nobody else writes into these patients' records; they are held until this unit ends."""

    async def put(self, resource: ResourceVersion) -> None:
        """Insert a version; raises StaleVersion when that version exists."""

    async def get(self, type_: str, resource_id: str, version: int | None = None) -> ResourceVersion | None:
        """Return one version, by default the newest."""

    async def of_patient(self, patient_id: str, type_: str = "") -> list[ResourceVersion]:
        """Return the newest version of each of a patient's resources, oldest change first."""

    async def count(self, patient_id: str, type_: str) -> int:
        """Return how many resources of this type a patient has."""

    async def heads(self, patient_id: str, type_: str, after: Mark | None, limit: int) -> list[Head]:
        """Return the first of a patient's resources behind a mark, oldest change first; none is opened."""

    async def opened(self, type_: str, heads: Sequence[Head]) -> list[ResourceVersion]:
        """Return these versions in their order."""

    async def history(self, type_: str, resource_id: str, before: int, limit: int) -> list[Head]:
        """Return a resource's newest versions older than version `before`, newest first; none is opened."""

    async def versions(self, type_: str, ids: Sequence[str]) -> dict[str, int]:
        """Return the newest stored version of each of these resources; none is opened."""

    async def holders(self, type_: str, patient_id: str, identifier: Identifier) -> list[str]:
        """Return the ids of a patient's resources of this type that have an identifier."""

    async def claim(self, type_: str, patient_id: str, identifier: Identifier, resource_id: str) -> bool:
        """Take an identifier for a resource, before any other has it; False where another was first."""

    async def identify(
        self, type_: str, patient_id: str, resource_id: str, identifiers: Sequence[Identifier]
    ) -> None:
        """Let a resource be found by these identifiers, and by no others from now on."""
