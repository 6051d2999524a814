"""Telling a program of news by HTTPS: one POST, to a public address or a host that the operator has named.

The address is looked at on the very socket that is opened (`addresses.py`), redirects are not followed, the
certificate is checked, and of the answer nothing but its status counts.
"""

import ssl
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, TCPConnector
from aiohttp.client_exceptions import ClientConnectorCertificateError, ClientConnectorSSLError

from telehealth.notify.addresses import PrivateAddress, public_socket
from telehealth.services.ports import NotTold

TIMEOUT = 10.0
GONE = 410
TAKEN = range(200, 300)


class HttpsHook:
    """Tells one program at a time; `private` are hosts that may lie on addresses that are not public."""

    def __init__(self, *, private: Collection[str] = (), trust: ssl.SSLContext | None = None) -> None:
        """`trust` replaces the machine's list of certificate authorities."""
        self._private, self._trust = frozenset(private), trust or ssl.create_default_context()

    async def tell(self, endpoint: str, header: Sequence[str], text: str) -> None:
        """Send a message, an empty one too; returns when it was taken, raises NotTold with a code."""
        parts = urlsplit(endpoint)
        if parts.scheme != "https":
            raise NotTold("no-tls", final=True)
        checked = None if (parts.hostname or "") in self._private else public_socket
        connector = TCPConnector(ssl=self._trust, socket_factory=checked, force_close=True)
        sent = dict(each.split(": ", 1) for each in header)
        sent |= {"Content-Type": "application/fhir+json"} if text else {}
        try:
            async with (
                ClientSession(
                    connector=connector, timeout=ClientTimeout(total=TIMEOUT), trust_env=False
                ) as session,
                session.post(
                    endpoint, data=text.encode() or None, headers=sent, allow_redirects=False
                ) as answer,
            ):
                _judge(answer.status)
        except ClientConnectorError as error:
            raise _not_reached(error) from error
        except TimeoutError as error:
            raise NotTold("timeout") from error
        except (ClientError, OSError, ValueError) as error:
            raise NotTold("unreachable") from error


def _judge(status: int) -> None:
    if status == GONE:
        raise NotTold("gone", final=True)
    if status not in TAKEN:
        raise NotTold(f"status-{status}")


def _not_reached(error: ClientConnectorError) -> NotTold:
    """Return why a connection never stood; a private address is a mistake that does not pass."""
    if isinstance(error, ClientConnectorCertificateError | ClientConnectorSSLError):
        return NotTold("tls-refused")
    if isinstance(error.os_error, PrivateAddress):
        return NotTold("private-address", final=True)
    return NotTold("unreachable")
