"""Requests in sequence: how often a page waits for an answer before it can ask the next question.

What a page takes on a slow line is the round trips that follow each other and the bytes. Both are the page's
own, whatever else the machine does; seconds on a shared machine are not, so those stand in `make bench`.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.async_api import Page


@dataclass(frozen=True, slots=True)
class SlowLine:
    """A slow line as browsers emulate it: seconds that an answer takes, bits a second down and up."""

    latency: float
    down: int
    up: int

    def seconds(self, rounds: int, size: int) -> float:
        """What so many answers after each other and so many bytes take, with one round trip to connect."""
        return (1 + rounds) * self.latency + 8 * size / self.down

    @property
    def emulated(self) -> dict[str, Any]:
        """For Network.emulateNetworkConditions."""
        throughput = {"downloadThroughput": self.down / 8, "uploadThroughput": self.up / 8}
        return {"offline": False, "latency": 1000 * self.latency} | throughput


SECOND = SlowLine(0.8, 280_000, 256_000)
THIRD = SlowLine(0.15, 1_600_000, 750_000)
"""2G and 3G as phones in the country have them (experience design, "Budgets")."""


@dataclass
class Asked:
    """One request: when it left and when its answer was complete, by the browser's clock."""

    url: str
    left: float
    came: float = float("inf")
    size: int = 0


@dataclass
class Waterfall:
    """Every request of a page from the moment of `on`."""

    asked: dict[str, Asked] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def on(cls, page: Page, line: SlowLine) -> Self:
        """Watch a page with a cold cache on a slow line: what does not wait for each other overlaps there."""
        session = await page.context.new_cdp_session(page)
        waterfall = cls()
        session.on("Network.requestWillBeSent", waterfall._left)
        session.on("Network.loadingFinished", waterfall._came)
        await session.send("Network.enable")
        await session.send("Network.clearBrowserCache")
        await session.send("Network.emulateNetworkConditions", line.emulated)
        return waterfall

    async def whole(self, part: str) -> Asked:
        """Wait for the complete answer to the first request with this in its address."""
        while not (found := [each for each in self.came() if part in each.url]):
            self.news.clear()
            await self.news.wait()
        return found[0]

    def came(self) -> list[Asked]:
        """What is complete by now, in the order of asking."""
        return sorted(
            (each for each in self.asked.values() if each.came < float("inf")), key=lambda each: each.left
        )

    def rounds(self) -> int:
        """How many of the complete answers had to follow each other."""
        depth: dict[int, int] = {}
        came = self.came()
        for at, each in enumerate(came):
            before = [depth[other] for other in range(at) if came[other].came <= each.left]
            depth[at] = 1 + max(before, default=0)
        return max(depth.values(), default=0)

    def quickest(self) -> float:
        """Seconds of the quickest answer: far below the line's latency nothing was emulated or shown."""
        return min((each.came - each.left for each in self.came()), default=0.0)

    def size(self) -> int:
        """Bytes of all complete answers."""
        return sum(each.size for each in self.came())

    def __str__(self) -> str:
        names = [urlsplit(each.url).path.rpartition("/")[2] for each in self.came()]
        return f"{self.rounds()} in sequence, {self.size()} bytes: {', '.join(names)}"

    def _left(self, told: dict[str, Any]) -> None:
        url = told["request"]["url"]
        if urlsplit(url).scheme in {"http", "https"}:
            self.asked[told["requestId"]] = Asked(url, told["timestamp"])

    def _came(self, told: dict[str, Any]) -> None:
        if one := self.asked.get(told["requestId"]):
            one.came, one.size = told["timestamp"], round(told["encodedDataLength"])
            self.news.set()
