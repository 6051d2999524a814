"""Figures for monitors, in Prometheus' plain text, on a loopback port of their own: counts only, no ids."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress

from aiohttp.web import (
    Application,
    AppRunner,
    HTTPException,
    Request,
    Response,
    StreamResponse,
    TCPSite,
    middleware,
)

from signaling.presence import Counts
from telehealth.domain.errors import Refused
from telehealth.domain.outbox import LOST, WAITING
from telehealth.relay.asking import Watch
from telehealth.services.ports import Units
from web.route import Handler

LOOPBACK = "127.0.0.1"
LOOK_EVERY = 0.5
"""Seconds between looks at the event loop."""
LOOKS_KEPT = 120
NO_ROUTE = "none"
"""Stands for every address that nothing answers to: what strangers make up must not become labels."""

log = logging.getLogger(__name__)


class Meter:
    """Counts what the server does; `connections` tells what signaling has open, `relay` how the relay is."""

    def __init__(self, units: Units, relay: Watch | None = None) -> None:
        self.connections: Callable[[], Counts] = lambda: Counts(0, 0, 0)
        self.requests: Counter[tuple[str, str]] = Counter()
        self.late: deque[float] = deque(maxlen=LOOKS_KEPT)
        self._units, self._relay = units, relay

    @middleware
    async def count(self, request: Request, handler: Handler) -> StreamResponse:
        """Count an answer under its route and the class of its status."""
        try:
            response = await handler(request)
        except HTTPException as error:
            self._count(request, error.status)
            raise
        self._count(request, response.status)
        return response

    def _count(self, request: Request, status: int) -> None:
        resource = request.match_info.route.resource
        self.requests[resource.canonical if resource else NO_ROUTE, f"{status // 100}xx"] += 1

    async def watch_loop(self) -> None:
        """Measure until cancelled how late the event loop wakes whoever sleeps."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOK_EVERY
            await asyncio.sleep(LOOK_EVERY)
            self.late.append(max(0.0, loop.time() - due))

    async def tell(self) -> str:
        """Return everything as text; without the database's figures when it does not answer."""
        lines = [*self._of_process()]
        try:
            lines += await self._of_database()
        except Refused:
            lines.append(figure("database_up", "Whether the database answers.", 0))
        return "".join(lines)

    def _of_process(self) -> Iterator[str]:
        counts = self.connections()
        yield figure("sockets", "Open socket connections, signed in or not.", counts.sockets)
        yield figure("connections", "People connected to signaling.", counts.connections)
        yield figure("rooms", "Visits with a room.", counts.rooms)
        yield figure("tasks", "What the event loop has under way.", len(asyncio.all_tasks()))
        worst = max(self.late, default=0.0)
        yield figure("event_loop_lag_seconds", "The latest wake-up of the last minute.", round(worst, 6))
        if self._relay:
            yield figure("relay_troubles", "What is wrong with the TURN relay.", len(self._relay.troubles))
            yield figure("relay_restarts", "How often the relay beside died.", self._relay.restarts)
        yield heading("requests_total", "Answers by route and class of status.", "counter")
        for (route, status), number in sorted(self.requests.items()):
            yield f'telehealth_requests_total{{route="{route}",status="{status}"}} {number}\n'

    async def _of_database(self) -> list[str]:
        async with self._units.reading() as uow:
            messages = await uow.outbox.counts()
            unlinked = await uow.audit.waiting()
        due, lost = (sum(messages.get(state, 0) for state in states) for states in (WAITING, LOST))
        return [
            figure("database_up", "Whether the database answers.", 1),
            figure("outbox_due", "Messages that wait to leave.", due),
            figure("outbox_failed", "Messages that could not be delivered.", lost),
            figure("audit_unlinked", "Audit entries that are not in the chain yet.", unlinked),
        ]


def heading(name: str, meaning: str, kind: str) -> str:
    """Return the two lines that explain a metric."""
    return f"# HELP telehealth_{name} {meaning}\n# TYPE telehealth_{name} {kind}\n"


def figure(name: str, meaning: str, value: float) -> str:
    """Return a metric of one value that goes up and down."""
    return f"{heading(name, meaning, 'gauge')}telehealth_{name} {value}\n"


@asynccontextmanager
async def metrics_at(port: int, meter: Meter) -> AsyncGenerator[None]:
    """Answer GET /metrics on a loopback port as long as the block lasts; port 0 is off."""
    if not port:
        yield
        return

    async def show(_: Request) -> Response:
        return Response(text=await meter.tell(), headers={"Cache-Control": "no-store"})

    application = Application()
    application.router.add_get("/metrics", show)
    runner = AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    watching = asyncio.create_task(meter.watch_loop())
    try:
        await TCPSite(runner, LOOPBACK, port).start()
        log.info("metrics", extra={"port": port})
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await runner.cleanup()
