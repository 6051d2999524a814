"""Between the rooms and the forwarding server: what it says, and when it comes and goes."""

from collections.abc import Callable, Collection

from signaling.effects import Effect
from signaling.forwarding import Forwarding, Order, Spoken
from signaling.rooms import Rooms
from telehealth.services.ports import Clock


class Carriage:
    """Hears the forwarding server for all rooms. `perform` does what rooms want."""

    def __init__(
        self,
        forwarding: Forwarding,
        rooms: Rooms,
        clock: Clock,
        perform: Callable[[Collection[Effect]], None],
    ) -> None:
        self._forwarding, self._rooms, self._clock, self._perform = forwarding, rooms, clock, perform
        forwarding.told = self._told
        forwarding.moved = self.consider

    async def run(self) -> None:
        """Keep in touch with the forwarding server until cancelled."""
        await self._forwarding.run()

    def order(self, order: Order) -> None:
        """Pass on what a room wants of it."""
        self._forwarding.order(order)

    def consider(self) -> None:
        """Let every room decide how its media go."""
        now, forwards = self._clock.now(), self._forwarding.up
        for held in self._rooms.all():
            self._perform(held.room.consider(now, forwards=forwards))

    def _told(self, said: Spoken) -> None:
        held = self._rooms.get(said.visit_id)
        if held is not None:
            self._perform(held.room.spoken(said))
