"""Programs as rows, and what they have been given."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from telehealth.domain.programs import Program, ProgramToken
from telehealth.storage.repositories.shapes import Joined, columns, values
from telehealth.storage.rows.programs import program_assertions, program_tokens, programs
from telehealth.storage.transaction import Transaction

BOTH = Joined(programs, program_tokens)


class ProgramRows:
    """The Programs Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, program: Program) -> None:
        """Insert a program."""
        await self._transaction.insert(programs, _row(program))

    async def save(self, program: Program) -> None:
        """Write what there is now; raises StaleVersion when it changed since it was read."""
        stored = (programs.c.id == program.id, programs.c.version == program.version - 1)
        await self._transaction.swap(update(programs).where(*stored).values(_row(program)))

    async def get(self, program_id: str) -> Program | None:
        """Return one."""
        row = await self._transaction.first(select(programs).where(programs.c.id == program_id))
        return _program(columns(row)) if row else None

    async def all(self) -> list[Program]:
        """Return all, in the order in which they were added."""
        rows = await self._transaction.all(select(programs).order_by(programs.c.made_at, programs.c.id))
        return [_program(columns(row)) for row in rows]

    async def use(self, program_id: str, digest: bytes, expires_at: datetime) -> bool:
        """Note that an assertion was used; False where it was before."""
        insert = postgresql_insert if self._transaction.postgresql else sqlite_insert
        row = {"program_id": program_id, "digest": digest, "expires_at": expires_at}
        statement = insert(program_assertions).values(**row).on_conflict_do_nothing()
        return await self._transaction.write(statement) == 1

    async def give(self, token: ProgramToken) -> None:
        """Keep what a program was given."""
        await self._transaction.insert(program_tokens, _row(token))

    async def by_digest(self, digest: bytes) -> tuple[Program, ProgramToken] | None:
        """Return what was given with this secret, and to whom."""
        joined = select(programs, program_tokens).join(
            program_tokens, program_tokens.c.program_id == programs.c.id
        )
        row = await self._transaction.first(joined.where(program_tokens.c.digest == digest))
        if row is None:
            return None
        token = BOTH.part(row, program_tokens)
        scopes = tuple(token.pop("scopes").split())
        return _program(BOTH.part(row, programs)), ProgramToken(**token, scopes=scopes)

    async def forget(self, before: datetime) -> int:
        """Delete what was given, and what was used, and is over since then; returns how much that was."""
        gone = 0
        for table in (program_tokens, program_assertions):
            gone += await self._transaction.write(delete(table).where(table.c.expires_at <= before))
        return gone


def _row(thing: Program | ProgramToken) -> dict[str, Any]:
    return values(thing, "scopes") | {"scopes": " ".join(thing.scopes)}


def _program(row: dict[str, Any]) -> Program:
    return Program(**row | {"scopes": tuple(row["scopes"].split())})
