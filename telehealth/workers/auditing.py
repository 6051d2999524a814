"""Links new audit entries within a second and signs the chain's head every minute."""

import os
from pathlib import Path
from typing import Protocol

from telehealth.services.audit_chain import AuditChain
from telehealth.workers.loops import Loop

LINK_EVERY = 0.5
ANCHOR_EVERY = 60.0
REMEMBERED = "audit-anchor"


def auditing(chain: AuditChain) -> list[Loop]:
    """Return both loops."""
    return [
        Loop("audit-linking", chain.link_new, LINK_EVERY),
        Loop("audit-anchor", chain.anchor, ANCHOR_EVERY),
    ]


class Memory(Protocol):
    """Where the newest anchor is remembered: the key store, which lives and is kept apart from the data."""

    def recall(self, name: str) -> str:
        """Return what was remembered under a name, empty for nothing."""

    def remember(self, name: str, text: str) -> None:
        """Keep a text under a name in place of the one before, on disk before this returns."""


class AnchorFile:
    """Anchors as lines of `audit-anchors.jsonl`; copy it elsewhere to hold it against the database later."""

    def __init__(self, path: Path, memory: Memory) -> None:
        self._path, self._memory = path, memory

    def remembered(self) -> str:
        """Return the newest anchor as the memory has it: older than the file's after a crash, never newer."""
        return self._memory.recall(REMEMBERED)

    def lines(self) -> list[str]:
        """Return all whole lines; one that a power cut tore is none."""
        if not self._path.exists():
            return []
        whole, _, _ = self._path.read_text("utf-8").rpartition("\n")
        return whole.splitlines()

    def append(self, line: str) -> None:
        """Write one line and wait until it is on disk."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "r+b") as file:
            content = file.read()
            file.seek(content.rfind(b"\n") + 1)
            file.truncate()
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._memory.remember(REMEMBERED, line)
