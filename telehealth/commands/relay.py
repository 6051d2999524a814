"""`telehealth relay`: coturn's configuration for a host of its own; and the relay beside the server."""

import re
import sys
from argparse import Namespace
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from signaling.turn import Relay
from telehealth.app import relay_of
from telehealth.commands.certs import addresses
from telehealth.config import BadSetting, Config, variable
from telehealth.crypto.chance import SystemChance
from telehealth.opening import Opened
from telehealth.relay.asking import Watch
from telehealth.relay.beside import Beside, beside_of, installed, running_beside, urls_of
from telehealth.relay.configuration import PORT, TLS_PORT, Settings, rendered

SECRET_BYTES = 32
HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?")
"""What a host is called; with a colon it is an IPv6 address."""


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("relay", help="print coturn's configuration for a relay on its own host")
    parser.add_argument("host", help="name by which people reach that host")
    parser.add_argument("--address", default="", help="its IPv4 address")
    parser.add_argument("--public", default="", help="the address that the world knows it by, behind a NAT")
    parser.add_argument("--certificate", default="", metavar="FILE", help="PEM certificate on that host")
    parser.add_argument("--key", default="", metavar="FILE", help="PEM private key on that host")
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:
    """Print the file; on standard error what the service is told."""
    if not HOST.fullmatch(options.host) and ":" not in options.host:
        raise BadSetting(f"{options.host!r} is no name of a host, such as turn.example.org.")
    numbers = (options.host if ":" in options.host else "", options.address, options.public)
    for text in filter(None, numbers):
        _is_address(text)
    settings = Settings(
        realm=options.host,
        secret=config.turn_secret or _secret(),
        tls_port=TLS_PORT,
        relay=options.address,
        public=options.public,
        certificate=(options.certificate, options.key or options.certificate),
    )
    print(rendered(settings), end="")
    urls = urls_of(options.host, PORT, tls=bool(options.certificate), tls_port=TLS_PORT)
    print(
        "Keep it where only coturn and root read it. The service is told:\n"
        f"{variable('turn_urls')}={','.join(urls)}\n"
        f"{variable('turn_secret')}= what stands there behind static-auth-secret",
        file=sys.stderr,
    )
    return 0


def with_relay(config: Config) -> tuple[Config, Beside | None]:
    """Return the configuration with a relay beside the server, where one is wanted and can be started."""
    if not config.relay or installed() is None:
        return config, None
    beside = beside_of(config, _own_address(), _secret())
    beside.write()
    return handing_out(config, beside.handed_out), beside


def as_served(config: Config) -> tuple[Config, Beside | None]:
    """Return the configuration as a server on this DATA has it, for commands beside it."""
    if not config.relay or installed() is None:
        return config, None
    beside = running_beside(config, _own_address())
    return (config, None) if beside is None else (handing_out(config, beside.handed_out), beside)


def handing_out(config: Config, relay: Relay) -> Config:
    """Return the configuration with this relay."""
    return replace(config, turn_urls=",".join(relay.urls), turn_secret=relay.secret.decode())


def watch_of(opened: Opened, beside: Beside | None) -> Watch | None:
    """Return what watches the relay that is handed out; none where none is."""
    relay = relay_of(opened.config)
    if not relay.urls:
        return None
    work = opened.work
    if beside is None:
        return Watch(relay, work.clock, work.chance, None)
    return Watch(beside.from_here, work.clock, work.chance, beside.trust())


def _secret() -> str:
    return SystemChance().token(SECRET_BYTES).hex()


def _own_address() -> str:
    return next(iter(addresses()), "")


def _is_address(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        raise BadSetting(f"{text!r} is no address.") from None
