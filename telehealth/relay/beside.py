"""The relay beside the server: where it listens, what people are handed, and what asks it from here."""

import os
import pwd
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from grp import getgrgid
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from urllib.parse import urlsplit

from signaling.turn import Relay
from telehealth.config import Config
from telehealth.relay.asking import Watch
from telehealth.relay.configuration import Settings, rendered, secret_of
from telehealth.relay.program import Program
from telehealth.workers.loops import running

HERE = "127.0.0.1"
USERS = ("turnserver", "nobody")
"""Whom the program becomes where root starts it; Debian's package makes the first."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One relay beside the server; `host` is what people reach it by, its files are in `folder`."""

    settings: Settings
    host: str
    folder: Path

    @property
    def file(self) -> Path:
        """The configuration, which holds the secret."""
        return self.folder / "turnserver.conf"

    @property
    def handed_out(self) -> Relay:
        """What people in a call are told."""
        return self._by(self.host)

    @property
    def from_here(self) -> Relay:
        """The same relay by an address of this machine: what the server itself asks."""
        return self._by(self.settings.listen or HERE)

    def _by(self, host: str) -> Relay:
        return Relay(
            urls_of(host, self.settings.port, tls=any(self.settings.certificate)),
            self.settings.secret.encode(),
        )

    def write(self) -> None:
        """Write the configuration, for our eyes and root's only."""
        self.folder.mkdir(exist_ok=True, mode=0o700)
        self.file.unlink(missing_ok=True)
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(rendered(self.settings))

    def program(self) -> Program:
        """Return what runs it."""
        command = (installed() or "turnserver", "-c", str(self.file))
        return Program(
            command, Path(self.settings.pidfile), (self.settings.listen or HERE, self.settings.port)
        )

    def trust(self) -> ssl.SSLContext | None:
        """Return what takes its certificate as long as that is valid, whatever address it is asked at."""
        certificate, _ = self.settings.certificate
        if not certificate:
            return None
        context = ssl.create_default_context(cafile=certificate)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.check_hostname = False
        return context


def installed() -> str | None:
    """Return the path of coturn's program, if it is installed."""
    return shutil.which("turnserver")


def urls_of(host: str, port: int, *, tls: bool, tls_port: int = 0) -> tuple[str, ...]:
    """Return the addresses of a relay, the fastest first; a third where it has a certificate."""
    name = f"[{host}]" if ":" in host else host
    plain = tuple(f"turn:{name}:{port}?transport={way}" for way in ("udp", "tcp"))
    return (*plain, f"turns:{name}:{tls_port or port}?transport=tcp") if tls else plain


def beside_of(config: Config, own_address: str, secret: str) -> Beside:
    """Return the relay beside a server with these settings, on a machine with this IPv4 address (or none)."""
    host = config.relay_host or urlsplit(config.public_url).hostname or config.host
    folder = (config.data / "relay").resolve()
    settings = Settings(
        realm=host,
        secret=secret,
        port=config.relay_port,
        tls_port=config.relay_port,
        certificate=_certificate(config),
        run_as=_nobody(),
        pidfile=str(folder / "turnserver.pid"),
        log="stdout",
        this_machine=_is_this_machine(host),
    )
    if settings.this_machine:
        return Beside(replace(settings, listen=HERE, relay=HERE), HERE, folder)
    listen = _only(config.host)
    relay = str(listen) if isinstance(listen, IPv4Address) else own_address
    settings = replace(settings, listen=str(listen or ""), relay=relay, public=config.relay_address)
    return Beside(settings, host, folder)


def running_beside(config: Config, own_address: str) -> Beside | None:
    """Return the relay that a server on this DATA has started last, for commands beside it."""
    beside = beside_of(config, own_address, "")
    try:
        secret = secret_of(beside.file.read_text())
    except OSError:
        return None
    return Beside(replace(beside.settings, secret=secret), beside.host, beside.folder)


@asynccontextmanager
async def relaying(watch: Watch | None, beside: Beside | None) -> AsyncIterator[None]:
    """Run the relay beside the server, if there is one, and watch whichever is handed out."""
    if watch is None:
        yield
        return
    if beside is None:
        async with running([watch.loop()]):
            yield
        return
    relay = beside.program()
    watch.beside, watch.woken = relay, relay.changed
    async with running([relay.loop()]):
        await relay.changed.wait()
        async with running([watch.loop()]):
            yield


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _only(host: str) -> IPv4Address | IPv6Address | None:
    """Return the one address that the server is told to listen on, unless that is loopback behind a proxy."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return None if address.is_unspecified or address.is_loopback else address


def _certificate(config: Config) -> tuple[str, str]:
    if not config.tls_cert:
        return ("", "")
    return (str(Path(config.tls_cert).resolve()), str(Path(config.tls_key or config.tls_cert).resolve()))


def _nobody() -> tuple[str, str]:
    """Return user and group to become; nobody else than we are, unless we are root."""
    if os.geteuid() != 0:
        return ("", "")
    for name in USERS:
        try:
            return (name, getgrgid(pwd.getpwnam(name).pw_gid).gr_name)
        except KeyError:
            continue
    return ("", "")
