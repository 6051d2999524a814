"""Weighing pages: what a browser took off the wire, told by Chromium's own network events."""

import asyncio
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Self

from playwright.async_api import Page

PATIENCE, QUIET = 10.0, 0.5
CODE = frozenset({"Script", "Stylesheet"})


@dataclass(slots=True)
class Asked:
    """One request that went over the network: its address, kind, and bytes with head and body."""

    url: str
    kind: str = ""
    head: int = 0
    total: int = 0
    cached: bool = False
    coding: str = ""
    by_script: bool = False
    done: bool = False

    @property
    def idle(self) -> bool:
        """Whether a script fetched this for a later view, as pages do when they are idle: code, or markup.

        Markup comes by XMLHttpRequest, which makes a document of it; data comes by fetch.
        """
        return self.by_script and (self.kind in CODE or self.kind == "XHR")

    @property
    def body(self) -> int:
        """Bytes of the body as compressed on the wire."""
        return max(0, self.total - self.head)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page weighed: bytes with heads, requests and sockets, and bytes of JavaScript and CSS alone."""

    total: int
    requests: int
    code: int
    asked: tuple[Asked, ...]


@dataclass
class Scale:
    """Everything that one page asks for, from now on."""

    asked: dict[str, Asked] = field(default_factory=dict)
    sockets: int = 0

    @classmethod
    async def under(cls, page: Page) -> Self:
        """Put the page on the scale, before it goes anywhere."""
        scale = cls()
        session = await page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", scale._asks)
        session.on("Network.requestServedFromCache", scale._cached)
        session.on("Network.responseReceived", scale._answered)
        session.on("Network.loadingFinished", scale._done)
        session.on("Network.loadingFailed", scale._done)
        session.on("Network.webSocketCreated", scale._socket)
        await session.send("Network.enable")
        return scale

    async def settled(self) -> Self:
        """Wait until nothing is under way and nothing new was asked for a moment."""
        until, quiet, count = monotonic() + PATIENCE, monotonic(), -1
        while monotonic() < until and monotonic() - quiet < QUIET:
            if count != len(self.asked) or not all(each.done for each in self.asked.values()):
                quiet, count = monotonic(), len(self.asked)
            await asyncio.sleep(0.05)
        return self

    def weight(self, *, first_view: bool = False) -> Weight:
        """Return what has come so far; of a first view without the code for later ones."""
        over_the_wire = [each for each in self.asked.values() if not each.cached]
        if first_view:
            over_the_wire = [each for each in over_the_wire if not each.idle]
        return Weight(
            total=sum(each.total for each in over_the_wire),
            requests=len(over_the_wire) + self.sockets,
            code=sum(each.body for each in over_the_wire if each.kind in CODE),
            asked=tuple(replace(each) for each in over_the_wire),
        )

    def _asks(self, told: dict[str, Any]) -> None:
        url = str(told["request"]["url"])
        if url.startswith("http"):
            by_script = told.get("initiator", {}).get("type") == "script"
            self.asked[told["requestId"]] = Asked(url, by_script=by_script)

    def _cached(self, told: dict[str, Any]) -> None:
        if one := self.asked.get(told["requestId"]):
            one.cached = True

    def _answered(self, told: dict[str, Any]) -> None:
        if one := self.asked.get(told["requestId"]):
            answer = told["response"]
            one.kind, one.head = str(told["type"]), int(answer["encodedDataLength"])
            one.cached = bool(one.cached or answer.get("fromDiskCache") or answer.get("fromPrefetchCache"))
            headers = {name.lower(): value for name, value in answer["headers"].items()}
            one.coding = headers.get("content-encoding", "")

    def _done(self, told: dict[str, Any]) -> None:
        if one := self.asked.get(told["requestId"]):
            one.total, one.done = int(told.get("encodedDataLength", one.total)), True

    def _socket(self, _told: dict[str, Any]) -> None:
        self.sockets += 1
