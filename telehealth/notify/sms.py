"""SMS through an HTTP gateway: one JSON POST a message. README.md of this folder has the exchange in full.

An SMS must not go out twice, and no answer of a server proves that it did not go out unless the server says
so. What is safe to repeat is listed here; everything else is `unsure` and left to a person.
"""

import json
import ssl
from dataclasses import dataclass, field

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    TCPConnector,
)
from aiohttp.client_exceptions import ClientConnectorCertificateError, ClientConnectorSSLError

from telehealth.domain.outbox import UNSURE
from telehealth.notify.addresses import PrivateAddress, public_socket
from telehealth.services.letters import NotDelivered
from telehealth.services.ports import OutgoingMessage

TIMEOUT = 15.0
"""Seconds for the whole exchange; within Delivery's own limit."""
LARGEST_ANSWER = 16 * 1024
"""Bytes; a longer answer is none of our gateway's."""
NOT_TAKEN = {
    **dict.fromkeys((401, 403), "login-refused"),
    **dict.fromkeys((301, 302, 303, 307, 308, 404), "no-gateway"),
    **dict.fromkeys((429, 503), "busy"),
}
"""By these the gateway says that it did nothing: trying again is safe."""
REFUSED = frozenset({400, 422})
TAKEN = frozenset({200, 201, 202})
ALREADY_TAKEN = 409


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where SMS are handed over. `private` allows addresses that are not public."""

    url: str
    sender: str
    token: str = field(repr=False)
    private: bool = False


class SmsMessenger:
    """Hands one message at a time to the gateway; raises NotDelivered with a code that names no one."""

    def __init__(self, *, gateway: Gateway, trust: ssl.SSLContext | None = None) -> None:
        """`trust` replaces the machine's list of certificate authorities."""
        self._gateway, self._trust = gateway, trust or ssl.create_default_context()

    async def send(self, message: OutgoingMessage) -> None:
        """Send one message; returns when the gateway has taken it."""
        connector = TCPConnector(
            ssl=self._trust, socket_factory=None if self._gateway.private else public_socket, force_close=True
        )
        limits = ClientTimeout(total=TIMEOUT)
        try:
            async with (
                ClientSession(connector=connector, timeout=limits, trust_env=False) as session,
                session.post(
                    self._gateway.url,
                    json={
                        "reference": message.key,
                        "from": self._gateway.sender,
                        "to": message.to,
                        "text": message.text,
                    },
                    headers={
                        "Authorization": f"Bearer {self._gateway.token}",
                        "Idempotency-Key": message.key,
                    },
                    allow_redirects=False,
                ) as answer,
            ):
                await _judge(answer)
        except ClientConnectorError as error:
            raise NotDelivered(_why_not_reached(error)) from error
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            raise NotDelivered(UNSURE, final=True) from error


def _why_not_reached(error: ClientConnectorError) -> str:
    """Return a code for a connection that never stood: nothing was sent."""
    if isinstance(error, ClientConnectorCertificateError | ClientConnectorSSLError):
        return "tls-refused"
    return "private-address" if isinstance(error.os_error, PrivateAddress) else "unreachable"


async def _judge(answer: ClientResponse) -> None:
    """Return when the gateway has taken the message; raise NotDelivered otherwise."""
    if answer.status in NOT_TAKEN:
        raise NotDelivered(NOT_TAKEN[answer.status])
    if answer.status == ALREADY_TAKEN:
        return
    if answer.status in REFUSED:
        raise NotDelivered("recipient-refused", bounced=True)
    if answer.status not in TAKEN or not _names_it(await _body(answer)):
        raise NotDelivered(UNSURE, final=True)


async def _body(answer: ClientResponse) -> bytes:
    """Return the answer, as far as it may be long."""
    body = b""
    async for part in answer.content.iter_chunked(LARGEST_ANSWER):
        body += part
        if len(body) > LARGEST_ANSWER:
            raise NotDelivered(UNSURE, final=True)
    return body


def _names_it(body: bytes) -> bool:
    """Whether the answer is the gateway's, with the id it gave: a page of some portal is not."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and isinstance(told.get("id"), str) and bool(told["id"])
