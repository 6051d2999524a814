"""Where readable values become sealed blobs and back: JSON in, ciphertext bound to its row out."""

import json
import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from telehealth.crypto.errors import KeyServiceDown, KeyShredded
from telehealth.domain.errors import Erased, Unavailable

SYSTEM = "system"
SCHEMA = "1"
"""The shape of the sealed JSON; it is bound in, so that a later shape can never be mistaken for this one."""


class SealedValue(Protocol):
    """A sealed blob and the data key that opens it."""

    @property
    def key_id(self) -> str:
        """The data key's id."""
        ...

    @property
    def blob(self) -> bytes:
        """The sealed bytes."""
        ...


class Sealer(Protocol):
    """What storage needs of the keyring (telehealth/crypto/keyring.py)."""

    def seal(self, owner: str, purpose: str, associated: Sequence[str], plaintext: bytes) -> SealedValue:
        """Seal under the owner's newest data key."""
        ...

    def open(self, owner: str, key_id: str, purpose: str, associated: Sequence[str], blob: bytes) -> bytes:
        """Open, or raise when the value, its key or its place was changed."""
        ...


class Blind(Protocol):
    """What storage needs of the blind index (telehealth/crypto/blind.py): keyed hashes to search by."""

    def identifier(self, system: str, value: str) -> bytes:
        """The index of an identifier within a system."""
        ...

    def resource_identifier(self, system: str, value: str) -> bytes:
        """The index of an identifier of something in the shared record, to the letter."""
        ...

    def phone(self, number: str, /) -> bytes:
        """The index of an E.164 number."""
        ...

    def email(self, address: str, /) -> bytes:
        """The index of an e-mail address."""
        ...

    def family_and_birth(self, family: str, birth_date: str, /) -> bytes:
        """The index of a family name together with a birth date (ISO 8601)."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands. Every field is bound into it: elsewhere it does not open."""

    owner: str
    purpose: str
    organization_id: str
    table: str
    row_id: str
    version: int = 0

    @property
    def associated(self) -> tuple[str, ...]:
        """The associated data; purpose, key id and owner are added by the keyring."""
        return (self.organization_id, self.table, self.row_id, str(self.version), SCHEMA)


def staff_of(organization_id: str) -> str:
    """Return the owner of the data keys for an organization's staff."""
    return f"staff:{organization_id}" if organization_id else SYSTEM


log = logging.getLogger(__name__)


class Vault:
    """Seals and opens the values of rows; raises Erased for who was erased.

    Raises Unavailable while the keeper of the keys does not answer.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def seal(self, place: Place, value: Any) -> dict[str, Any]:
        """Return the columns `key_id` and `sealed` for a JSON value."""
        return self.seal_text(place, json.dumps(value, separators=(",", ":")))

    def seal_text(self, place: Place, text: str) -> dict[str, Any]:
        """Return the columns `key_id` and `sealed` for a text kept to the letter."""
        with _in_our_words():
            sealed = self._sealer.seal(place.owner, place.purpose, place.associated, text.encode())
        return {"key_id": sealed.key_id, "sealed": sealed.blob}

    def open(self, place: Place, key_id: str, blob: bytes) -> Any:
        """Return the JSON value."""
        return json.loads(self.open_text(place, key_id, blob))

    def open_text(self, place: Place, key_id: str, blob: bytes) -> str:
        """Return the text."""
        with _in_our_words():
            return self._sealer.open(place.owner, key_id, place.purpose, place.associated, blob).decode()


@contextmanager
def _in_our_words() -> Generator[None]:
    """Raise what passes by itself as such: nothing was lost, and whoever asks again later is answered."""
    try:
        yield
    except KeyServiceDown as down:
        log.error("the keys cannot be reached", extra={"code": down.code})  # noqa: TRY400 (nothing of ours broke)
        raise Unavailable from down
    except KeyShredded as gone:
        raise Erased from gone
