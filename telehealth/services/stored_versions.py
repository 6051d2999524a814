"""Versions that the audit log says were written, held against what is stored: an old one put back shows."""

import re
from dataclasses import dataclass

from telehealth.domain.audit import AuditAction, AuditEntry
from telehealth.services.repositories import UnitOfWork

VERSION = re.compile(r"version ([0-9]+)")
NOTES = frozenset({AuditAction.NOTE_SAVED, AuditAction.NOTE_SIGNED, AuditAction.NOTE_REFILED})
FILED = frozenset({AuditAction.RECORD_WRITTEN, AuditAction.RECORD_CREATED, AuditAction.RECORD_UPDATED})
NOTE = "note"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Rollback:
    """A thing whose newest version is not there; `number` is the entry that tells of it, 0 when unlinked."""

    number: int
    problem: str


class WrittenVersions:
    """The highest version of each note and resource that entries have named so far."""

    def __init__(self) -> None:
        self._highest: dict[str, dict[tuple[str, str], tuple[int, int]]] = {}

    def hear(self, number: int, entry: AuditEntry) -> None:
        """Take in an entry; most are not about versions."""
        named = VERSION.fullmatch(entry.reason)
        if named is None:
            return
        if entry.action in NOTES:
            kind, key = NOTE, (entry.entity_id, entry.actor_id)
        elif entry.action in FILED:
            kind, key = entry.entity, (entry.entity_id, "")
        else:
            return
        version, known = int(named[1]), self._highest.setdefault(kind, {})
        if version > known.get(key, (0, 0))[0]:
            known[key] = (version, number)

    async def rolled_back(self, uow: UnitOfWork) -> Rollback | None:
        """Return the first thing that is stored in an older version, or not at all."""
        for kind, written in sorted(self._highest.items()):
            keys = sorted(written)
            for start in range(0, len(keys), BATCH):
                part = keys[start : start + BATCH]
                stored = await _stored(uow, kind, [key[0] for key in part])
                for key in part:
                    version, number = written[key]
                    if stored.get(key, 0) < version:
                        return Rollback(number, _sentence(kind, key[0], stored.get(key, 0), version))
        return None


async def _stored(uow: UnitOfWork, kind: str, ids: list[str]) -> dict[tuple[str, str], int]:
    if kind == NOTE:
        return await uow.notes.versions(ids)
    return {(id_, ""): version for id_, version in (await uow.record.versions(kind, ids)).items()}


def _sentence(kind: str, id_: str, stored: int, written: int) -> str:
    what = f"A note of visit {id_}" if kind == NOTE else f"{kind} {id_}"
    state = f"is at version {stored}" if stored else "is missing"
    return f"{what} {state}; version {written} was entered."
