"""What the doorkeeper is told in passing: presence and lines, one at a time, in order, latest word only.

Nobody waits for it, and a slow database makes words merge instead of pile up.
"""

import asyncio
import logging

from signaling.doors import Doorkeeper
from telehealth.domain.access import Actor
from telehealth.domain.errors import Refused

logger = logging.getLogger("signaling.reports")

Key = tuple[str, str, str]
"""What is told ("presence" or "connection"), the visit, and the person."""


class Reports:
    """A worker that hands words on. `run` is its task."""

    def __init__(self, doorkeeper: Doorkeeper) -> None:
        self._doorkeeper = doorkeeper
        self._waiting: dict[Key, tuple[Actor, str | bool]] = {}
        self._something = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def presence(self, actor: Actor, visit_id: str, *, here: bool) -> None:
        """Somebody came, or is gone for good."""
        self._put(("presence", visit_id, actor.id), actor, here)

    def connection(self, actor: Actor, visit_id: str, word: str) -> None:
        """Somebody's line has this word now."""
        self._put(("connection", visit_id, actor.id), actor, word)

    async def settled(self) -> None:
        """Wait until everything has been told."""
        await self._idle.wait()

    async def run(self) -> None:
        """Tell one thing after the other, for ever."""
        while True:
            await self._something.wait()
            while self._waiting:
                key = next(iter(self._waiting))
                await self._tell(key, *self._waiting.pop(key))
            self._something.clear()
            self._idle.set()

    def _put(self, key: Key, actor: Actor, value: str | bool) -> None:  # noqa: FBT001 - the word itself
        self._waiting.pop(key, None)
        self._waiting[key] = (actor, value)
        self._idle.clear()
        self._something.set()

    async def _tell(self, key: Key, actor: Actor, value: str | bool) -> None:  # noqa: FBT001
        what, visit_id, _ = key
        try:
            if isinstance(value, bool):
                await self._doorkeeper.presence(actor, visit_id, value)
            else:
                await self._doorkeeper.connection(actor, visit_id, value)
        except Refused as refusal:
            logger.info("report refused", extra={"event": what, "visit_id": visit_id, "code": refusal.code})
        except Exception:
            logger.exception("report failed", extra={"event": what, "visit_id": visit_id})
