"""What a page costs on the wire: the bytes and requests that Chromium itself counts, sockets included."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Page

LATER = re.compile(r"/static/(chunk|call)-|/v/(waiting|in-call|beside)\b|/queue/waiting$")
"""Code and markup for a later view, and the figure of the walk-in queue, read again when the page is idle."""
FRAME_HEADER = 2 + 4
"""Bytes that a short websocket frame of a browser carries beside its payload."""


@dataclass
class Scales:
    """Weighs everything that one page loads from the moment of `on`, with a cold cache."""

    session: CDPSession
    sizes: dict[str, float] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    socket_bytes: int = 0
    frames: int = 0

    @classmethod
    async def on(cls, page: Page) -> "Scales":
        session = await page.context.new_cdp_session(page)
        scales = cls(session)
        session.on("Network.requestWillBeSent", scales._asked)
        session.on("Network.loadingFinished", scales._loaded)
        session.on("Network.webSocketFrameSent", scales._frame)
        session.on("Network.webSocketFrameReceived", scales._frame)
        await session.send("Network.enable")
        await session.send("Network.clearBrowserCache")
        # What a service worker hands on counts as nothing in the page.
        await session.send("Network.setBypassServiceWorker", {"bypass": True})
        return scales

    @property
    def total(self) -> int:
        """Bytes on the wire: headers, compressed bodies."""
        return round(sum(self.sizes.values()))

    def first_view(self) -> "Scales":
        """What came without that for later views, which pages fetch when they are idle."""
        now = {each: url for each, url in self.urls.items() if not LATER.search(url)}
        sizes = {each: size for each, size in self.sizes.items() if each in now}
        return Scales(self.session, sizes, now)

    @property
    def requests(self) -> int:
        return len(self.sizes)

    def code(self) -> int:
        """Bytes of scripts and style sheets that came as files."""
        static = [
            self.sizes[each] for each, url in self.urls.items() if "/static/" in url and each in self.sizes
        ]
        return round(sum(static))

    def of(self, part: str) -> float:
        """Bytes of the last answer to an address with this part."""
        return [self.sizes[each] for each, url in self.urls.items() if part in url and each in self.sizes][-1]

    def __str__(self) -> str:
        names = sorted(urlsplit(url).path.rpartition("/")[2] for url in self.urls.values())
        return f"{self.total} bytes in {self.requests} requests ({', '.join(names)})"

    def _asked(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if urlsplit(url).scheme in {"http", "https"}:
            self.urls[event["requestId"]] = url

    def _loaded(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.urls:
            self.sizes[event["requestId"]] = event["encodedDataLength"]

    def _frame(self, event: dict[str, Any]) -> None:
        self.frames += 1
        self.socket_bytes += len(event["response"]["payloadData"].encode()) + FRAME_HEADER
