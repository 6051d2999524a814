"""What services may ask of storage about recordings, and of the files that they lie in."""

from datetime import datetime
from typing import Protocol

from telehealth.domain.recording import Consent, Recording, View


class RecordingRows(Protocol):
    """Recordings, their keys sealed under the patient's, and what everybody said to them."""

    async def add(self, recording: Recording) -> None:
        """Insert a recording."""

    async def save(self, recording: Recording) -> None:
        """Write what there is now; raises StaleVersion when it changed since it was read."""

    async def get(self, recording_id: str) -> Recording | None:
        """Return one recording."""

    async def of_visit(self, visit_id: str) -> list[Recording]:
        """Return a visit's recordings, oldest first."""

    async def unended(self) -> list[Recording]:
        """Return what has begun, or was only asked for, and has no end."""

    async def overdue(self, now: datetime, limit: int) -> list[Recording]:
        """Return up to `limit` recordings that are kept no longer and are not erased yet."""

    async def answered(self, consent: Consent) -> None:
        """Insert what somebody said to being recorded."""

    async def answers(self, recording_id: str) -> list[Consent]:
        """Return all that was said to a recording, oldest first."""


class Film(Protocol):
    """One view of a recording as a WebM file that was never written: bytes are opened as they are read."""

    @property
    def size(self) -> int:
        """Its length in bytes."""

    @property
    def milliseconds(self) -> int:
        """How long it plays."""

    @property
    def whole(self) -> bool:
        """Whether nothing of it is missing at its end."""

    async def read(self, start: int, length: int) -> bytes:
        """Return bytes of it; raises SealBroken where it was changed."""


class Tapes(Protocol):
    """The sealed files of recordings."""

    async def film(self, recording: Recording, view: View) -> Film | None:
        """Return one view to read, None where there is nothing of it."""

    async def erase(self, recording_id: str) -> None:
        """Delete the files of a recording; harmless where there are none."""
