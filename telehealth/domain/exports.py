"""The records of a house as files for one of its programs: how far they are, and how long they are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

KEPT = timedelta(hours=24)
"""So long the files can be fetched, and so long one may take that gets no further."""
MOST_TRIES = 8
"""Failures one after the other, after which an export is given up: about an hour after the first."""
FIRST_WAIT = 30
"""Seconds."""


class FilesLost(Exception):
    """Nothing can be written behind an export's files: they are gone, or shorter than its last mark says.

    Where the disk gets full they are given up.
    """


def wait_after(tries: int) -> timedelta:
    """How long an export rests after so many failures: each time twice as long."""
    return timedelta(seconds=FIRST_WAIT * 2 ** (tries - 1))


class ExportState(StrEnum):
    """Where an export stands; one that is over is not there any more."""

    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """What has been written of one type: bytes and sealed pieces on disk, and resources in them."""

    type: str
    size: int = 0
    pieces: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Export:
    """What a program has asked for. `key` is of its files alone; `after` is the last patient who is in them.

    `request` is the address that was asked. `changed_at` is when it last got further, or was ready.
    """

    id: str
    program_id: str
    organization_id: str
    types: tuple[str, ...]
    scopes: tuple[str, ...]
    request: str
    key: str
    made_at: datetime
    changed_at: datetime
    since: datetime | None = None
    state: ExportState = ExportState.RUNNING
    total: int = 0
    done: int = 0
    after: str = ""
    files: tuple[ExportFile, ...] = ()
    tries: int = 0
    version: int = 0

    @property
    def over_at(self) -> datetime:
        """When its files are erased."""
        return self.changed_at + KEPT
