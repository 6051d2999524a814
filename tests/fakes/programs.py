"""The fake repository of programs."""

from datetime import datetime
from typing import Any

from telehealth.domain.programs import Program, ProgramToken
from tests.fakes.rows import forget, insert, swap


class FakePrograms:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, program: Program) -> None:
        insert(self._t.programs, program.id, program)

    async def save(self, program: Program) -> None:
        swap(self._t.programs, program)

    async def get(self, program_id: str) -> Program | None:
        found: Program | None = self._t.programs.get(program_id)
        return found

    async def all(self) -> list[Program]:
        return sorted(self._t.programs.values(), key=lambda each: (each.made_at, each.id))

    async def use(self, program_id: str, digest: bytes, expires_at: datetime) -> bool:
        if (program_id, digest) in self._t.program_assertions:
            return False
        self._t.program_assertions[program_id, digest] = expires_at
        return True

    async def give(self, token: ProgramToken) -> None:
        insert(self._t.program_tokens, token.digest, token)

    async def by_digest(self, digest: bytes) -> tuple[Program, ProgramToken] | None:
        token: ProgramToken | None = self._t.program_tokens.get(digest)
        return (self._t.programs[token.program_id], token) if token else None

    async def forget(self, before: datetime) -> int:
        given = forget(self._t.program_tokens, lambda each: each.expires_at <= before)
        return given + forget(self._t.program_assertions, lambda each: each <= before)
