"""Opens what lives in DATA: the key directory, the database brought up to date, one server's lock."""

import fcntl
import os
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from telehealth.config import Config
from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import STORE, Custody, open_custody
from telehealth.crypto.errors import KeyMissing
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.transit import TransitAddress, TransitService
from telehealth.services.ports import Clock
from telehealth.services.restoring import RESTORING
from telehealth.services.trail import Work
from telehealth.storage.migrate import migrate
from telehealth.storage.remembered import remembered
from telehealth.storage.unit_of_work import Storage

CHECK = "kek-check"
"""The meta entry that names the key-encryption key the data were first sealed with."""
BASE_URL = "base-url"
"""The meta entry with the public URL of the server's last start, for commands beside it."""


class NoData(RuntimeError):
    """DATA holds nothing yet, and this command makes nothing."""


class HalfRestored(RuntimeError):
    """A backup was put into this database, and what comes after that was cut short."""


class AlreadyServing(RuntimeError):
    """Another server uses the same DATA."""


class SystemClock:
    """The machine's clock: the one place that asks it."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Opened:
    """Keys and storage, ready for services."""

    config: Config
    custody: Custody
    storage: Storage
    work: Work


@contextmanager
def open_keys(config: Config, clock: Clock | None = None) -> Generator[Custody]:
    """Open the key directory apart from any data; raises CryptoError, KeyMissing where there are no keys."""
    store = config.keys_at / STORE
    if not store.exists():
        raise KeyMissing(f"the keys are missing: put {store} and the key file back first")
    custody = _custody(config, clock or SystemClock(), None)
    try:
        yield custody
    finally:
        custody.close()


@asynccontextmanager
async def open_data(
    config: Config, clock: Clock | None = None, *, make: bool = False, restoring: bool = False
) -> AsyncGenerator[Opened]:
    """Open keys and database, bringing its schema up to date.

    Where there are no data yet, `make` makes them with a new key; otherwise that is NoData, and not even the
    folder is made. Raises CryptoError when the keys are not the data's (none is ever made over data), and
    DatabaseTrouble. What a restore has left half done is opened by a restore only; else that is HalfRestored.
    """
    clock, chance = clock or SystemClock(), SystemChance()
    known = await _known_check(config, restoring=restoring)
    if known is None and not make:
        raise NoData(f"there is nothing in {config.data} yet; start it with make run")
    if make:
        config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    custody = _custody(config, clock, known)
    try:
        await migrate(config.database)
        blind = BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX))
        storage = Storage(config.database, custody.keyring, blind)
        try:
            if known is None:
                async with storage.writing() as uow:
                    await uow.meta.put(CHECK, custody.keyring.check)
            yield Opened(config, custody, storage, Work(storage, clock, chance))
        finally:
            await storage.close()
    finally:
        custody.close()


def _custody(config: Config, clock: Clock, known: str | None) -> Custody:
    return open_custody(
        config.keys_at,
        SystemChance(),
        clock.now,
        known_check=known,
        environment=config.key or None,
        service=_key_service(config),
    )


def _key_service(config: Config) -> TransitService | None:
    """Return the service that keeps the key-encryption key, None where we keep it ourselves."""
    if not config.vault_url:
        return None
    file = Path(config.vault_token_file) if config.vault_token_file else None
    return TransitService(
        TransitAddress.parse(config.vault_url),
        lambda: file.read_text().strip() if file else config.vault_token,
        time.monotonic,
    )


async def _known_check(config: Config, *, restoring: bool) -> str | None:
    """Return which key the data were first sealed with, None where there are none; raises HalfRestored."""
    facts = await remembered(config.database)
    if RESTORING in facts and not restoring:
        raise HalfRestored(
            f"the restore was cut short: empty the database, remove the audit anchors from {config.data},"
            " and restore the backup again"
        )
    return facts.get(CHECK)


async def beside_server(opened: Opened) -> Opened:
    """Return it with the base URL of the server's last start, unless the settings name one."""
    if opened.config.base_url:
        return opened
    async with opened.work.units.reading() as uow:
        base_url = await uow.meta.get(BASE_URL) or ""
    return replace(opened, config=replace(opened.config, base_url=base_url))


@contextmanager
def only_server(config: Config) -> Generator[None]:
    """Hold DATA for one server; raises AlreadyServing. The lock goes with the process, however it ends."""
    config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(config.data / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = (
                f"another server is already using {config.data}: stop it, or choose another folder with DATA"
            )
            raise AlreadyServing(message) from None
        yield
    finally:
        os.close(handle)
