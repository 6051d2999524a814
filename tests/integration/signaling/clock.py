"""A clock that runs by itself and can be turned on."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class FakeClock:
    at: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)
    """The clock runs by itself unless it is turned."""

    def __post_init__(self) -> None:
        self._started = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return self.at + timedelta(seconds=asyncio.get_running_loop().time() - self._started)

    def turn(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
