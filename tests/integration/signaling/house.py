"""A real server on the loopback with a small house behind it, and clients of both kinds: good and raw."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Self

import socketio
from aiohttp.web import Application, AppRunner, Request, TCPSite

from signaling.doors import Credential
from signaling.forwarding import NoForwarding
from signaling.limits import Limits, Rate
from signaling.server import SignalingServer
from signaling.taping import Recorded
from signaling.turn import Relay
from telehealth.crypto.chance import SystemChance
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import NotFound, OtherDevice, Refused
from telehealth.domain.guests import GuestKind
from telehealth.domain.line_record import Look, Marks
from telehealth.domain.people import Role
from telehealth.domain.seating import Beginning, NextInLine, Seat
from tests.integration.signaling.clock import FakeClock
from tests.integration.signaling.talk import Talk

VISIT = "01960c5e-6f5b-7c3a-9d55-0f6a1c2b3d4e"
ORIGIN = "https://visits.example.org"
STAFF = {"Cookie": "staff=amara"}
PATIENT = {"Cookie": "visit=bo"}
GUEST = {"Cookie": "guest=lina"}
QUICK = Limits(close_within=0.4, drain_within=1.0, connect_within=1.5, tick_every=0.05)
"""Time enough to connect for a test itself, on a machine that does much else besides."""
PATIENCE = 5.0
"""Seconds after which a test gives up waiting."""


class NotAdmitted(Refused):
    code = "not-admitted"
    sentence = "Nobody has let you in yet."


def amara(session: str = "session-amara") -> Actor:
    return Actor(ActorKind.STAFF, "amara", Role.SPECIALIST, "hospital", session, "Dr Amara Okafor")


def bo(session: str = "session-bo") -> Actor:
    return Actor(ActorKind.VISITOR, "bo", None, "hospital", session, "Bo L.", visit_id=VISIT)


def lina() -> Actor:
    return Actor(ActorKind.GUEST, "lina", None, "hospital", "lina", "Lina", visit_id=VISIT)


def cy() -> Actor:
    return Actor(ActorKind.VISITOR, "cy", None, "hospital", "session-cy", "Cy", visit_id="another-visit")


def everybody() -> dict[str, Actor]:
    """Who is signed in, by cookie; 2 is the same person in another browser."""
    second = {"amara2": amara("session-amara-2"), "bo2": bo("session-bo-2")}
    return {"amara": amara(), "bo": bo(), "lina": lina(), "cy": cy(), **second}


@dataclass
class House(Talk):
    """Doorkeeper and cookies: who is in `people` is signed in, who is in `admitted` has a seat."""

    people: dict[str, Actor] = field(default_factory=everybody)
    admitted: set[str] = field(default_factory=lambda: {"amara", "bo"})
    told: list[tuple[str, str, object]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    questions: int = 0
    _question: asyncio.Event = field(default_factory=asyncio.Event)
    relay_only: bool = False
    begins: Beginning | None = None
    bound_to: str = "session-bo"
    """The session of the patient's device."""
    next: str | None = None
    """The visit whose call may be prepared."""

    async def staff(self, token: str) -> Actor | None:
        return self.people.get(token)

    async def visitor(self, visit_id: str, token: str) -> Actor | None:
        actor = self.people.get(token)
        visits = actor is not None and actor.kind is ActorKind.VISITOR and actor.visit_id == visit_id
        return actor if visits else None

    async def guest(self, guest_id: str, token: str) -> Actor | None:
        actor = self.people.get(token)
        return actor if actor and actor.kind is ActorKind.GUEST and actor.id == guest_id else None

    async def asked(self, times: int) -> None:
        """Wait until seats have been asked for so many times in all."""
        async with asyncio.timeout(PATIENCE):
            while self.questions < times:
                self._question.clear()
                await self._question.wait()

    async def seat(self, actor: Actor, visit_id: str) -> Seat:
        self.questions += 1
        self._question.set()
        if self.hold:
            await self.hold.wait()
        if visit_id != VISIT or actor.visit_id not in {"", VISIT}:
            raise NotFound
        if actor.id not in self.admitted:
            raise NotAdmitted
        if actor.kind is ActorKind.VISITOR and actor.session_id != self.bound_to:
            raise OtherDevice
        return self._seat(actor)

    async def prepared_seat(self, actor: Actor, visit_id: str) -> Seat:
        if visit_id != self.next:
            raise NotAdmitted
        return self._seat(actor)

    def _seat(self, actor: Actor) -> Seat:
        who = {ActorKind.VISITOR: ("p", "patient"), ActorKind.GUEST: ("g1", "guest")}.get(
            actor.kind, ("s", "specialist")
        )
        only = self.relay_only
        seat = Seat(VISIT, *who, actor.name, polite=who[0] != "s", relay_only=only, begins=self.begins)
        if actor.kind is not ActorKind.GUEST:
            return seat
        return replace(seat, part=GuestKind.RELATIVE, hears_after=self.hears_after)

    async def next_in_line(self, practitioner_id: str) -> NextInLine | None:
        return NextInLine(self.next, "session-bo") if self.next else None

    async def presence(self, actor: Actor, visit_id: str, here: bool) -> None:
        self.told.append(("presence", actor.id, here))

    async def connection(self, actor: Actor, visit_id: str, word: str) -> None:
        self.told.append(("connection", actor.id, word))

    def measured(self, visit_id: str, member: str, look: Look, marks: Marks | None) -> bool:
        self.told.append(("measured", member, look.rtt))
        return look.rtt > 0  # what measured nothing stands here for what comes too soon

    def credentials(self, request: Request) -> Credential | None:
        if "staff" in request.cookies:
            return "staff", None, request.cookies["staff"]
        if "guest" in request.cookies:
            return "guest", request.query.get("guest"), request.cookies["guest"]
        if "visit" in request.cookies:
            return "visit", request.query.get("visit"), request.cookies["visit"]
        return None

    def address(self, request: Request) -> str:
        return request.headers.get("X-Test-Address", request.remote or "")

    def vouches(self, request: Request, session_id: str) -> bool:
        return request.headers.get("X-CSRF-Token") == f"of {session_id}"


@dataclass
class Served:
    """The running server, its house and its clock."""

    server: SignalingServer
    house: House
    clock: FakeClock
    port: int
    runner: AppRunner

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def serving(
    limits: Limits = QUICK, house: House | None = None, port: int = 0, recording: Recorded | None = None
) -> AsyncIterator[Served]:
    house = house or House()
    clock = FakeClock()
    relay = Relay(("turn:turn.example.org:3478",), b"turn secret")
    server = SignalingServer(
        house,
        house,
        clock,
        chance=SystemChance(),
        origins=[ORIGIN],
        relay=relay,
        limits=limits,
        carrier=NoForwarding(),
        recording=recording,
    )
    app = Application()
    server.attach(app)
    runner = AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    site = TCPSite(runner, "127.0.0.1", port, reuse_address=True)
    await site.start()
    bound = runner.addresses[0][1]
    try:
        yield Served(server, house, clock, bound, runner)
    finally:
        await runner.cleanup()


class Person:
    """A well-behaved client: socket.io's own, with what it received."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False, logger=False, engineio_logger=False)
        self.received: list[tuple[str, Any]] = []
        self._news = asyncio.Event()
        self.client.on("*", self._take)

    async def _take(self, event: str, *bodies: Any) -> None:
        self.received.append((event, *bodies))  # type: ignore[arg-type]
        self._news.set()

    async def connect(
        self, served: Served, headers: dict[str, str], visit: str | None = None, guest: str | None = None
    ) -> Self:
        query = f"?visit={visit}" if visit else f"?guest={guest}" if guest else ""
        await self.client.connect(
            served.url + query, headers=dict(headers), transports=["websocket"], wait_timeout=5
        )
        return self

    async def ask(self, event: str, body: object = None) -> dict[str, Any]:
        answer: dict[str, Any] = await self.client.call(event, {} if body is None else body, timeout=5)
        return answer

    async def expect(self, event: str, nth: int = 1) -> Any:
        """Return the body of the nth event of this name, waiting for it."""
        async with asyncio.timeout(PATIENCE):
            while len(self.all(event)) < nth:
                self._news.clear()
                await self._news.wait()
        return self.all(event)[nth - 1]

    def all(self, event: str) -> list[Any]:
        return [body for name, body in self.received if name == event]

    async def gone(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.client.wait()

    async def close(self) -> None:
        await self.client.disconnect()

    async def vanish(self) -> None:
        """Drop the connection without a word."""
        socket = self.client.eio.ws
        socket._response.connection.transport.abort()
        await self.gone()


async def remains(condition: Callable[[], bool], within: float = 1.0) -> bool:
    """Whether something is still so after `within` seconds; False as soon as it is not."""
    deadline = asyncio.get_running_loop().time() + within
    while condition():
        if asyncio.get_running_loop().time() >= deadline:
            return True
        await asyncio.sleep(0.01)
    return False


def tight(**changes: Any) -> Limits:
    """Return quick limits with some changed."""
    return replace(QUICK, **changes)


GENEROUS = tight(
    connects_of_address=Rate(1000, 1000),
    connects_of_session=Rate(1000, 1000),
    events=Rate(1000, 1000),
    connect_within=Limits().connect_within,
)


def offer(epoch: int, seq: int, name: str = "k1") -> dict[str, object]:
    return {"epoch": epoch, "seq": seq, "kind": "offer", "id": name, "sdp": f"v=0\r\ns={name}\r\n"}


def candidate(epoch: int, seq: int) -> dict[str, object]:
    text = "candidate:1 1 udp 2122260223 192.0.2.7 54400 typ host"
    return {"epoch": epoch, "seq": seq, "kind": "candidate", "candidate": text, "sdpMid": "0"}


FRESH = {"visit": VISIT, "epoch": 0, "since": 0}
