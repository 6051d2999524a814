"""Runs the server: web and signaling on one port, background work beside them, and an orderly end."""

import asyncio
import errno
import gc
import logging
import signal
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp.web import Application, Request, TCPSite

from signaling.doors import Credential
from signaling.limits import Limits
from signaling.recorder import RecorderLink
from signaling.server import SignalingServer
from signaling.taping import Recorded
from telehealth.app import Assembled, relay_of
from telehealth.config import BadSetting, Config
from telehealth.crypto.purposes import Purpose
from telehealth.metrics import Meter, metrics_at
from telehealth.observability import AccessLog
from telehealth.opening import Opened
from telehealth.relay.asking import Watch
from web.application import make_application
from web.csrf import vouches
from web.limits import address_of
from web.line import PlainRunner
from web.session import guest_token, staff_token, visit_token
from web.settings import WebSettings

SHUTDOWN_TIMEOUT = 3.0
"""Seconds that answers under way may take after the sockets are gone."""
FAREWELL = 1.0
"""Seconds that the port still answers, /health/ready with 503, so that proxies learn to send nobody here."""
KEEPALIVE = 15.0
"""Seconds that a connection may take over a request's head, the first one included, or be idle before it."""

logger = logging.getLogger("telehealth.serving")


@dataclass(slots=True)
class Health:
    """Why the server cannot serve just now; empty when it can."""

    opened: Opened
    relay: Watch | None = None
    draining: bool = False
    reasons: list[str] = field(default_factory=list)

    async def tell(self) -> list[str]:
        """Return the reasons, the database asked afresh."""
        found = ["draining"] if self.draining else []
        try:
            async with self.opened.work.units.reading() as uow:
                await uow.meta.get("kek-check")
        except Exception:
            logger.exception("the database does not answer")
            found.append("database")
        return found + self.reasons

    def warnings(self) -> list[str]:
        """Return what is in trouble and keeps nobody from being served."""
        return ["relay"] if self.relay and self.relay.troubles else []


class PortTaken(OSError):
    """Another program listens where this server should."""


class CookieCredentials:
    """Names the cookies of a socket's first request for signaling."""

    def credentials(self, request: Request) -> Credential | None:
        """Return the visit's or the guest's cookie that the address names, else the staff cookie."""
        visit, guest = request.query.get("visit"), request.query.get("guest")
        if visit:
            token = visit_token(request, visit)
            return ("visit", visit, token) if token else None
        if guest:
            token = guest_token(request, guest)
            return ("guest", guest, token) if token else None
        token = staff_token(request)
        return ("staff", None, token) if token else None

    def address(self, request: Request) -> str:
        """Return the client's address behind trusted proxies."""
        return address_of(request)

    def vouches(self, request: Request, session_id: str) -> bool:
        """Whether the request carries the session's CSRF token in its header."""
        return vouches(request, session_id)


def web_application(assembled: Assembled, health: Health, meter: Meter | None = None) -> Application:
    """Return the web application with signaling mounted, and counted where there is a meter."""
    opened, config = assembled.opened, assembled.opened.config
    settings = WebSettings(
        public_url=config.public_url,
        clock=opened.work.clock,
        chance=opened.work.chance,
        csrf_secret=opened.custody.keyring.derived(Purpose.CSRF_KEY),
        reasons=health.tell,
        warnings=health.warnings,
        refusals=assembled.denied.refused,
        dev_certificate=config.serves_https and config.tls_cert.endswith("certs/leaf.pem"),
        trusted_proxies=tuple(part.strip() for part in config.trusted_proxies.split(",") if part.strip()),
        languages=config.spoken,
    )
    application = make_application(assembled.services, settings)
    link = RecorderLink(config.recorder_socket)
    server = SignalingServer(
        assembled.doorkeeper,
        CookieCredentials(),
        opened.work.clock,
        chance=opened.work.chance,
        origins=(settings.origin,),
        relay=relay_of(config),
        limits=Limits(),
        carrier=assembled.carrier,
        recording=Recorded(assembled.services.company.recordings, link) if config.records else None,
    )
    server.attach(application)
    assembled.switchboard.to = server
    assembled.switchboard.connected = server.staff
    if meter is not None:
        meter.connections = server.connections
        application.middlewares.insert(0, meter.count)
    return application


def settle() -> None:
    """Leave what the start has loaded out of garbage collections: a full one held requests up for 70 ms."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def serving(assembled: Assembled, health: Health) -> AsyncGenerator[None]:
    """Listen until the block ends, then drain: sockets are told, answers finish, nothing new comes in."""
    config, meter = assembled.opened.config, Meter(assembled.opened.work.units, health.relay)
    runner = PlainRunner(
        web_application(assembled, health, meter),
        access_log_class=AccessLog,
        keepalive_timeout=KEEPALIVE,
        shutdown_timeout=SHUTDOWN_TIMEOUT,
        handle_signals=False,
    )
    await runner.setup()
    try:
        site = TCPSite(runner, config.host, config.port, ssl_context=tls(config))
        await _listen(site, config)
        async with metrics_at(config.metrics_port, meter):
            yield
            health.draining = True
            await asyncio.gather(runner.app.shutdown(), asyncio.sleep(FAREWELL))
    finally:
        health.draining = True
        await runner.cleanup()
        await assembled.far_ends.close()


async def _listen(site: TCPSite, config: Config) -> None:
    """Take the port; raises PortTaken with what to do about it."""
    try:
        await site.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        message = (
            f"port {config.port} on {config.host} is already taken: stop the program that uses it, "
            f"or choose another port, such as PORT={config.port + 1}"
        )
        raise PortTaken(message) from error


def tls(config: Config) -> ssl.SSLContext | None:
    """Return the TLS context where this process speaks HTTPS itself."""
    if not config.tls_cert:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(config.tls_cert, config.tls_key or None)
    except OSError as error:
        message = f"TELEHEALTH_TLS_CERT and TELEHEALTH_TLS_KEY cannot be used together: {error}"
        raise BadSetting(message) from error
    return context


def listen_for_end() -> asyncio.Event:
    """Return what SIGTERM or Ctrl-C will set; from here on neither ends the process by itself."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, told.set)
    return told
