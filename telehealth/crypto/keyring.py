"""The keyring: every owner's data keys, made before first use, opened by id, renewed, rewrapped, destroyed.

Owners are a patient's id, `staff:<organization>`, `signer:<practitioner>` and `system`. Calls are synchronous
and short (40 µs, or one fsynced commit), safe from any thread and beside a second process on the same store.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from telehealth.crypto.cache import Recent
from telehealth.crypto.chance import Chance
from telehealth.crypto.derive import derive
from telehealth.crypto.errors import KeyProtected, KeyShredded, KeyUnknown, SealBroken, WrongKey
from telehealth.crypto.kek import KekProvider
from telehealth.crypto.keystore import KeyRow, KeyStore
from telehealth.crypto.seal import NONCE, SALT, seal, unseal

SYSTEM = "system"
KEY_SIZE = 32
REMEMBERED = 2048
"""Opened data keys kept in memory: more than a cluster's day of patients."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """An opened data key: 32 secret bytes of one owner and generation."""

    id: str
    owner: str
    generation: int
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value and the id of the data key it stands under; keep both."""

    key_id: str
    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Examined:
    """What looking at every data key has found; `damaged` are the ids of those that open no more."""

    whole: int
    damaged: tuple[str, ...]


class Keyring:
    """Seals and opens values for owners; see README.md, steps 2 to 8."""

    def __init__(
        self,
        provider: KekProvider,
        store: KeyStore,
        chance: Chance,
        now: Callable[[], datetime],
        *,
        find: Callable[[str], KekProvider | None] | None = None,
    ) -> None:
        """A keyring on a key store; the first one ever makes the provider's KEK the store's current one.

        `find` gives the provider of another KEK id while a rotation runs. Raises WrongKey when the store's
        current KEK is neither the provider's nor found.
        """
        self._store, self._chance, self._now, self._find = store, chance, now, find
        self._providers = {provider.current: provider}
        self._lock = RLock()
        self._opened: Recent[str, DataKey] = Recent(REMEMBERED)
        self._newest: Recent[str, DataKey] = Recent(REMEMBERED)
        self._version = store.version()
        self._provider(store.first_kek(provider.current, now()))

    @property
    def check(self) -> str:
        """The check value of the KEK in use, for the data's own database to remember."""
        return self._store.current_kek() or ""

    def require(self, check: str | None) -> None:
        """Raises WrongKey when data that remember this check value were sealed with other keys than these."""
        if check is not None and not self._store.knows_kek(check):
            message = f"the data were sealed with the key {check}, this key directory holds {self.check}"
            raise WrongKey(message)

    def seal(self, owner: str, purpose: str, associated: Sequence[str], plaintext: bytes) -> Sealed:
        """Seal a value under its owner's newest data key; raises KeyShredded, UnknownPurpose.

        Associated with it are the purpose, the key's id, the owner, then `associated`.
        """
        key = self.key_for(owner)
        salt, nonce = self._chance.token(SALT), self._chance.token(NONCE)
        blob = seal(key.secret, purpose, (key.id, owner, *associated), plaintext, salt=salt, nonce=nonce)
        return Sealed(key.id, blob)

    def open(self, owner: str, key_id: str, purpose: str, associated: Sequence[str], blob: bytes) -> bytes:
        """Open a value; raises SealBroken, KeyShredded, KeyUnknown."""
        key = self.open_key(key_id)
        if key.owner != owner:
            message = "the value was sealed for another owner"
            raise SealBroken(message)
        return unseal(key.secret, purpose, (key_id, owner, *associated), blob)

    def key_for(self, owner: str) -> DataKey:
        """The owner's newest data key, made and safely on disk when there was none; raises KeyShredded."""
        with self._lock:
            self._notice_changes()
            if (known := self._newest.get(owner)) is not None:
                return known
            row = self._store.newest(owner) or self._make(owner, 1)
            return self._newest.put(owner, self._opened_row(row))

    def open_key(self, key_id: str) -> DataKey:
        """The data key with this id; raises KeyUnknown, KeyShredded."""
        with self._lock:
            self._notice_changes()
            if (known := self._opened.get(key_id)) is not None:
                return known
            if (row := self._store.by_id(key_id)) is None:
                message = f"no data key has the id {key_id}"
                raise KeyUnknown(message)
            return self._opened_row(row)

    def renew(self, owner: str) -> DataKey:
        """A new generation for what is sealed from now on; older ones stay readable. Raises KeyShredded."""
        with self._lock:
            newest = self._store.newest(owner)
            row = self._make(owner, 1 if newest is None else newest.generation + 1)
            return self._newest.put(owner, self._opened_row(row))

    def renew_all(self, before: datetime, report: Callable[[int], None] | None = None) -> int:
        """A new generation for every owner whose newest is older than an instant; gives how many that were.

        Online and resumable as `rewrap` is: what is sealed meanwhile, by whomever, opens.
        """
        owners = self._store.owners_older_than(before)
        for renewed, owner in enumerate(owners, 1):
            with suppress(KeyShredded):  # since they were read
                self.renew(owner)
            if report is not None:
                report(renewed)
        return len(owners)

    def shred(self, owner: str) -> int:
        """Destroy all data keys of an owner for ever, give how many; raises KeyProtected for the system."""
        if owner == SYSTEM:
            message = "the system's own keys hold up every index and link; they are never destroyed"
            raise KeyProtected(message)
        with self._lock:
            # The owner without a key yet gets a destroyed one: nothing may be sealed after this.
            if self._store.newest(owner) is None:
                self._make(owner, 1)
            count = self._store.shred(owner, self._now())
            self._forget()
            return count

    def shredded(self) -> list[str]:
        """All owners whose keys were destroyed, in their order."""
        return self._store.shredded_owners()

    def derived(self, purpose: str, owner: str = SYSTEM) -> bytes:
        """A secret of 32 bytes that stays the same over restarts, KEK rotations and renewals.

        It hangs on the first generation of the owner's data key, by default the system's. Raises KeyShredded.
        """
        with self._lock:
            row = self._store.of_generation(owner, 1) or self._make(owner, 1)
            return derive(self._opened_row(row).secret, purpose)

    def root(self) -> str:
        """The id of the key that `derived` hangs on for the system; empty before the first use."""
        row = self._store.of_generation(SYSTEM, 1)
        return "" if row is None else row.id

    def missing(self, key_ids: Iterable[str]) -> list[str]:
        """Those of the ids that no data key has; one that was destroyed on purpose is not missing."""
        return sorted(key_id for key_id in key_ids if self._store.by_id(key_id) is None)

    def examine(self) -> Examined:
        """Open every data key that was not destroyed, out of the store and not out of memory."""
        whole, damaged, last = 0, list[str](), ""
        while (row := self._store.following(last)) is not None:
            last = row.id
            if row.shredded is not None:
                continue
            try:
                self._provider(row.kek_id).unwrap(row.kek_id, row.wrapped, (row.id, row.owner))
                whole += 1
            except (SealBroken, WrongKey):
                damaged.append(row.id)
        return Examined(whole, tuple(damaged))

    def rewrap(self, provider: KekProvider, report: Callable[[int], None] | None = None) -> int:
        """Put every data key under another KEK, one by one, and give how many were moved.

        Online: readers accept both KEKs, new keys come under the new one from the first moment. Resumable:
        call it again after any interruption. `report` hears the count after each key.
        """
        with self._lock:
            self._providers[provider.current] = provider
            self._store.change_kek(provider.current, self._now())
        moved = 0
        while (row := self._store.wrapped_by_another(provider.current)) is not None:
            context = (row.id, row.owner)
            secret = self._provider(row.kek_id).unwrap(row.kek_id, row.wrapped, context)
            self._store.rewrap(row, provider.current, provider.wrap(secret, context))
            moved += 1
            if report is not None:
                report(moved)
        return moved

    def _make(self, owner: str, generation: int) -> KeyRow:
        """Make a data key and keep it before anyone can use it; a faster process's key wins."""
        key_id, secret = self._chance.token(16).hex(), self._chance.token(KEY_SIZE)
        while True:
            provider = self._provider(self.check)
            wrapped = provider.wrap(secret, (key_id, owner))
            created = self._now().isoformat()
            row = self._store.insert(KeyRow(key_id, owner, generation, provider.current, wrapped, created))
            if row is not None:
                return row

    def _opened_row(self, row: KeyRow) -> DataKey:
        if row.shredded is not None:
            message = f"the keys of {row.owner} were destroyed"
            raise KeyShredded(message)
        secret = self._provider(row.kek_id).unwrap(row.kek_id, row.wrapped, (row.id, row.owner))
        return self._opened.put(row.id, DataKey(row.id, row.owner, row.generation, secret))

    def _provider(self, kek_id: str) -> KekProvider:
        """The keeper of a KEK; raises WrongKey when nobody holds it."""
        if kek_id not in self._providers:
            found = None if self._find is None else self._find(kek_id)
            if found is None:
                held = ", ".join(self._providers)
                message = f"the data keys were wrapped by the key {kek_id}, the key given is {held}"
                raise WrongKey(message)
            self._providers[kek_id] = found
        return self._providers[kek_id]

    def _notice_changes(self) -> None:
        """Forget opened keys when another process wrote: it may have destroyed one."""
        version = self._store.version()
        if version != self._version:
            self._forget()
            self._version = version

    def _forget(self) -> None:
        self._opened.clear()
        self._newest.clear()
