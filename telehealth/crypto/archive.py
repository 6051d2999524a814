"""A backup as one sealed stream: a readable head, then AES-256-GCM chunks that know their place and the end.

    head   = "telehealth-backup " | JSON with format, made, key, salt, commitment | newline
    chunk  = AES-256-GCM ciphertext of up to 256 KiB | tag 16

Only the last chunk may be shorter, and only it is marked as the end; README.md, step 15.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from telehealth.crypto.derive import derive, fields
from telehealth.crypto.errors import ArchiveBroken
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.seal import NONCE, SALT, TAG

MAGIC = b"telehealth-backup "
FORMAT = 1
CHUNK = 256 * 1024
LONGEST_HEAD = 4096
NOT_WHOLE = "the backup is not whole: it was changed or cut, or it was sealed with another key"


@dataclass(frozen=True, slots=True)
class ArchiveHead:
    """What a backup says before it is opened: when it was made, and the id of the key behind its key.

    All of it is bound into every chunk: a head that was changed opens nothing.
    """

    made: datetime
    key: str
    salt: bytes
    commitment: bytes

    def line(self) -> bytes:
        """The head as it stands in the file."""
        told = {
            "format": FORMAT,
            "made": self.made.isoformat(),
            "key": self.key,
            "salt": self.salt.hex(),
            "commitment": self.commitment.hex(),
        }
        return MAGIC + json.dumps(told).encode() + b"\n"


class ArchiveWriter:
    """Seals what is written to it into a file, chunk by chunk."""

    def __init__(self, file: BinaryIO, secret: bytes, *, made: datetime, key: str, salt: bytes) -> None:
        """`secret` is `Keyring.derived(Purpose.BACKUP_KEY)`, `key` its id, `salt` 32 fresh random bytes."""
        if len(salt) != SALT:
            message = f"a backup needs a salt of {SALT} bytes"
            raise ValueError(message)
        cipher, commitment = _keys(secret, salt)
        self._head = ArchiveHead(made, key, salt, commitment)
        self._file, self._cipher = file, AESGCM(cipher)
        self._waiting, self._number = bytearray(), 0
        file.write(self._head.line())

    def write(self, data: bytes) -> None:
        """Take more; what fills a chunk with something left over is sealed at once."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def finish(self) -> None:
        """Seal what is left, marked as the end."""
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, plaintext: bytes, *, last: bool) -> None:
        nonce, place = _place(self._head, self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, plaintext, place))
        self._number += 1


def read_head(file: BinaryIO) -> ArchiveHead:
    """The head of a backup, not yet to be believed; the file stands behind it. Raises ArchiveBroken."""
    line = file.readline(LONGEST_HEAD)
    if not line.startswith(MAGIC):
        message = "this file is no backup"
        raise ArchiveBroken(message)
    try:
        told = json.loads(line[len(MAGIC) :])
        if told["format"] != FORMAT:
            message = f"the backup has the form {told['format']}; this version reads form {FORMAT} only"
            raise ArchiveBroken(message)
        salt, commitment = bytes.fromhex(told["salt"]), bytes.fromhex(told["commitment"])
        head = ArchiveHead(datetime.fromisoformat(told["made"]), str(told["key"]), salt, commitment)
    except (ValueError, KeyError, TypeError):
        raise ArchiveBroken(NOT_WHOLE) from None
    if head.line() != line or head.made.utcoffset() is None:
        raise ArchiveBroken(NOT_WHOLE)
    return head


def opened_chunks(file: BinaryIO, head: ArchiveHead, secret: bytes) -> Iterator[bytes]:
    """The plaintext, chunk by chunk, of a file that stands behind its head; raises ArchiveBroken.

    What was given out before that is genuine and in its order; that it is all is known at the end only.
    """
    cipher, commitment = _keys(secret, head.salt)
    if not compare_digest(head.commitment, commitment):
        raise ArchiveBroken(NOT_WHOLE)
    aead, number = AESGCM(cipher), 0
    chunk = file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        nonce, place = _place(head, number, last=not following)
        try:
            yield aead.decrypt(nonce, chunk, place)
        except InvalidTag:
            raise ArchiveBroken(NOT_WHOLE) from None
        if not following:
            return
        chunk, number = following, number + 1


def _keys(secret: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """The AES-256 key of one archive, and the commitment to it."""
    both = derive(secret, Purpose.BACKUP_ARCHIVE, salt=salt, length=64)
    return both[:32], both[32:]


def _place(head: ArchiveHead, number: int, *, last: bool) -> tuple[bytes, bytes]:
    """The nonce and the associated data of a chunk. The key is of this archive alone, so counting will do."""
    parts = (Purpose.BACKUP_ARCHIVE, head.line().decode(), str(number), "last" if last else "more")
    return number.to_bytes(NONCE, "big"), fields(parts)
