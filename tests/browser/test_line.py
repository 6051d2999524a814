"""The browser code against the real signalling server, in two Chromium windows with real peer connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page

from telehealth.domain.notices import SessionsEnded, VisitEnded
from tests.browser.client import bundle, eventually, sees
from tests.browser.serving import serving
from tests.integration.signaling.house import VISIT, House
from tests.services.chromium import lasting

COOKIES = {"amara": ("staff", "amara"), "bo": ("visit", "bo")}
ENTER = {
    "amara": f"(globalThis.amara = staff('{VISIT}')).enter()",
    "bo": f"(globalThis.bo = patient('{VISIT}')).enter()",
}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    return bundle("browser-line", tmp_path_factory.mktemp("line"))


@dataclass
class Call:
    """A server that can be stopped and started, and whoever looks at it."""

    browser: Browser
    script: str
    stack: AsyncExitStack
    port: int = 0
    house: House = field(default_factory=House)
    pages: dict[str, Page] = field(default_factory=dict)

    async def start(self) -> None:
        self.running = AsyncExitStack()
        made = serving(self.house, port=self.port)
        self.server, self.port = await self.running.enter_async_context(made)

    async def stop(self) -> None:
        await self.running.aclose()

    async def open(self, name: str, page: Page | None = None) -> Page:
        """Open (or load again) somebody's page, and enter the room."""
        if page is None:
            context = await self.browser.new_context(permissions=["camera", "microphone"])
            self.stack.push_async_callback(context.close)
            cookie, value = COOKIES[name]
            address = f"http://localhost:{self.port}"
            await context.add_cookies([{"name": cookie, "value": value, "url": address}])
            page = await context.new_page()
        await page.goto(f"http://localhost:{self.port}/")
        await page.add_script_tag(content=self.script)
        await page.evaluate(ENTER[name])
        self.pages[name] = page
        return page

    async def both_see(self) -> None:
        for name, page in self.pages.items():
            await sees(page, name)


@lasting
async def call(browser: Browser, script: str) -> AsyncIterator[Call]:
    async with AsyncExitStack() as stack:
        call = Call(browser, script, stack)
        await call.start()
        stack.push_async_callback(call.stop)
        await call.open("bo")
        await call.open("amara")
        await call.both_see()
        yield call


async def test_a_planned_restart_of_the_server_does_not_touch_the_call(call: Call) -> None:
    sound = {name: (await page.evaluate(f"{name}.numbers()"))["sound"] for name, page in call.pages.items()}
    await call.stop()
    await asyncio.sleep(3)
    for name, page in call.pages.items():
        assert not await page.evaluate(f"{name}.signal.up")
        assert (await page.evaluate(f"{name}.numbers()"))["sound"] > sound[name] + 75
        assert await page.evaluate(f"{name}.states.at(-1)") == "good"
    await call.start()
    for name, page in call.pages.items():
        await eventually(page, f"{name}.signal.up")
    await asyncio.sleep(1.5)
    for name, page in call.pages.items():
        assert await page.evaluate(f"{name}.connections.length") == 1
        assert await page.evaluate(f"{name}.steps.length") == 2, "nothing was negotiated again"
        assert await page.evaluate(f"{name}.states.at(-1)") == "good"
    for name, page in call.pages.items():
        await page.evaluate(f"{name}.restartIce()")
    await call.both_see()


async def test_what_is_written_while_sockets_die_comes_once_and_in_order(call: Call) -> None:
    bo, amara = call.pages["bo"], call.pages["amara"]
    for number in range(5):
        await bo.evaluate(f"(bo.conversation.say('chat', {{ text: '{number}' }}), bo.signal.renew())")
        await amara.evaluate("amara.signal.renew()")
        await eventually(bo, "bo.signal.up")
    for name, page in call.pages.items():
        await eventually(page, f"{name}.said.join() === '0,1,2,3,4'", f"{name}.said")
    assert [each.text for each in call.house.said] == ["0", "1", "2", "3", "4"]


async def test_a_reload_brings_both_back_into_the_picture(call: Call) -> None:
    await call.open("bo", call.pages["bo"])
    amara = call.pages["amara"]
    await eventually(amara, "amara.connections.length === 2")
    await call.both_see()
    assert await amara.evaluate("amara.connections.map(one => one.connectionState)") == [
        "closed",
        "connected",
    ]
    assert not await amara.evaluate("amara.states.includes('peer-left')")
    await call.open("amara", amara)
    await eventually(call.pages["bo"], "bo.connections.length === 2")
    await call.both_see()


async def test_the_end_of_the_visit_and_of_a_session_are_final(call: Call) -> None:
    await call.server.announce(VisitEnded(VISIT, "ended"))
    bo, amara = call.pages["bo"], call.pages["amara"]
    await eventually(bo, "bo.states.at(-1) === 'ended ended'")
    assert await bo.evaluate("bo.signal.up"), "for what comes after the visit"
    await call.server.announce(SessionsEnded(("session-amara",)))
    await eventually(amara, "amara.signal.stopped === 'signed-out'")
    await asyncio.sleep(1)
    assert not await amara.evaluate("amara.signal.up")


async def test_leaving_is_seen_at_once(call: Call) -> None:
    await call.pages["bo"].evaluate("bo.room.leave()")
    await eventually(call.pages["amara"], "amara.states.at(-1) === 'peer-left'", "amara.states", 5)
