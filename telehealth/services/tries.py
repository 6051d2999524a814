"""The growing delay where no account may show: wrong and running tries per address typed and per session."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from telehealth.crypto.blind import folded
from telehealth.domain.accounts import SESSION_TRIES, standing_failures
from telehealth.services.factors import refuse_haste

REMEMBERED_TRIES = 20_000


def of_address(email: str) -> bytes:
    """Return a key for an address as typed: every spelling that finds the same account counts together."""
    return hashlib.sha256(folded(email).encode(errors="replace")).digest()


def of_browser(account_id: str, name: bytes) -> bytes:
    """Return a key for a browser in which an account's owner has signed in."""
    return account_id.encode() + name


def of_session(session_id: str) -> bytes:
    """Return a key for a session."""
    return session_id.encode()


class Tries:
    """What this process remembers. Why not the account: unknown addresses have none.

    Were a known address's tries kept with its account, they would outlive this process and those of an
    unknown one would not: whoever waits for a restart could tell the two apart. And what strangers try at
    the front door must not keep anyone out of their own locked screen.
    """

    def __init__(self) -> None:
        self._tries: OrderedDict[bytes, tuple[int, datetime]] = OrderedDict()

    def begin(self, key: bytes, now: datetime) -> None:
        """Count a try before it is judged, so that parallel ones count too; TooMany while a delay runs."""
        count, at = self._tries.get(key, (0, now))
        count = standing_failures(count, at, now)
        refuse_haste(count, at, now)
        self._tries[key] = (count + 1, now)
        self._tries.move_to_end(key)
        while len(self._tries) > REMEMBERED_TRIES:
            self._tries.popitem(last=False)

    @contextmanager
    def judging(self, key: bytes, now: datetime) -> Iterator[None]:
        """Begin a try and judge it in the block; one that fails there, as with a full pool, was none."""
        self.begin(key, now)
        try:
            yield
        except Exception:
            self.take_back(key)
            raise

    def take_back(self, key: bytes) -> None:
        """The try was never judged."""
        count, at = self._tries.get(key, (0, None))
        if at is not None:
            self._tries[key] = (max(0, count - 1), at)

    def forget(self, key: bytes) -> None:
        """The try was right."""
        self._tries.pop(key, None)


class SessionTries(Tries):
    """The tries within sessions: the same delay, and an end."""

    def __init__(self) -> None:
        super().__init__()
        self._wrong: OrderedDict[bytes, int] = OrderedDict()

    def wrong(self, key: bytes) -> None:
        """The try was wrong."""
        self._wrong[key] = self._wrong.get(key, 0) + 1
        while len(self._wrong) > REMEMBERED_TRIES:
            self._wrong.popitem(last=False)

    def spent(self, key: bytes) -> bool:
        """Whether a session has had all its wrong tries and must end; tries long ago are no excuse."""
        return self._wrong.get(key, 0) >= SESSION_TRIES

    def forget(self, key: bytes) -> None:
        """The try was right, or the session is over."""
        super().forget(key)
        self._wrong.pop(key, None)
