"""Asks the relay that is handed out for an address, again and again, and tells what is wrong with it."""

import asyncio
import logging
import ssl

from signaling.turn import Relay
from telehealth.relay.program import Program
from telehealth.services.ports import Chance, Clock
from telehealth.workers.loops import Loop

EVERY, AGAIN = 600.0, 60.0
"""Seconds between questions, and after trouble."""
TENTH = 0.1
"""Of the former, what is left to chance: many servers may ask one relay."""

log = logging.getLogger(__name__)


class Watch:
    """Knows what is wrong with the relay: `troubles` is for monitors, the log tells each change."""

    def __init__(self, relay: Relay, clock: Clock, chance: Chance, tls: ssl.SSLContext | None) -> None:
        self.troubles: list[str] = []
        self.beside: Program | None = None
        """The relay beside the server, if that is the one."""
        self.woken = asyncio.Event()
        """Set by whoever knows that the answer may be another one now."""
        self._relay, self._clock, self._chance, self._tls = relay, clock, chance, tls

    @property
    def restarts(self) -> int:
        """How often the relay beside the server had to be started again."""
        return max(0, self.beside.starts - 1) if self.beside else 0

    def loop(self) -> Loop:
        """Return the loop that asks."""
        return Loop("relay watch", self.step, 1.0)

    async def step(self) -> None:
        """Ask, and wait until it is time to ask again."""
        self.woken.clear()
        before, self.troubles = self.troubles, await self.ask()
        if self.troubles != before:
            self._tell()
        try:
            async with asyncio.timeout(self._pause()):
                await self.woken.wait()
        except TimeoutError:
            return

    async def ask(self) -> list[str]:
        """Return what is wrong at this moment."""
        if self.beside and not self.beside.up:
            return ["the relay beside the server is not running"]
        # Imports that take their time, and that no command needs and no server without a relay.
        from telehealth.relay.troubles import troubles

        return await troubles(self._relay, self._clock, self._tls)

    def _pause(self) -> float:
        if self.troubles:
            return AGAIN
        return EVERY * (1 - TENTH * self._chance.token(1)[0] / 255)

    def _tell(self) -> None:
        if not self.troubles:
            log.info("the relay serves")
        for trouble in self.troubles:
            log.warning("the relay does not serve as it should", extra={"reason": trouble})
