"""Two people who talk over lines that can be spoilt: browsers speak the reference voice, all is recorded."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp.web import Application, AppRunner, TCPSite
from playwright.async_api import Browser, Page, async_playwright

from tests.bench import bare_pair
from tests.browser.client import bundle
from tests.browser.serving import serving
from tests.integration.signaling.house import House
from tests.laboratory import ear, scoring, voice
from tests.laboratory.line import Line
from tests.laboratory.network import HERE, Network, network
from tests.laboratory.pair import ANY_CERTIFICATE, COMES, COOKIES
from tests.laboratory.voice import Sound
from tests.services.chromium import launched

CAMERA = "--use-fake-device-for-media-stream=fps=10"
ONE_WAY = 0.025
"""Seconds that a line adds which nothing is wrong with."""
PATIENCE = 60_000
MEETS = "() => window.__peers.some((one) => one.connectionState === 'connected')"
OURS, BARE = 443, 8081


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one side got of the other in some seconds."""

    concealed: float
    frames: float
    """Pictures a second."""
    frozen: float
    """Share of the time in which the picture stood."""


@dataclass
class Side:
    """One person's page, and what it has heard and counted so far."""

    page: Page
    sentences: list[Sound]
    before: dict[str, Any] = field(default_factory=dict)

    async def begins(self) -> None:
        """Record from now on."""
        await ear.listens(self.page)
        self.before = await ear.counted(self.page)

    async def stretch(self, seconds: float) -> Stretch:
        """Return what came in since the last time, which was so many seconds ago."""
        counted = await ear.counted(self.page)
        came, self.before = ear.Counted.between(self.before, counted), counted
        return Stretch(came.concealed, came.frames / seconds, came.frozen / seconds)

    async def understood(self) -> list[scoring.Heard]:
        """Return the sentences that were said since `begins`."""
        recording = await ear.heard(self.page)
        return await asyncio.to_thread(scoring.scored, recording, self.sentences)


@dataclass
class Talk:
    """The laboratory of two people who talk."""

    lab: Network
    browsers: dict[str, Browser]
    script: str
    sentences: list[Sound]
    folder: Path

    @asynccontextmanager
    async def ours(self, lines: dict[str, Line]) -> AsyncIterator[dict[str, Side]]:
        """A call by our code, on these lines from its first message on."""
        host = self.lab.hosts[HERE]
        async with AsyncExitStack() as stack:
            tls = bare_pair.certified(host)
            await stack.enter_async_context(serving(House(), host=host, port=OURS, tls=tls))
            pages = {}
            for name, (cookie, value) in COOKIES.items():
                page = pages[name] = await self._page(name, stack)
                url = f"https://{host}"
                await page.context.add_cookies([{"name": cookie, "value": value, "url": url}])
                await page.goto(url)
                await page.add_script_tag(content=self.script)
            self._spoil(lines)
            for name, page in reversed(pages.items()):
                await page.evaluate(COMES[name] % "true")
            yield await self._meeting(pages)

    @asynccontextmanager
    async def bare(self, lines: dict[str, Line]) -> AsyncIterator[dict[str, Side]]:
        """A call by the browser's defaults, without any policy."""
        host = self.lab.hosts[HERE]
        app = Application()
        app.router.add_get("/", bare_pair.page)
        app.router.add_get("/ws", bare_pair.relay)
        async with AsyncExitStack() as stack:
            runner = AppRunner(app, access_log=None, shutdown_timeout=1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await TCPSite(runner, host, BARE, ssl_context=bare_pair.certified(host)).start()
            pages = {name: await self._page(name, stack) for name in COOKIES}
            for page in pages.values():
                await page.goto(f"https://{host}:{BARE}")
                await page.wait_for_function("() => window.__ready", timeout=PATIENCE)
            self._spoil(lines)
            await pages["amara"].click("#go")
            yield await self._meeting(pages)

    async def _page(self, name: str, stack: AsyncExitStack) -> Page:
        self.lab.line(name, Line(delay=ONE_WAY))
        context = await self.browsers[name].new_context(
            permissions=["camera", "microphone"], ignore_https_errors=True
        )
        stack.push_async_callback(context.close)
        page = await context.new_page()
        await page.add_init_script(ear.WITHIN_REACH)
        return page

    def _spoil(self, lines: dict[str, Line]) -> None:
        for name, line in lines.items():
            self.lab.line(name, line)

    async def _meeting(self, pages: dict[str, Page]) -> dict[str, Side]:
        for page in pages.values():
            await page.wait_for_function(MEETS, timeout=PATIENCE)
        sides = {name: Side(page, self.sentences) for name, page in pages.items()}
        for side in sides.values():
            await side.begins()
        return sides


@asynccontextmanager
async def talk(program: str) -> AsyncIterator[Talk]:
    """The laboratory as long as the block lasts."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lab = stack.enter_context(network(*COOKIES))
        driver = await stack.enter_async_context(async_playwright())
        flags = (ANY_CERTIFICATE, *voice.flags(voice.microphone(folder)))
        browsers = {
            name: await stack.enter_async_context(
                launched(driver, lab.program(name, program, folder), *flags, devices=CAMERA)
            )
            for name in COOKIES
        }
        yield Talk(lab, browsers, bundle("browser-line", folder), voice.said(), folder)
