"""The fake repository of exports, and their files in memory."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telehealth.crypto.errors import SealBroken
from telehealth.domain.errors import StaleVersion
from telehealth.domain.exports import Export, ExportFile, ExportState, FilesLost
from tests.fakes.rows import forget, insert, swap


class FakeExports:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, export: Export) -> None:
        if await self.of(export.program_id) is not None:
            raise StaleVersion
        insert(self._t.exports, export.id, export)

    async def save(self, export: Export, rests_until: datetime | None = None) -> None:
        swap(self._t.exports, export)
        self._t.export_claims.pop(export.id, None)
        if rests_until is not None:
            self._t.export_claims[export.id] = rests_until

    async def get(self, export_id: str) -> Export | None:
        found: Export | None = self._t.exports.get(export_id)
        return found

    async def of(self, program_id: str) -> Export | None:
        return next((each for each in self._t.exports.values() if each.program_id == program_id), None)

    async def claim(self, now: datetime, until: datetime) -> Export | None:
        claims = self._t.export_claims
        running = [each for each in self._t.exports.values() if each.state is ExportState.RUNNING]
        free = [each for each in running if claims.get(each.id, now) <= now]
        taken: Export | None = min(free, key=lambda each: (each.changed_at, each.id), default=None)
        if taken is not None:
            claims[taken.id] = until
        return taken

    async def remove(self, export_id: str) -> int:
        return forget(self._t.exports, lambda each: each.id == export_id)

    async def forget(self, before: datetime) -> int:
        return forget(self._t.exports, lambda each: each.changed_at <= before)

    async def remove_of(self, organization_id: str) -> int:
        return forget(self._t.exports, lambda each: each.organization_id == organization_id)

    async def ids(self) -> list[str]:
        return sorted(self._t.exports)


@dataclass
class FakeSpool:
    lines: dict[str, list[str]]
    new: dict[str, list[str]] = field(default_factory=dict)

    async def add(self, type_: str, lines: Sequence[str]) -> None:
        self.new.setdefault(type_, []).extend(lines)

    async def close(self) -> tuple[ExportFile, ...]:
        for type_, lines in self.new.items():
            self.lines.setdefault(type_, []).extend(lines)
        return tuple(ExportFile(each, count=len(self.lines[each])) for each in sorted(self.lines))


@dataclass
class FakeSpools:
    """The files of exports, by export and type."""

    exports: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    async def open(self, export: Export) -> FakeSpool:
        lines = self.exports.setdefault(export.id, {})
        known = {each.type: each.count for each in export.files}
        if any(len(lines.get(type_, ())) < count for type_, count in known.items()):
            raise FilesLost
        for type_ in list(lines):
            lines[type_] = lines[type_][: known.get(type_, 0)]
        return FakeSpool(lines)

    async def read(self, export: Export, file: ExportFile) -> AsyncGenerator[bytes]:
        lines = self.exports.get(export.id, {}).get(file.type, [])[: file.count]
        if len(lines) < file.count:
            raise SealBroken
        for line in lines:
            yield f"{line}\n".encode()

    async def erase_all_but(self, export_ids: Sequence[str]) -> int:
        gone = self.exports.keys() - set(export_ids)
        self.exports = {name: lines for name, lines in self.exports.items() if name not in gone}
        return len(gone)
