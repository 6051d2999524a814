"""A bare page and the real signalling server at one address, for browser code without the pages around it."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp.web import Application, AppRunner, Request, Response, TCPSite

from signaling.forwarding import Forwarding, NoForwarding
from signaling.limits import Limits
from signaling.server import SignalingServer
from signaling.turn import Relay
from telehealth.crypto.chance import SystemChance
from telehealth.opening import SystemClock
from tests.integration.signaling.house import House

HTML = "<!doctype html><title>Line</title>"


@asynccontextmanager
async def serving(
    house: House,
    *,
    host: str = "localhost",
    port: int = 0,
    relay: Relay | None = None,
    tls: ssl.SSLContext | None = None,
    carrier: Forwarding | None = None,
) -> AsyncIterator[tuple[SignalingServer, int]]:
    """Serve as long as the block lasts; yields the server and its port."""

    async def page(_: Request) -> Response:
        return Response(text=HTML, content_type="text/html")

    runner = AppRunner(app := Application(), access_log=None, shutdown_timeout=1)
    origins: list[str] = []
    server = SignalingServer(
        house,
        house,
        SystemClock(),
        chance=SystemChance(),
        origins=origins,
        relay=relay or Relay((), b"secret"),
        limits=Limits(),
        carrier=carrier or NoForwarding(),
    )
    server.attach(app)
    app.router.add_get("/", page)
    await runner.setup()
    site = TCPSite(runner, host, port, reuse_address=True, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    origins.append(f"https://{host}" if tls else f"http://{host}:{port}")
    try:
        yield server, port
    finally:
        lines = [each.transport for each in runner.server.connections] if runner.server else []
        await runner.cleanup()
        for line in lines:
            if line:
                line.abort()  # whoever came into another network says no good-bye
