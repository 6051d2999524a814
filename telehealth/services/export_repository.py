"""What services may ask of storage about the records of a house as files."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.exports import Export, ExportFile


class Exports(Protocol):
    """Exports that are not over; each program has one at a time."""

    async def add(self, export: Export) -> None:
        """Insert one; raises StaleVersion where its program has one."""

    async def save(self, export: Export, rests_until: datetime | None = None) -> None:
        """Write how far it is and end its claim, or let nobody claim it until then.

        Raises StaleVersion when it changed, or is over.
        """

    async def get(self, export_id: str) -> Export | None:
        """Return one."""

    async def of(self, program_id: str) -> Export | None:
        """Return a program's."""

    async def claim(self, now: datetime, until: datetime) -> Export | None:
        """Take one that runs, the one that has waited longest; nobody else gets it until `until`."""

    async def remove(self, export_id: str) -> int:
        """Delete one; returns how many that was."""

    async def forget(self, before: datetime) -> int:
        """Delete those that got no further since then; returns how many."""

    async def remove_of(self, organization_id: str) -> int:
        """Delete all of a house."""

    async def ids(self) -> list[str]:
        """Return the ids of all."""


class Spool(Protocol):
    """The files of one export while they are written."""

    async def add(self, type_: str, lines: Sequence[str]) -> None:
        """Write resources of a type behind those that are there."""

    async def close(self) -> tuple[ExportFile, ...]:
        """Put all of it on the disk, and return what there is now."""


class Spools(Protocol):
    """The sealed files of exports."""

    async def open(self, export: Export) -> Spool:
        """Go on behind what `export` knows of; what was written after it is cut off.

        Raises FilesLost where that is not there any more.
        """

    def read(self, export: Export, file: ExportFile) -> AsyncGenerator[bytes]:
        """Return a file piece by piece; raises SealBroken where it was changed, or is not whole."""

    async def erase_all_but(self, export_ids: Sequence[str]) -> int:
        """Delete the files of all others; returns of how many."""
