"""Making a backup beside a running service: entered first, then everything of one moment is written."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction
from telehealth.services.backup_ports import Source
from telehealth.services.backup_stream import Opening, StreamWriter
from telehealth.services.trail import Work, enter

BACKUP = "backup"
"""What audit entries call it; they name it by the instant in its head."""
Report = Callable[[str, int], None]
"""Hears the table that is being written and how many rows there were so far."""


class Anchors(Protocol):
    """The signed heads of the audit chain, which are kept away from the database."""

    def lines(self) -> list[str]:
        """Return all of them, oldest first."""


class Backups:
    """Writes the database's rows and the audit anchors as one stream."""

    def __init__(self, *, work: Work, source: Source, anchors: Anchors) -> None:
        self._work, self._source, self._anchors = work, source, anchors

    async def make(self, made: datetime, write: Callable[[bytes], None], report: Report) -> int:
        """Write everything; return how many rows. No entry, no data: it is entered before they are read.

        The anchors are read before the rows: so none speaks of entries that are not among these.
        """
        async with self._work.units.writing() as uow:
            made_at = made.isoformat()
            await enter(self._work, uow, SYSTEM, AuditAction.BACKUP_MADE, entity=BACKUP, entity_id=made_at)
        lines, rows = self._anchors.lines(), 0
        async with self._source.snapshot() as snapshot:
            stream = StreamWriter(write, Opening(snapshot.revision))
            for line in lines:
                stream.anchor(line)
            for table in snapshot.tables:
                stream.table(table)
                report(table.name, rows)
                async for some in snapshot.rows(table):
                    for row in some:
                        stream.row(row)
                    rows += len(some)
                    report(table.name, rows)
            stream.end()
        return rows
