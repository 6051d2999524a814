"""Asking a TURN server for a relayed address: whether the relay that is handed out to people really works.

An address alone does not help: two people who both come through the relay must reach each other at it, and
nobody may reach what stands behind it. Permissions are asked for and given back; no peer is sent anything.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from aioice import stun, turn

RELAYS = ("turn:", "turns:")
ADDRESS = re.compile(
    r"(?P<scheme>turns?):(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:?\[\]]+)"
    r"(:(?P<port>\d{1,5}))?(\?transport=(?P<way>udp|tcp))?"
)
"""RFC 7065."""
PORTS = {"turn": 3478, "turns": 5349}
PATIENCE = 5.0
"""Seconds for one server."""
LIFETIME = 600
INSIDE = ("127.0.0.1", "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1")
"""One address of each network behind a relay to which it must lead nobody."""
UNAUTHORIZED = 401
REASONS = {
    UNAUTHORIZED: "its secret is not the one that the service has, or its clock is ahead by hours",
    403: "it forbids this",
    438: "it takes every word of ours for an old one",
    441: "it knows this name for somebody else",
    442: "it relays no UDP",
    486: "a quota is used up, this one's or that of all",
    508: "it has no address or port left to give",
}
"""Error codes of RFC 8656 and RFC 8489, in words."""


class NoRelay(Exception):
    """A TURN server gave no address; the text says which and why, `code` is the server's own."""

    def __init__(self, text: str, code: int = 0) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class RelayServer:
    """One TURN address and what it asks for."""

    url: str
    username: str
    credential: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Given:
    """The address that a TURN server gave, and what is wrong with it all the same, a sentence each."""

    host: str
    port: int
    remarks: tuple[str, ...]


def relays_of(servers: Sequence[Mapping[str, Any]]) -> list[RelayServer]:
    """Return every TURN address among `iceServers`."""
    return [
        RelayServer(url, str(server.get("username", "")), str(server.get("credential", "")))
        for server in servers
        for url in ([server["urls"]] if isinstance(server["urls"], str) else server["urls"])
        if url.startswith(RELAYS)
    ]


async def allocate(server: RelayServer, tls: ssl.SSLContext | None = None) -> Given:
    """Ask for a relayed address and whom it reaches, and give it back; raises NoRelay."""
    try:
        async with asyncio.timeout(PATIENCE), _client(server, tls) as client:
            host, port = await client.connect()
            try:
                return Given(host, port, await _remarks(server, client, host))
            finally:
                await client.delete()
    except stun.TransactionFailed as error:
        code = error.response.error_code or 0
        reason = f": {REASONS[code]}" if code in REASONS else ""
        raise NoRelay(f"{server.url} refused with error {code}{reason}", code) from error
    except (TimeoutError, stun.TransactionTimeout) as error:
        raise NoRelay(f"{server.url} does not answer") from error
    except ssl.SSLCertVerificationError as error:
        raise NoRelay(f"{server.url} has a certificate that is not trusted") from error
    except socket.gaierror as error:
        raise NoRelay(f"{server.url} has a name that nobody knows") from error
    except OSError as error:
        raise NoRelay(f"{server.url} cannot be reached") from error


@asynccontextmanager
async def _client(server: RelayServer, tls: ssl.SSLContext | None) -> AsyncIterator[Any]:
    """Open the way to a server; the library's own opening tells of the address only, and asks no more."""
    found = ADDRESS.fullmatch(server.url)
    if not found:
        raise NoRelay(f"{server.url} is no TURN address")
    scheme, way = found["scheme"], found["way"] or ("tcp" if found["scheme"] == "turns" else "udp")
    where = (found["host"].strip("[]"), int(found["port"] or PORTS[scheme]))
    speaking = turn.TurnClientTcpProtocol if way == "tcp" else turn.TurnClientUdpProtocol

    def client() -> Any:
        return speaking(where, server.username, server.credential, LIFETIME, LIFETIME)

    loop = asyncio.get_running_loop()
    if way == "tcp":
        secured = (tls or True) if scheme == "turns" else None
        _, protocol = await loop.create_connection(client, *where, ssl=secured)
    else:
        _, protocol = await loop.create_datagram_endpoint(client, remote_addr=where)
    try:
        yield protocol
    finally:
        # What was to be given back has been; a TLS farewell would wait for the other side's.
        protocol.transport.abort()


async def _remarks(server: RelayServer, client: Any, host: str) -> tuple[str, ...]:
    """Tell what people would miss at this address, and what they could reach that they must not."""
    found = []
    reached = ip_address(client.transport.get_extra_info("peername")[0])
    if reached.is_global and not ip_address(host).is_global:
        found.append(f"{server.url} gives {host}, which nobody outside its network reaches (external-ip)")
    inside = [each for each in INSIDE if each != host]
    itself, *behind = await asyncio.gather(*(_permitted(client, each) for each in (host, *inside)))
    if not itself:
        found.append(f"{server.url} keeps two people apart who both come through it (allowed-peer-ip={host})")
    open_to = [each for each, permitted in zip(inside, behind, strict=True) if permitted]
    if open_to:
        found.append(
            f"{server.url} leads into the network behind it, to {', '.join(open_to)} (denied-peer-ip)"
        )
    return tuple(found)


async def _permitted(client: Any, peer: str) -> bool:
    """Whether the relay would pass something on to this address; nothing is sent there."""
    request = stun.Message(stun.Method.CREATE_PERMISSION, stun.Class.REQUEST)
    request.attributes["XOR-PEER-ADDRESS"] = (peer, 9)
    try:
        await client.request_with_retry(request)
    except stun.TransactionFailed:
        return False
    return True
