"""The server of live messages: events in, effects out, and what the services announce."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from functools import partial
from typing import Any

from aiohttp.web import Application, Request, StreamResponse

from signaling.announcements import Draining, Replaced, format_server
from signaling.answers import Answers
from signaling.carriage import Carriage
from signaling.doors import Credentials, Doorkeeper
from signaling.effects import Close, Effect, Forward, Gone, Send
from signaling.events import Events
from signaling.forwarding import Forwarding
from signaling.gate import ADMITTED, Gate, TurnedAway
from signaling.guards import GuardedServer
from signaling.lately import Lately
from signaling.letting_in import LettingIn
from signaling.limits import Limits
from signaling.messages import PARSERS
from signaling.notices import Notices
from signaling.outlets import Outlet, Reply, Switch
from signaling.polling import Polling
from signaling.preparing import Preparing
from signaling.presence import Connection, Counts, MemoryPresence, Presence
from signaling.reports import Reports
from signaling.rooms import Rooms
from signaling.taping import Recorded, Taping
from signaling.turn import Relay
from telehealth.crypto.chance import Chance
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.notices import (
    DeviceMoved,
    LockChanged,
    Notice,
    QueueChanged,
    SessionsEnded,
    VisitChanged,
    VisitEnded,
)
from telehealth.services.ports import Clock

PATH = "/socket.io/"
RETRY = 2
"""Seconds over which clients spread their return after a drain."""

logger = logging.getLogger("signaling.server")


class SignalingServer:
    """The door for live messages: `attach` hangs it, services push through `announce`."""

    def __init__(  # noqa: PLR0913 (what the whole door stands on)
        self,
        doorkeeper: Doorkeeper,
        credentials: Credentials,
        clock: Clock,
        *,
        chance: Chance,
        origins: Collection[str],
        relay: Relay,
        limits: Limits,
        carrier: Forwarding,
        recording: Recorded | None = None,
    ) -> None:
        self._clock, self._limits = clock, limits
        self._presence: Presence = MemoryPresence(limits.grace)
        self._rooms = Rooms(limits.grace, carrier)
        self._reports = Reports(doorkeeper)
        self._preparing = Preparing(doorkeeper, self._presence, self._rooms, self._perform)
        taping = self._taping = Taping(recording, self._rooms, self._carry_out)
        self._events = Events(doorkeeper, self._rooms, self._reports, self._preparing, clock, relay, taping)
        letting_in = LettingIn(self._presence, self._rooms, clock, relay)
        self._notices = Notices(self._presence, self._rooms, self._preparing, letting_in)
        self._carriage = Carriage(carrier, self._rooms, clock, self._perform)
        self._gate = Gate(doorkeeper, credentials, clock, origins=origins, limits=limits)
        self._answers = Answers(self._events, clock, limits)
        self._lately = Lately()
        self._draining: asyncio.Task[None] | None = None
        self._wire = GuardedServer(PARSERS.keys(), limits)
        self._wire.on("connect", self._upgraded)
        self._wire.on("disconnect", self._disconnected)
        for event in PARSERS:
            self._wire.on(event, partial(self._door, event))
        switch = Switch(self._full, self._connected, self._disconnected, self._door)
        self._polling = Polling(self._gate, switch, clock, chance, limits)
        self._outlets: tuple[Outlet, ...] = (self._wire, self._polling)

    def attach(self, app: Application) -> None:
        """Serve sockets at PATH and those without one in `app`, and live and end with it."""
        app.router.add_route("*", PATH, self._handle)
        self._polling.attach(app)
        app.cleanup_ctx.append(self._running)
        app.on_shutdown.append(self._shutdown)

    def connections(self) -> Counts:
        """Return what is open."""
        return Counts(self._wire.open_lines, len(self._answers), len(self._rooms))

    def staff(self) -> list[tuple[Actor, bool]]:
        """Return every connected member of staff and whether they sit in a call."""
        everyone = self._presence.everyone()
        return [(each.actor, each.in_call) for each in everyone if each.actor.kind is ActorKind.STAFF]

    async def announce(self, notice: Notice) -> None:
        """Carry a notice of the services to everyone concerned."""
        match notice:
            case VisitChanged():
                self._perform(self._notices.visit_changed(notice))
            case VisitEnded():
                self._perform(self._notices.visit_ended(notice))
                self._rooms.tidy(notice.visit_id)
            case SessionsEnded(session_ids):
                self._lately.end(session_ids, self._clock.now())
                self._perform(self._notices.sessions_ended(notice))
            case DeviceMoved():
                self._device_moved(notice)
            case LockChanged(session_id, locked):
                self._lately.lock(session_id, self._clock.now(), locked=locked)
                self._notices.lock_changed(notice)
            case QueueChanged():
                self._perform(self._notices.queue_changed(notice))
            case _:
                self._perform(self._notices.of_the_line(notice))

    def _device_moved(self, notice: DeviceMoved) -> None:
        self._perform(self._notices.device_moved(notice))
        for connection in self._presence.of_sessions((notice.session_id,)):
            self._reports.presence(connection.actor, notice.visit_id, here=True)

    async def drain(self) -> None:
        """Say good-bye to everyone and be gone, stuck clients included. Running calls go on without us."""
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain())
        await asyncio.shield(self._draining)

    async def _drain(self) -> None:
        self._gate.closed = True
        logger.info("draining", extra={"count": len(self._answers)})
        await self._taping.close()
        for connection in self._presence.everyone():
            self._perform([Send(connection.id, Draining(RETRY)), Close(connection.id, "draining")])
        with suppress(TimeoutError):
            everyone_left = asyncio.gather(*(outlet.emptied() for outlet in self._outlets))
            await asyncio.wait_for(everyone_left, self._limits.drain_within)
        for outlet in self._outlets:
            outlet.abort_all()
        await self._wire.shutdown()

    def tick(self) -> None:
        """Let time pass in rooms and registers; the running server does it every second."""
        now = self._clock.now()
        self._polling.tick()
        for held in self._rooms.all():
            self._perform(held.room.tick(now))
            self._rooms.tidy(held.room.visit_id)
        self._carriage.consider()
        for gone in self._presence.overdue(now):
            self._reports.presence(gone.actor, gone.actor.visit_id, here=False)
        self._lately.prune(now)
        self._gate.prune()

    async def settled(self) -> None:
        """Wait until the doorkeeper has been told everything so far."""
        await self._reports.settled()
        await self._preparing.settled()
        await self._taping.settled()

    async def _handle(self, request: Request) -> StreamResponse:
        try:
            if self._full():
                raise self._gate.full()
            await self._gate.admit(request)
        except TurnedAway as refusal:
            logger.info("turned away", extra={"code": refusal.code})
            return refusal.response()
        response: StreamResponse = await self._wire.handle_request(request)
        return response

    def _full(self) -> bool:
        return self._wire.open_lines + len(self._polling) >= self._limits.connections

    async def _running(self, _: Application) -> AsyncIterator[None]:
        running = (self._reports.run(), self._preparing.run(), self._carriage.run(), self._ticking())
        workers = [asyncio.create_task(each) for each in running]
        yield
        for worker in workers:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker

    async def _shutdown(self, _: Application) -> None:
        await self.drain()

    async def _ticking(self) -> None:
        while True:
            await asyncio.sleep(self._limits.tick_every)
            try:
                self.tick()
            except Exception:
                logger.exception("tick failed")

    def _upgraded(self, sid: str, environ: dict[str, Any], _: object) -> bool:
        """Take in a socket. Its actor is on the request, from the gate; CONNECT itself counts nothing."""
        return self._connected(sid, environ["aiohttp.request"][ADMITTED])

    def _connected(self, sid: str, actor: Actor) -> bool:
        """Take in a connection; False when its session has ended meanwhile or nobody comes in any more."""
        if self._gate.closed or self._lately.ended(actor.session_id):
            return False
        connection = self._presence.add(sid, actor)
        connection.locked = self._lately.locked(actor.session_id)
        self._answers.begin(sid)
        logger.info("connected", extra={"session_id": actor.session_id, "visit_id": actor.visit_id})
        self._make_room_for(connection)
        self._preparing.came(connection)
        if actor.kind is ActorKind.VISITOR:
            self._reports.presence(actor, actor.visit_id, here=True)
        return True

    def _make_room_for(self, newest: Connection) -> None:
        """Let the oldest connections of a session go, those outside a room first."""
        same = self._presence.of_sessions([newest.actor.session_id])
        others = [each for each in same if not each.gone and each is not newest]
        others.sort(key=lambda each: (each.in_call, each.number))
        for each in others[: max(0, len(others) + 1 - self._limits.connections_of_session)]:
            self._perform([Send(each.id, Replaced()), Close(each.id, "replaced")])

    def _disconnected(self, sid: str, reason: str) -> None:
        connection = self._presence.remove(sid, self._clock.now())
        self._answers.forget(sid)
        if connection is None:
            return
        logger.info("disconnected", extra={"session_id": connection.actor.session_id, "reason": reason})
        if self._gate.closed:
            return
        held = self._rooms.get(connection.place)
        if held is not None:
            self._perform(held.room.connection_lost(sid, self._clock.now()))
            self._rooms.tidy(held.room.visit_id)
        actor = connection.actor
        self._preparing.lost(connection)
        if actor.kind is ActorKind.VISITOR and self._presence.away_since(actor.visit_id):
            self._reports.connection(actor, actor.visit_id, "reconnecting")

    async def _door(self, event: str, sid: str, body: object) -> Reply:
        """Answer one event of a client."""
        answer, effects = await self._answers.answer(self._presence.get(sid), event, body)
        return answer, partial(self._perform, effects)

    def _perform(self, effects: Collection[Effect]) -> None:
        """Do what rooms and notices want; then look who is in the calls that are recorded."""
        self._carry_out(effects)
        self._taping.settle()

    def _carry_out(self, effects: Collection[Effect]) -> None:
        """Do what is wanted, in order and without waiting."""
        for effect in effects:
            match effect:
                case Send(to, message):
                    self._outlet(to).post(to, *format_server(message))
                case Close(connection_id, why):
                    self._close(connection_id, why)
                case Forward(order):
                    self._carriage.order(order)
                case Gone():
                    self._gone(effect)

    def _close(self, connection_id: str, why: str) -> None:
        connection = self._presence.get(connection_id)
        if connection is not None and not connection.gone:
            connection.gone = True
            logger.info("closing", extra={"session_id": connection.actor.session_id, "reason": why})
            self._outlet(connection_id).close(connection_id)

    def _outlet(self, connection_id: str) -> Outlet:
        return self._polling if connection_id in self._polling else self._wire

    def _gone(self, gone: Gone) -> None:
        held = self._rooms.get(gone.visit_id)
        actor = held.actors.get(gone.participant) if held else None
        if actor is None:
            return
        connected = actor.kind is ActorKind.VISITOR and self._presence.visitors(gone.visit_id)
        if gone.on_purpose or not connected:
            self._reports.presence(actor, gone.visit_id, here=False)
