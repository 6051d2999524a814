"""What services may ask of storage about programs that work by themselves."""

from datetime import datetime
from typing import Protocol

from telehealth.domain.programs import Program, ProgramToken


class Programs(Protocol):
    """Programs, what they have been given for some minutes, and which of their assertions were used."""

    async def add(self, program: Program) -> None:
        """Insert a program."""

    async def save(self, program: Program) -> None:
        """Write what there is now; raises StaleVersion when it changed since it was read."""

    async def get(self, program_id: str) -> Program | None:
        """Return one."""

    async def all(self) -> list[Program]:
        """Return all, in the order in which they were added."""

    async def use(self, program_id: str, digest: bytes, expires_at: datetime) -> bool:
        """Note that an assertion was used; False where it was before."""

    async def give(self, token: ProgramToken) -> None:
        """Keep what a program was given."""

    async def by_digest(self, digest: bytes) -> tuple[Program, ProgramToken] | None:
        """Return what was given with this secret, and to whom."""

    async def forget(self, before: datetime) -> int:
        """Delete what was given, and what was used, and is over since then; returns how much that was."""
