"""Two people behind routers of their own, each with a browser; one server and one relay that both reach."""

import asyncio
import math
import os
import signal
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Playwright

from signaling.server import SignalingServer
from tests.browser.client import eventually
from tests.browser.serving import serving
from tests.integration.signaling.house import VISIT, House
from tests.journeys.watching import WRAPPED
from tests.laboratory.gaps import heard_again, listens
from tests.laboratory.network import HERE, Network, network
from tests.laboratory.relay import LabRelay, lab_relay
from tests.laboratory.router import Router, behind
from tests.services.chromium import launched

WEB = 443
ANY_CERTIFICATE = "--ignore-certificate-errors"
ROUTERS = {"amara": "clinic", "bo": "home"}
COOKIES = {"amara": ("staff", "amara"), "bo": ("visit", "bo")}
COMES = {
    "amara": f"(globalThis.me = staff('{VISIT}')).enter(%s)",
    "bo": f"(globalThis.me = patient('{VISIT}')).enter(%s)",
}
HEARS = "me.numbers().then(it => it.sound > 20)"
TOLD = "[me.states, me.errors, me.steps]"
SURELY = 2000.0
"""Milliseconds after which a fault has shown itself, and sound that is back stays."""
PATH = """async () => {
  const stats = await me.connections.at(-1).getStats();
  const transport = [...stats.values()].find((stat) => stat.selectedCandidatePairId);
  const pair = stats.get(transport.selectedCandidatePairId);
  const own = stats.get(pair.localCandidateId);
  return [own.candidateType, own.relayProtocol ?? null, stats.get(pair.remoteCandidateId).candidateType];
}"""
"""By which kinds of addresses the call goes: the own, the way to the relay, the other side's."""


def now() -> float:
    """Return this moment as pages tell it: milliseconds."""
    return time.time() * 1000


@dataclass
class Pair:
    """The laboratory of two people with everything in it."""

    lab: Network
    routers: dict[str, Router]
    relay: LabRelay
    browsers: dict[str, Browser]
    script: str
    house: House = field(default_factory=House)
    pages: dict[str, Page] = field(default_factory=dict)
    server: SignalingServer | None = None
    serving: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def url(self) -> str:
        """Where both find the page."""
        return f"https://{self.lab.hosts[HERE]}"

    async def serve(self) -> None:
        """Start the server."""
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*self.relay.beside.settings.certificate)
        host = self.lab.hosts[HERE]
        made = serving(self.house, host=host, port=WEB, relay=self.relay.handed_out, tls=tls)
        self.server, _ = await self.serving.enter_async_context(made)

    async def comes(self, name: str, browser: Browser | None = None, *, picture: bool = False) -> Page:
        """Open somebody's page (or load it again) and enter the room."""
        page = self.pages.get(name)
        if page is None:
            context = await (browser or self.browsers[name]).new_context(
                permissions=["camera", "microphone"], ignore_https_errors=True
            )
            cookie, value = COOKIES[name]
            await context.add_cookies([{"name": cookie, "value": value, "url": self.url}])
            await context.add_init_script(WRAPPED)
            page = self.pages[name] = await context.new_page()
        await page.goto(self.url)
        await page.add_script_tag(content=self.script)
        await page.evaluate(COMES[name] % str(picture).lower())
        return page

    async def meet(self, *, relay_only: bool = False) -> None:
        """Let both come and hear each other, with no firewall between them."""
        self.house.relay_only = relay_only
        for router in self.routers.values():
            router.lets_through()
        for name in ("bo", "amara"):
            await self.comes(name)
        await self.hear()

    async def hear(self) -> None:
        """Wait until sound comes in on both sides."""
        for page in self.pages.values():
            await eventually(page, HEARS, TOLD)

    async def listen(self) -> None:
        """Begin to note when sound comes in."""
        for page in self.pages.values():
            await listens(page)

    async def back_after(self, fault: float, *, seconds: float = 30) -> float:
        """Return the milliseconds from `fault` until both heard each other again; infinite if never."""
        while True:
            await asyncio.sleep(0.5)
            end = now()
            found = [await heard_again(page, fault, end) for page in self.pages.values()]
            took = max(math.inf if each is None else each for each in found)
            if end - fault > 1000 * seconds or end - fault - took > SURELY:
                return took

    @contextmanager
    def asleep(self, name: str) -> Iterator[None]:
        """Let a browser do nothing at all as long as the block lasts, as a machine that sleeps."""
        command = ["ip", "netns", "pids", self.lab.space(name)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for each in told.split():
            os.kill(int(each), signal.SIGSTOP)
        try:
            yield
        finally:
            for each in told.split():
                os.kill(int(each), signal.SIGCONT)

    async def leave(self) -> None:
        """Close both pages; whoever comes next begins anew."""
        for page in self.pages.values():
            await page.evaluate("me.room.leave()")
            await page.context.close()
        self.pages = {}

    async def paths(self) -> list[Any]:
        """Return by which addresses each of the two is connected."""
        return [await page.evaluate(PATH) for page in self.pages.values()]


@asynccontextmanager
async def pair(
    driver: Playwright, chromium: str, coturn: str, script: str, folder: Path
) -> AsyncIterator[Pair]:
    """The laboratory as long as the block lasts, with the server and the relay running."""
    async with AsyncExitStack() as stack:
        lab = stack.enter_context(network("clinic", "home", "relay"))
        routers = {name: stack.enter_context(behind(lab, router, name)) for name, router in ROUTERS.items()}
        relay = lab_relay(lab, "relay", coturn, folder)
        stack.callback(relay.stop)
        relay.start()
        browsers = {
            name: await stack.enter_async_context(
                launched(driver, lab.program(name, chromium, folder), ANY_CERTIFICATE)
            )
            for name in ROUTERS
        }
        made = Pair(lab, routers, relay, browsers, script)
        stack.push_async_callback(made.serving.aclose)
        await made.serve()
        yield made
