"""The consultation room of the browser code in a real Chromium, with real devices and peer connections.

What the fakes of web/client/tests promise about peer connections is held here against the real ones.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from tests.browser.client import bundle, eventually, sees
from tests.services.chromium import lasting


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    return bundle("browser-room", tmp_path_factory.mktemp("room"))


@lasting
async def page(browser: Browser, script: str) -> AsyncIterator[Page]:
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    html = "<!doctype html><title>Room</title>"
    await page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=html))
    await page.goto("http://localhost/")
    await page.add_script_tag(content=script)
    yield page
    await context.close()


async def both_see(page: Page) -> None:
    for name in ("bo", "amara"):
        await sees(page, name)


@lasting
async def call(page: Page) -> Page:
    await page.evaluate("Promise.all([bo.enter(), amara.enter()])")
    await both_see(page)
    return page


async def test_both_see_and_hear_each_other_after_one_negotiation(call: Page) -> None:
    assert await call.evaluate("[bo, amara].map(one => one.connections.length)") == [1, 1]
    assert await call.evaluate("bo.steps") == ["have-remote-offer", "stable"]
    assert await call.evaluate("amara.steps") == ["have-local-offer", "stable"]
    assert await call.evaluate("bo.streams[0].getTracks().map(one => one.kind).sort()") == ["audio", "video"]
    pairs = "bo.connections[0].getTransceivers().map(one => one.currentDirection)"
    assert await call.evaluate(pairs) == ["sendrecv", "sendrecv"]


async def test_hidden_means_that_not_one_byte_of_picture_leaves(call: Page) -> None:
    await call.evaluate("bo.room.hide(true)")
    await asyncio.sleep(0.5)
    before = (await call.evaluate("bo.numbers()"))["picture"]
    await asyncio.sleep(1)
    assert (await call.evaluate("bo.numbers()"))["picture"] == before
    frames = (await call.evaluate("amara.numbers()"))["frames"]
    await call.evaluate("bo.room.hide(false)")
    await eventually(call, f"amara.numbers().then(it => it.frames > {frames} + 5)")
    assert await call.evaluate("bo.steps.length") == 2, "no second negotiation"


async def test_sound_only_still_sees_the_doctor_and_can_show_a_picture_later(page: Page) -> None:
    await page.evaluate("Promise.all([bo.enter(false), amara.enter()])")
    await eventually(page, "bo.numbers().then(it => it.frames > 5)")
    await eventually(page, "amara.numbers().then(it => it.sound > 20)")
    assert (await page.evaluate("amara.numbers()"))["frames"] == 0
    await page.evaluate("bo.show()")
    await both_see(page)
    assert await page.evaluate("bo.steps.length") == 2, "no second negotiation"


async def test_two_restarts_of_ice_that_cross_settle(call: Page) -> None:
    await call.evaluate("(bo.restartIce(), amara.restartIce())")
    await asyncio.sleep(1)
    await eventually(call, "bo.stable && amara.stable")
    frames = (await call.evaluate("bo.numbers()"))["frames"]
    await eventually(call, f"bo.numbers().then(it => it.frames > {frames} + 5)")
    await both_see(call)


async def test_the_death_of_the_server_is_not_noticed_in_the_call(call: Page) -> None:
    await call.evaluate("(server.running = false, server.restart())")
    sound = (await call.evaluate("bo.numbers()"))["sound"]
    await asyncio.sleep(2)
    assert (await call.evaluate("bo.numbers()"))["sound"] > sound + 50
    await call.evaluate("server.running = true")
    await eventually(call, "bo.signal.up && amara.signal.up")
    await asyncio.sleep(1.5)
    for name in ("bo", "amara"):
        assert await call.evaluate(f"{name}.connections.length") == 1
        assert await call.evaluate(f"{name}.steps.length") == 2
        assert await call.evaluate(f"{name}.states.at(-1)") == "good"
    assert await call.evaluate("server.epoch") == 1


async def test_a_reload_is_a_new_epoch_with_a_new_stream(call: Page) -> None:
    await call.evaluate(
        "(amara.room.close(), amara.signal.close(), globalThis.amara = again(), amara.enter())"
    )
    await both_see(call)
    assert await call.evaluate("bo.connections.map(one => one.connectionState)") == ["closed", "connected"]
    assert await call.evaluate("bo.streams.length") == 2
    assert await call.evaluate("server.epoch") == 2
