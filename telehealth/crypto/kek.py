"""Where the key-encryption key (KEK) comes from: a file, the environment, or a service that wraps."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from telehealth.crypto import crockford
from telehealth.crypto.chance import Chance
from telehealth.crypto.derive import derive
from telehealth.crypto.errors import (
    EscrowBroken,
    KeyExists,
    KeyFileBroken,
    KeyFileTooOpen,
    KeyMissing,
    WrongKey,
)
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.seal import NONCE, SALT, seal, unseal

SIZE = 32
CHECK_GROUP = 4


class KekProvider(Protocol):
    """A keeper of one KEK. A key service of a hospital needs no more than these three."""

    @property
    def current(self) -> str:
        """The id of the KEK, which every wrapped key names."""
        ...

    def wrap(self, data: bytes, context: Sequence[str]) -> bytes:
        """`data` sealed under the current KEK, opened again only with the same context."""
        ...

    def unwrap(self, kek_id: str, wrapped: bytes, context: Sequence[str]) -> bytes:
        """The data again; raises WrongKey for another KEK's id, SealBroken for changed bytes or context."""
        ...


@dataclass(frozen=True, slots=True)
class LocalKek:
    """A KEK whose 32 bytes this process holds itself; its id is its check value."""

    secret: bytes = field(repr=False)
    chance: Chance = field(repr=False)

    @property
    def current(self) -> str:
        """The check value: 16 hex digits that name the key and tell nothing about it."""
        return derive(self.secret, Purpose.KEK_CHECK).hex()[:16]

    def wrap(self, data: bytes, context: Sequence[str]) -> bytes:
        """`data` as a sealed value under this KEK."""
        salt, nonce = self.chance.token(SALT), self.chance.token(NONCE)
        return seal(self.secret, Purpose.KEK_WRAP, context, data, salt=salt, nonce=nonce)

    def unwrap(self, kek_id: str, wrapped: bytes, context: Sequence[str]) -> bytes:
        """The wrapped data; raises WrongKey and SealBroken."""
        self.require(kek_id)
        return unseal(self.secret, Purpose.KEK_WRAP, context, wrapped)

    def require(self, check: str | None) -> None:
        """Raises WrongKey unless `check` is None or this key's check value."""
        if check is not None and check != self.current:
            message = f"the key has the check value {self.current}, the data were sealed with the key {check}"
            raise WrongKey(message)

    def escrow(self) -> str:
        """The key for paper: 52 Crockford characters in groups of four and a last group that checks them."""
        return crockford.grouped(crockford.encode(self.secret) + _check_group(self.secret), 4)


class EnvironmentKek(LocalKek):
    """A KEK given as text by the surroundings, for machines without a disk of their own."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, chance: Chance, check: str | None = None) -> Self:
        """The key of 64 hex digits; raises KeyFileBroken, and WrongKey when `check` names another key."""
        kek = cls(_from_hex(text, "the key given by the environment"), chance)
        kek.require(check)
        return kek


class FileKek(LocalKek):
    """A KEK in a file of mode 0400 that holds 64 hex digits."""

    __slots__ = ()

    @classmethod
    def create(cls, path: Path, chance: Chance) -> tuple[Self, str]:
        """A new key, safely on disk, and its escrow text, to be shown once; raises KeyExists."""
        kek = cls(chance.token(SIZE), chance)
        write_key(path, kek.secret, chance)
        return kek, kek.escrow()

    @classmethod
    def restore(cls, path: Path, escrow: str, chance: Chance) -> Self:
        """The key of an escrow text, safely on disk again; raises EscrowBroken, KeyExists."""
        kek = cls(from_escrow(escrow), chance)
        write_key(path, kek.secret, chance)
        return kek

    @classmethod
    def open(cls, path: Path, chance: Chance, check: str | None = None) -> Self:
        """The key in the file. `check` is the check value the data were sealed with, None for no data yet.

        Raises KeyMissing, KeyFileTooOpen, KeyFileBroken, WrongKey; each says what to do.
        """
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                content = file.read(SIZE * 4)
        except FileNotFoundError:
            message = f"the key file {path} is missing; put it back, or restore it from its escrow copy"
            raise KeyMissing(message) from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            message = f"other accounts may use the key file {path}; run: chmod 400 {path}"
            raise KeyFileTooOpen(message)
        kek = cls(_from_hex(content.decode("ascii", "replace"), f"the key file {path}"), chance)
        kek.require(check)
        return kek


def write_key(path: Path, secret: bytes, chance: Chance) -> None:
    """Write a key file that is whole or absent, also after a power cut; raises KeyExists.

    The bytes go to a fresh file first; `link` gives it the name and refuses when the name is taken.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{chance.token(8).hex()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secret.hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    except FileExistsError:
        message = f"the key file {path} exists and is never overwritten"
        raise KeyExists(message) from None
    finally:
        fresh.unlink()
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def from_escrow(text: str) -> bytes:
    """The 32 bytes of an escrow text, however it was typed; raises EscrowBroken."""
    plain = crockford.normalise(text)
    secret = crockford.decode(plain[:-CHECK_GROUP], SIZE)
    if secret is None or plain[-CHECK_GROUP:] != _check_group(secret):
        message = (
            "the escrow text has a mistake: it is 56 characters in 14 groups, the last one checks the others"
        )
        raise EscrowBroken(message)
    return secret


def _check_group(secret: bytes) -> str:
    """20 bits that tell a mistyped escrow text from the right one."""
    return crockford.encode(derive(secret, Purpose.KEK_ESCROW))[:CHECK_GROUP]


def _from_hex(text: str, place: str) -> bytes:
    digits = text.strip()
    try:
        secret = bytes.fromhex(digits)
    except ValueError:
        secret = b""
    if len(secret) != SIZE or len(digits) != SIZE * 2:
        message = f"{place} does not hold 64 hexadecimal digits; restore it from its escrow copy"
        raise KeyFileBroken(message)
    return secret
