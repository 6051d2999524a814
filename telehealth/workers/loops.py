"""One supervised loop: a step again and again, through failures, until it is cancelled."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

SLOWEST = 60.0
"""Seconds between tries of a step that keeps failing."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loop:
    """Runs `step` every `every` seconds; what a step returns is of no interest."""

    name: str
    step: Callable[[], Awaitable[object]]
    every: float

    async def run(self) -> None:
        """Go on until cancelled; a failure is logged and slows the next tries down, up to a minute."""
        failures = 0
        while True:
            try:
                await self.step()
                if failures:
                    log.warning("background work goes on", extra={"loop": self.name, "count": failures})
                failures = 0
            except Exception:
                failures += 1
                log.exception("background work failed", extra={"loop": self.name, "count": failures})
            pause = self.every * 2 ** min(failures, 10)
            await asyncio.sleep(pause if not failures else max(self.every, min(pause, SLOWEST)))


@asynccontextmanager
async def running(loops: Sequence[Loop]) -> AsyncIterator[None]:
    """Run all loops as long as the block lasts; then cancel them and wait until they are gone."""
    tasks = [asyncio.create_task(loop.run(), name=f"loop {loop.name}") for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
