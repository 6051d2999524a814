"""Asking a TURN server for a relayed address: whether the relay that is handed out to people really works."""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aioice import stun, turn
from aiortc.rtcicetransport import parse_stun_turn_uri

RELAYS = ("turn:", "turns:")
PATIENCE = 5.0
"""Seconds for one server."""


class NoRelay(Exception):
    """A TURN server gave no address; the text says which and why."""


@dataclass(frozen=True, slots=True)
class RelayServer:
    """One TURN address and what it asks for."""

    url: str
    username: str
    credential: str = field(repr=False)


def relays_of(servers: Sequence[Mapping[str, Any]]) -> list[RelayServer]:
    """Return every TURN address among `iceServers`."""
    return [
        RelayServer(url, str(server.get("username", "")), str(server.get("credential", "")))
        for server in servers
        for url in ([server["urls"]] if isinstance(server["urls"], str) else server["urls"])
        if url.startswith(RELAYS)
    ]


class _Allocation(asyncio.DatagramProtocol):
    """Waits for nothing but its own end."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        """The address was given back."""
        self.over.set()


async def allocate(server: RelayServer, tls: ssl.SSLContext | None = None) -> tuple[str, int]:
    """Return the relayed address that the server gives, and give it back; raise NoRelay."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _allocate(server, tls)
    except stun.TransactionFailed as error:
        raise NoRelay(f"{server.url} refused with error {error.response.error_code}") from error
    except (TimeoutError, stun.TransactionTimeout) as error:
        raise NoRelay(f"{server.url} does not answer") from error
    except OSError as error:
        raise NoRelay(f"{server.url} cannot be reached") from error


async def _allocate(server: RelayServer, tls: ssl.SSLContext | None) -> tuple[str, int]:
    try:
        parsed = parse_stun_turn_uri(server.url)
    except ValueError as error:
        raise NoRelay(f"{server.url} is no TURN address") from error
    transport, allocation = await turn.create_turn_endpoint(
        _Allocation,
        server_addr=(parsed["host"], parsed["port"]),
        username=server.username,
        password=server.credential,
        ssl=(tls or True) if parsed["scheme"] == "turns" else None,
        transport=parsed["transport"],
    )
    host, port = transport.get_extra_info("sockname")
    transport.close()
    await allocation.over.wait()
    return host, port
