"""A clock that runs by itself, can be turned on and be stopped."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class FakeClock:
    at: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)
    """The clock runs by itself unless it is turned or stopped."""
    running: bool = True

    def __post_init__(self) -> None:
        self._started = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        passed = asyncio.get_running_loop().time() - self._started
        return self.at + timedelta(seconds=passed if self.running else 0)

    def stop(self) -> None:
        """Let no time pass but what the clock is turned."""
        self.at, self.running = self.now(), False

    def turn(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
