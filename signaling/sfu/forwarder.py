"""Janus as rooms know it: carries visits while it answers, and is found again after it has died."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import ClientSession

from signaling.forwarding import Carry, Order, Spoken
from signaling.sfu.hall import Hall, Keys
from signaling.sfu.janus import Janus, SfuGone, SfuRefused
from signaling.sfu.wire import Heard
from telehealth.crypto.chance import Chance
from telehealth.services.carrying import MESH

FORWARDED = 8
"""So many pictures fit on a phone's line, and on its screen."""
AGAIN = 0.25
"""Seconds between two tries to find it."""
REFUSED_AGAIN = 5.0
"""After a no: another program has its port, or another secret, and that does not pass by itself."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """Where Janus listens, on this machine, and what it wants to hear."""

    url: str
    secret: str = field(repr=False)
    admin_key: str = field(repr=False)


class Forwarder:
    """One Janus, one session. Whatever it carried is gone with the session: rooms are told by `moved`."""

    def __init__(self, access: Access, chance: Chance, direct: int = MESH) -> None:
        self.told: Callable[[Spoken], None] = lambda _: None
        self.moved: Callable[[], None] = lambda: None
        self._access, self._chance = access, chance
        self.direct = direct
        self._janus: Janus | None = None
        self._halls: dict[str, Hall] = {}
        self._working: set[asyncio.Task[None]] = set()

    @property
    def up(self) -> bool:
        """Whether Janus answers."""
        return self._janus is not None

    def carries(self, _: str) -> int:
        """Return how many may be in a visit's call: without Janus as many as browsers can."""
        return FORWARDED if self.up else MESH

    def order(self, order: Order) -> None:
        """Put an order in its visit's row; the first one to carry somebody opens a room."""
        hall = self._halls.get(order.visit_id)
        if (hall is None or hall.over) and self._janus and isinstance(order, Carry):
            hall = self._open(order.visit_id, self._janus)
        if hall is not None:
            hall.orders.put_nowait(order)

    async def run(self) -> None:
        """Keep in touch with Janus."""
        async with ClientSession() as http:
            while True:
                try:
                    await self._meet(http)
                except SfuGone:
                    await asyncio.sleep(AGAIN)
                except SfuRefused as refusal:
                    log.warning("the SFU refuses us", extra={"reason": str(refusal)})
                    await asyncio.sleep(REFUSED_AGAIN)

    async def _meet(self, http: ClientSession) -> None:
        """Serve as long as Janus answers."""
        janus = await Janus.open(http, self._access.url, self._access.secret, self._heard)
        try:
            self._janus = janus
            log.info("the SFU answers")
            self.moved()
            await janus.lost.wait()
            log.warning("the SFU does not answer any more")
        finally:
            self._janus = None
            self._halls.clear()
            for task in list(self._working):
                task.cancel()
            await asyncio.gather(*self._working, return_exceptions=True)
            self.moved()
            await janus.close()

    def _open(self, visit_id: str, janus: Janus) -> Hall:
        room, pin, secret = (self._chance.token(16).hex() for _ in range(3))
        hall = Hall(visit_id, janus, Keys(room, pin, secret, self._access.admin_key), self._say)
        self._halls[visit_id] = hall
        task = asyncio.create_task(self._work(visit_id, hall))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return hall

    async def _work(self, visit_id: str, hall: Hall) -> None:
        try:
            await hall.work()
        except SfuGone:
            return
        except Exception:
            log.exception("a visit cannot be carried", extra={"visit_id": visit_id})
        if self._halls.get(visit_id) is hall:
            del self._halls[visit_id]

    def _say(self, spoken: Spoken) -> None:
        self.told(spoken)

    def _heard(self, what: Heard) -> None:
        """Give an event of Janus to the room whose handle it is about."""
        for hall in self._halls.values():
            if hall.has(what.sender):
                hall.orders.put_nowait(what)
