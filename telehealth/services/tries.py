"""The growing delay before there is an account: wrong and running tries per address typed, known or not."""

import hashlib
from collections import OrderedDict
from datetime import datetime, timedelta

from telehealth.domain.accounts import wait_after
from telehealth.services.factors import refuse_haste

REMEMBERED_TRIES = 20_000
FORGIVEN_AFTER = timedelta(minutes=15)
"""A process forgets tries this long after the delay that they earned; the account itself remembers."""


def of_address(email: str) -> bytes:
    """Return a key for an address as typed: case and spaces around do not matter."""
    return hashlib.sha256(email.strip().casefold().encode(errors="replace")).digest()


class Tries:
    """What this process remembers, so that unknown addresses slow down exactly as known ones do."""

    def __init__(self) -> None:
        self._tries: OrderedDict[bytes, tuple[int, datetime]] = OrderedDict()

    def begin(self, key: bytes, failures: int, failed_at: datetime | None, now: datetime) -> None:
        """Count a try before it is judged, so that parallel ones count too; raise TooMany while a delay runs.

        `failures` and `failed_at` are what the account remembers, zero and None for an unknown one.
        """
        count, at = self._tries.get(key, (0, now))
        if now >= at + wait_after(count) + FORGIVEN_AFTER:
            count = 0
        refuse_haste(count, at, now)
        refuse_haste(failures, failed_at, now)
        self._tries[key] = (max(count, failures) + 1, now)
        self._tries.move_to_end(key)
        while len(self._tries) > REMEMBERED_TRIES:
            self._tries.popitem(last=False)

    def take_back(self, key: bytes) -> None:
        """The try was never judged."""
        count, at = self._tries.get(key, (0, None))
        if at is not None:
            self._tries[key] = (max(0, count - 1), at)

    def forget(self, key: bytes) -> None:
        """The try was right."""
        self._tries.pop(key, None)
