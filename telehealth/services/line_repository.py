"""What services may ask of storage about the line of a specialist and about the clinic's word to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.clinic_message import ClinicMessage
from telehealth.domain.queue import Line, Running


class Lines(Protocol):
    """A specialist's line, how the clinic runs today, and what it told those who wait."""

    async def of(self, practitioner_id: str, now: datetime, since: datetime, newest: int) -> Line:
        """Return who waits and is in a call; appointments that ended before `since` and tests are left out.

        With the `newest` lengths of calls, and how the clinic runs on the day of `now`. No name is opened.
        """

    async def waiting(self, organization_id: str, since: datetime) -> list[str]:
        """Return ids of waiting visits that an organization is concerned with, as `of` counts them."""

    async def running(self, practitioner_id: str, now: datetime) -> Running | None:
        """Return how the clinic runs on the day of `now`; None when nobody has said anything."""

    async def put_running(self, state: Running) -> None:
        """Write how the clinic runs: version 1 is new; raises StaleVersion unless one less is stored."""

    async def told_late(self, visit_ids: Sequence[str]) -> dict[str, tuple[datetime, int]]:
        """Return, for each visit whose patient was told at home, its time then and how many minutes late."""

    async def put_told_late(self, visit_id: str, start: datetime, minutes: int) -> None:
        """Keep what a visit's patient is told at home, over what was told before."""

    async def add_message(self, message: ClinicMessage) -> None:
        """Insert a message."""

    async def messages(self, visit_id: str) -> list[ClinicMessage]:
        """Return a visit's messages, oldest first."""
