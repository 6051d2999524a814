"""A key-encryption key that never leaves its keeper: a key in the transit engine of Vault or OpenBao.

Spoken is its HTTP API: `GET v1/MOUNT/keys/NAME`, and `POST` to `…/keys/NAME/rotate`, `v1/MOUNT/encrypt/NAME`
and `…/decrypt/NAME`. The context of a wrapped key travels as `associated_data`: the service itself refuses to
open it in another place.
"""

import json
import ssl
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

from telehealth.crypto.derive import fields
from telehealth.crypto.errors import KeyServiceDown, SealBroken, WrongKey
from telehealth.crypto.purposes import Purpose

PATIENCE = 2.0
"""Seconds that one question may take: whoever asks waits, and with them everything else in the process."""
PAUSE = 5.0
"""Seconds in which a service that has just failed is not asked again."""
ANSWER_LIMIT = 64 * 1024
AEAD = frozenset({"aes128-gcm96", "aes256-gcm96", "chacha20-poly1305"})
"""The types of transit keys that take associated data."""


@dataclass(frozen=True, slots=True)
class TransitAddress:
    """Which key of which service: `https://HOST[:PORT]/v1/MOUNT/keys/NAME`."""

    scheme: str
    host: str
    port: int | None
    mount: str
    name: str

    @classmethod
    def parse(cls, url: str) -> "TransitAddress":
        """Read the URL; raises ValueError for one that names no key of a transit engine."""
        parts = urlsplit(url)
        before, keys, name = parts.path.rpartition("/keys/")
        mount = before.removeprefix("/v1/")
        if not (keys and name and mount != before and parts.hostname) or "/" in name:
            message = "not an address like https://HOST:8200/v1/transit/keys/NAME"
            raise ValueError(message)
        return cls(parts.scheme, parts.hostname, parts.port, mount, name)


class TransitService:
    """Asks the service, one question after the other over one connection that is kept.

    Raises KeyServiceDown when it does not answer, is sealed or refuses the token, and for `PAUSE` seconds
    after that without asking: nobody is kept waiting over and over.
    """

    def __init__(
        self, address: TransitAddress, token: Callable[[], str], monotonic: Callable[[], float]
    ) -> None:
        """`token` is asked for the token at each question: an agent beside us may renew it."""
        self.address = address
        self._token, self._monotonic = token, monotonic
        self._connection: HTTPConnection | None = None
        self._failed_at: float | None = None
        self._lock = RLock()

    def newest(self) -> int:
        """Return the number of the key's newest version; raises WrongKey for a key that binds no context."""
        found = self.ask("GET", "keys")
        if found.get("type") not in AEAD:
            message = f"the key {self.address.name} must be of the type aes256-gcm96"
            raise WrongKey(message)
        return int(found["latest_version"])

    def rotate(self) -> None:
        """Have a new version of the key made."""
        self.ask("POST", "keys", {}, ending="/rotate")

    def ask(
        self, method: str, what: str, body: dict[str, Any] | None = None, *, ending: str = ""
    ) -> dict[str, Any]:
        """Return `data` of the answer; raises KeyServiceDown, and SealBroken for what opens no more."""
        path = f"/v1/{self.address.mount}/{what}/{self.address.name}{ending}"
        content = None if body is None else json.dumps(body).encode()
        with self._lock:
            if self._failed_at is not None and self._monotonic() - self._failed_at < PAUSE:
                raise self._down("did not answer a moment ago")
            self._failed_at = None
            try:
                status, answer = self._sent(method, path, content)
            except (OSError, HTTPException) as error:
                raise self._failed(f"cannot be reached ({type(error).__name__})") from error
            if status == HTTPStatus.BAD_REQUEST and what == "decrypt":
                message = (
                    "the key service opens a wrapped key no more: it was changed or stands in another place"
                )
                raise SealBroken(message)
            return self._read(status, answer)

    def _sent(self, method: str, path: str, content: bytes | None) -> tuple[int, bytes]:
        """Ask over the kept connection; once more over a new one when the service had closed it."""
        if self._connection is not None:
            try:
                return self._once(self._connection, method, path, content)
            except TimeoutError:
                raise
            except (OSError, HTTPException):
                self.close()
        self._connection = self._opened()
        return self._once(self._connection, method, path, content)

    def _once(
        self, connection: HTTPConnection, method: str, path: str, content: bytes | None
    ) -> tuple[int, bytes]:
        connection.request(method, path, content, {"X-Vault-Token": self._token()})
        response = connection.getresponse()
        return response.status, response.read(ANSWER_LIMIT)

    def _opened(self) -> HTTPConnection:
        if self.address.scheme == "http":
            return HTTPConnection(self.address.host, self.address.port, timeout=PATIENCE)
        context = ssl.create_default_context()
        return HTTPSConnection(self.address.host, self.address.port, timeout=PATIENCE, context=context)

    def _read(self, status: int, answer: bytes) -> dict[str, Any]:
        if status == HTTPStatus.FORBIDDEN:
            raise self._failed("refuses the token, or lets it do too little (403)")
        if status == HTTPStatus.NOT_FOUND:
            raise self._failed(f"has no key {self.address.name} (404)")
        if status == HTTPStatus.NO_CONTENT:
            return {}
        try:
            data = json.loads(answer)["data"] if status == HTTPStatus.OK else None
        except (ValueError, KeyError, TypeError):
            data = None
        if not isinstance(data, dict):
            raise self._failed(f"answers {status}")
        return data

    def _failed(self, what: str) -> KeyServiceDown:
        self.close()
        self._failed_at = self._monotonic()
        return self._down(what)

    def _down(self, what: str) -> KeyServiceDown:
        return KeyServiceDown(f"the key service at {self.address.host} {what}; what is sealed stays closed")

    def close(self) -> None:
        """Let go of the connection; the next question opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@dataclass(frozen=True, slots=True)
class TransitKek:
    """One version of the key, as a KekProvider."""

    service: TransitService = field(repr=False)
    version: int

    @classmethod
    def named(cls, service: TransitService, kek_id: str) -> "TransitKek | None":
        """The version that an id names; None for another key's."""
        number = kek_id.removeprefix(_before(service))
        return cls(service, int(number)) if number != kek_id and number.isdigit() else None

    @property
    def current(self) -> str:
        """The key's name and version."""
        return f"{_before(self.service)}{self.version}"

    def wrap(self, data: bytes, context: Sequence[str]) -> bytes:
        """`data` as the service's ciphertext; raises KeyServiceDown."""
        told = {"plaintext": _base64(data), "associated_data": _bound(context), "key_version": self.version}
        return str(self.service.ask("POST", "encrypt", told)["ciphertext"]).encode()

    def unwrap(self, kek_id: str, wrapped: bytes, context: Sequence[str]) -> bytes:
        """The data again; raises WrongKey, SealBroken, KeyServiceDown."""
        if kek_id != self.current:
            message = f"the key service was asked for {kek_id}, this is {self.current}"
            raise WrongKey(message)
        if not wrapped.startswith(f"vault:v{self.version}:".encode()):
            message = "the wrapped key is none of this version of the key service's key"
            raise SealBroken(message)
        told = {"ciphertext": wrapped.decode("ascii", "replace"), "associated_data": _bound(context)}
        try:
            return b64decode(self.service.ask("POST", "decrypt", told)["plaintext"], validate=True)
        except (KeyError, TypeError, NotBase64):
            message = "the key service gave nothing for a wrapped key"
            raise SealBroken(message) from None


def _before(service: TransitService) -> str:
    """Return what stands before the version in the ids of a service's key."""
    return f"vault:{service.address.name}:"


def _bound(context: Sequence[str]) -> str:
    """Return the place of a wrapped key as associated data, with the purpose as for a KEK of our own."""
    return _base64(fields((Purpose.KEK_WRAP, *context)))


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")
