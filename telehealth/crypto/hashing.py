"""Password hashing off the event loop: a few threads and a short queue, and a refusal beyond it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import ParamSpec, TypeVar

from telehealth.crypto.errors import Busy
from telehealth.crypto.passwords import hash_password, needs_rehash, verify_password

P = ParamSpec("P")
T = TypeVar("T")


class HashingPool:
    """Hashes at most `threads` passwords at once and lets `queue` more wait; then it says Busy.

    A flood of sign-ins thus costs two cores at most and never a stalled event loop.
    """

    def __init__(self, threads: int = 2, queue: int = 20) -> None:
        """A pool; threads start with the first work."""
        self._room = threads + queue
        self._lock = Lock()
        self._open = True
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="hashing")

    async def hash(self, text: str) -> str:
        """The password's hash; raises Busy."""
        return await self._run(hash_password, text)

    async def verify(self, password_hash: str, text: str) -> bool:
        """Whether the password fits the hash; raises Busy."""
        return await self._run(verify_password, password_hash, text)

    def outdated(self, password_hash: str) -> bool:
        """Whether the hash has other parameters than today's; told from its text alone, at once."""
        return needs_rehash(password_hash)

    def close(self) -> None:
        """Take no more work, drop what waits, let what runs end (some 40 ms)."""
        with self._lock:
            self._open = False
        self._executor.shutdown(wait=True, cancel_futures=True)

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Room is taken until the thread is done, even when nobody waits for the answer any more."""
        with self._lock:
            if self._room == 0 or not self._open:
                message = "too many passwords are being checked at this moment"
                raise Busy(message)
            self._room -= 1
            future = self._executor.submit(work, *args, **kwargs)
        future.add_done_callback(self._done)
        return await asyncio.wrap_future(future)

    def _done(self, _: Future[T]) -> None:
        with self._lock:
            self._room += 1
