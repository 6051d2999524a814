"""One visit's room in Janus: who sends, who receives whom, and the offers that follow from it.

Everything is done in the order in which it came, one thing after the other, by one task.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from signaling.forwarding import DOWN, UP, Carry, Drop, Hand, Order, Spoken
from signaling.messages import Candidate, Content, Description, EndOfCandidates
from signaling.sfu.janus import Janus, SfuRefused
from signaling.sfu.wire import Heard, begins_dtls, jsep, trickled

SENDERS = 20
"""More than may sit in a room: who left without a word counts until Janus has noticed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens one room of Janus: known to this server only."""

    room: str
    pin: str
    secret: str
    admin: str


@dataclass(slots=True)
class Line:
    """A member's two handles (0: none), their epochs, the feed that they send and those that they get."""

    up: int = 0
    up_epoch: int = 0
    feed: str = ""
    """Empty until Janus has it: before, nobody can get it."""
    down: int = 0
    down_epoch: int = 0
    gets: frozenset[str] = frozenset()
    offers: int = 0
    offered: str = ""
    """The name of the offer that has not been answered yet."""


class Hall:
    """Carries one visit. `over` once nobody is in it and it takes nobody more: who comes needs another."""

    def __init__(self, visit_id: str, janus: Janus, keys: Keys, told: Callable[[Spoken], None]) -> None:
        self.orders: asyncio.Queue[Order | Heard] = asyncio.Queue()
        self.over = self._left = False
        self._visit_id, self._janus, self._keys, self._told = visit_id, janus, keys, told
        self._lines: dict[str, Line] = {}

    async def work(self) -> None:
        """Make the room, and do what comes until nobody is in it; raises SfuGone when Janus is."""
        control = await self._janus.attach()
        await self._make(control)
        while not self._left or not self.orders.empty():
            order = await self.orders.get()
            try:
                await self._do(order)
            except SfuRefused as refusal:
                log.warning("the SFU refused", extra={"visit_id": self._visit_id, "reason": str(refusal)})
        self.over = True
        await self._janus.message(control, request="destroy", room=self._keys.room, secret=self._keys.secret)
        await self._janus.detach(control)

    def has(self, handle: int) -> bool:
        """Whether this handle of Janus belongs here."""
        return any(handle in (line.up, line.down) for line in self._lines.values())

    async def _make(self, control: int) -> None:
        await self._janus.message(
            control,
            request="create",
            admin_key=self._keys.admin,
            room=self._keys.room,
            pin=self._keys.pin,
            secret=self._keys.secret,
            is_private=True,
            permanent=False,
            publishers=SENDERS,
            videocodec="vp8,h264",
            audiocodec="opus",
            opus_fec=True,
            notify_joining=False,
            record=False,
            lock_record=True,
        )

    async def _do(self, order: Order | Heard) -> None:
        match order:
            case Carry(_, who, up, down):
                self._left = False
                await self._carry(self._lines.setdefault(who, Line()), who, up, down)
            case Hand(_, who, lane, epoch, content) if who in self._lines:
                await self._hand(who, lane, epoch, content)
            case Drop(_, None):
                for who in list(self._lines):
                    await self._drop(who)
            case Drop(_, str(who)) if who in self._lines:
                await self._drop(who)
                await self._share()
            case Heard("webrtcup", _, sender):
                await self._came_up(sender)
            case Heard("hangup", _, sender):
                await self._hung_up(sender)

    async def _carry(self, line: Line, who: str, up: int, down: int) -> None:
        if line.up and line.up_epoch != up:
            await self._end_up(line)
        if line.down and line.down_epoch != down:
            await self._end_down(line)
        line.up_epoch, line.down_epoch = up, down
        await self._offer(who, line)

    async def _hand(self, who: str, lane: str, epoch: int, content: Content) -> None:
        line = self._lines[who]
        handle, current = (line.up, line.up_epoch) if lane == UP else (line.down, line.down_epoch)
        if epoch != current:
            return
        match content:
            case Description("offer") if lane == UP:
                await self._publish(who, line, content)
            case Description("answer", name, sdp) if lane == DOWN and name == line.offered:
                line.offered = ""
                await self._janus.message(handle, jsep("answer", sdp), request="start")
                await self._offer(who, line)
            case Candidate() | EndOfCandidates() if handle:
                await self._janus.ask("trickle", handle, candidate=trickled(content))

    async def _publish(self, who: str, line: Line, offer: Description) -> None:
        """Take a member's offer: the first one joins as a sender, later ones change what is sent."""
        description = jsep("offer", begins_dtls(offer.sdp))
        if line.up:
            answer = await self._janus.message(line.up, description, request="configure")
        else:
            line.up = await self._janus.attach()
            answer = await self._janus.message(
                line.up,
                description,
                request="joinandconfigure",
                ptype="publisher",
                room=self._keys.room,
                pin=self._keys.pin,
                id=f"{who}.{line.up_epoch}",
            )
        self._tell(who, UP, line.up_epoch, Description("answer", offer.id, answer.sdp))

    async def _share(self) -> None:
        """Let everybody get what is sent by now."""
        for who, line in self._lines.items():
            await self._offer(who, line)

    async def _offer(self, who: str, line: Line) -> None:
        """Offer a member what the others send, unless they have it or have yet to answer."""
        feeds = frozenset(other.feed for name, other in self._lines.items() if name != who and other.feed)
        if line.offered or not line.down_epoch or feeds == line.gets:
            return
        more = [{"feed": feed} for feed in sorted(feeds - line.gets)]
        if line.down:
            less = [{"feed": feed} for feed in sorted(line.gets - feeds)]
            changes = {"subscribe": more, "unsubscribe": less}
            told: dict[str, Any] = {name: change for name, change in changes.items() if change}
            made = await self._janus.message(line.down, request="update", **told)
        else:
            made = await self._join(line, more)
        line.gets = feeds
        if made.sdp:
            line.offers += 1
            line.offered = f"d{line.offers}"
            self._tell(who, DOWN, line.down_epoch, Description("offer", line.offered, made.sdp))

    async def _join(self, line: Line, feeds: list[dict[str, str]]) -> Heard:
        handle = await self._janus.attach()
        try:
            joined = await self._janus.message(
                handle,
                request="join",
                ptype="subscriber",
                room=self._keys.room,
                pin=self._keys.pin,
                streams=feeds,
                use_msid=True,
                autoupdate=False,
            )
        except SfuRefused:
            await self._janus.detach(handle)
            raise
        line.down = handle
        return joined

    async def _came_up(self, handle: int) -> None:
        """What somebody sends can be had from now on."""
        for who, line in self._lines.items():
            if line.up == handle:
                line.feed = f"{who}.{line.up_epoch}"
        await self._share()

    async def _drop(self, who: str) -> None:
        line = self._lines.pop(who)
        await self._end_up(line)
        await self._end_down(line)
        self._left = not self._lines

    async def _hung_up(self, handle: int) -> None:
        """Forget a peer connection that has ended at Janus; its member asks for another epoch."""
        for line in self._lines.values():
            if line.up == handle:
                await self._end_up(line)
                await self._share()
                return
            if line.down == handle:
                await self._end_down(line)
                return

    async def _end_up(self, line: Line) -> None:
        handle, line.up, line.feed = line.up, 0, ""
        if handle:
            await self._janus.detach(handle)

    async def _end_down(self, line: Line) -> None:
        handle, line.down, line.gets, line.offered = line.down, 0, frozenset(), ""
        if handle:
            await self._janus.detach(handle)

    def _tell(self, who: str, lane: str, epoch: int, content: Content) -> None:
        self._told(Spoken(self._visit_id, who, lane, epoch, content))
