"""The key directory: its files, when a key may be made, and how the KEK is rotated beside a running server.

`kek` is the key-encryption key, `keys.sqlite` the data keys wrapped by it, `kek.next` the coming KEK while a
rotation runs. Nothing here ever makes a key in place of one that is missing.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from telehealth.crypto.chance import Chance
from telehealth.crypto.errors import KeyExists, KeyMissing, NoEscrow
from telehealth.crypto.kek import EnvironmentKek, FileKek, KekProvider, LocalKek, sync_directory
from telehealth.crypto.keyring import Keyring
from telehealth.crypto.keystore import KeyStore
from telehealth.crypto.transit import TransitKek, TransitService

KEK = "kek"
NEXT = "kek.next"
STORE = "keys.sqlite"


@dataclass(frozen=True, slots=True)
class Custody:
    """An opened key directory; `escrow` is set when the KEK is newly made: show it once, keep it nowhere."""

    directory: Path
    keyring: Keyring
    store: KeyStore
    chance: Chance = field(repr=False)
    escrow: str | None = field(repr=False)
    environment: tuple[EnvironmentKek, ...] = field(repr=False)
    service: TransitService | None = field(repr=False)

    def rotate(self, report: Callable[[int], None] | None = None) -> str | None:
        """Put all data keys under a new KEK and give its escrow text, None for a key service's.

        The new KEK is a new file, or the first one of the environment, or a new version of the key
        service's key. A rotation that was interrupted, even by a power cut, is ended by the next call.
        Readers in other processes go on reading throughout.
        """
        if self.service is not None:
            self.keyring.rewrap(self._coming(self.service), report)
            return None
        if self.environment:
            self.keyring.rewrap(self.environment[0], report)
            return self.environment[0].escrow()
        coming = _open_or_create(self.directory / NEXT, self.chance)[0]
        self.keyring.rewrap(coming, report)
        (self.directory / NEXT).replace(self.directory / KEK)
        sync_directory(self.directory)
        return coming.escrow()

    def _coming(self, service: TransitService) -> TransitKek:
        """The version to rotate to: a new one, unless one before it has not come to its end."""
        kek = TransitKek(service, service.newest())
        ended = self.store.counts().waiting == 0
        if ended and self.keyring.check == kek.current:
            service.rotate()
            kek = TransitKek(service, service.newest())
        return kek

    def escrow_copy(self) -> str:
        """The escrow text of the KEK in use, for the eyes of whoever keeps it; raises NoEscrow."""
        if self.service is not None:
            message = (
                f"the key stays with the key service {self.service.address.host}: keep that one's own backup"
            )
            raise NoEscrow(message)
        return _own(self.directory, self.chance, self.environment, make=False)[0].escrow()

    def close(self) -> None:
        """Let go of the key store, and of the key service."""
        self.store.close()
        if self.service is not None:
            self.service.close()


def open_custody(
    directory: Path,
    chance: Chance,
    now: Callable[[], datetime],
    *,
    known_check: str | None,
    environment: str | None = None,
    service: TransitService | None = None,
) -> Custody:
    """Open the key directory, or make it when neither keys nor data exist.

    `known_check` is the check value that the data's own database remembers, None for a database without any.
    `environment` is a KEK as text; after a comma a former one may follow while a rotation is under way.
    `service` keeps the KEK away from here; what a file or the environment wrapped before is opened by these
    until the next rotation. Raises KeyMissing, WrongKey, KeyFileTooOpen, KeyFileBroken, KeyStoreBroken,
    KeyServiceDown; each says in words what to do.
    """
    has_store = (directory / STORE).exists()
    if known_check is not None and not has_store:
        message = (
            f"data exist, but {directory / STORE} with their keys is missing; put the key directory back"
        )
        raise KeyMissing(message)
    texts = [text for text in (environment or "").split(",") if text.strip()]
    given = tuple(EnvironmentKek.parse(text, chance) for text in texts)
    kek, escrow = _current(directory, chance, given, service, make=not has_store)
    store = KeyStore(directory / STORE)
    try:
        keyring = Keyring(kek, store, chance, now, find=_finder(directory, chance, given, service))
        keyring.require(known_check)
    except BaseException:
        store.close()
        raise
    return Custody(directory, keyring, store, chance, escrow, given, service)


def _current(
    directory: Path,
    chance: Chance,
    given: tuple[EnvironmentKek, ...],
    service: TransitService | None,
    *,
    make: bool,
) -> tuple[KekProvider, str | None]:
    """The KEK in use, wherever it is kept, with its escrow text when it is newly made."""
    if service is not None:
        return TransitKek(service, service.newest()), None
    return _own(directory, chance, given, make=make)


def _own(
    directory: Path, chance: Chance, given: tuple[EnvironmentKek, ...], *, make: bool
) -> tuple[LocalKek, str | None]:
    """The KEK in use that we hold ourselves, with its escrow text when it is newly made."""
    if given:
        return given[0], None
    if make:
        return _open_or_create(directory / KEK, chance)
    return FileKek.open(directory / KEK, chance), None


def _open_or_create(path: Path, chance: Chance) -> tuple[FileKek, str | None]:
    """The KEK in a file, made when absent; of two processes that make it at once both get the same one."""
    if not path.exists():
        try:
            return FileKek.create(path, chance)
        except KeyExists:
            pass
    return FileKek.open(path, chance), None


def _finder(
    directory: Path, chance: Chance, given: tuple[EnvironmentKek, ...], service: TransitService | None
) -> Callable[[str], KekProvider | None]:
    """Looks for a KEK by its id: at the key service, among the given ones, in the files as they are now.

    The coming one is read first: if it has just been renamed, the file read second is it.
    """

    def find(kek_id: str) -> KekProvider | None:
        if service is not None and (kept := TransitKek.named(service, kek_id)) is not None:
            return kept
        for kek in given:
            if kek.current == kek_id:
                return kek
        for path in (directory / NEXT, directory / KEK):
            with suppress(KeyMissing):
                file = FileKek.open(path, chance)
                if file.current == kek_id:
                    return file
        return None

    return find
