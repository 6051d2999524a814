"""One connection without a socket: its news wait, numbered, until they are known to have arrived."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from signaling.limits import Bucket
from signaling.messages import Wire
from signaling.refusals import Misread


@dataclass(slots=True, eq=False)
class Polled:
    """What is known of one page that asks for its news."""

    id: str
    session_id: str
    mark: bytes
    """Stands for the cookie that its requests carry."""
    requests: Bucket
    heard: datetime
    """When its latest request came."""
    taken: int = 0
    """The number of the last of its events that was taken."""
    over: bool = False
    """Closed in good order; the page may not have been told yet."""
    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while its events are being answered: nothing overtakes."""
    _last: int = 0
    _news: deque[Wire] = field(default_factory=deque)
    _asking: asyncio.Future[None] | None = None
    _quiet: bool = False

    @property
    def unread(self) -> int:
        """How much of the news is not known to have arrived."""
        return len(self._news)

    def arrived(self, since: int) -> None:
        """Forget news up to the number `since`; Misread for a number that none has had."""
        if since > self._last:
            raise Misread("'since' is the number of no news.")
        while self._news and self._last - len(self._news) < since:
            self._news.popleft()

    def news(self) -> list[Wire]:
        """Return what is not known to have arrived."""
        return list(self._news)

    def tell(self, **item: object) -> None:
        """Put something behind the news."""
        self._last += 1
        self._news.append({"n": self._last, **item})
        if not self._quiet:
            self.answer()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Keep what the block tells for the answer of its own request: nobody else who asks is woken."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    async def wait(self, hold: float) -> None:
        """Wait for news, at most `hold` seconds and until the next who waits."""
        self.answer()
        if self._news or self.over:
            return
        self._asking = asyncio.get_running_loop().create_future()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._asking, hold)

    def answer(self) -> None:
        """Let whoever waits wait no longer."""
        if self._asking is not None and not self._asking.done():
            self._asking.set_result(None)
