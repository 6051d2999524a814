"""Chromium for journeys, with a fake camera and microphone, and no traffic of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # Two pages on one machine find each other by address; names of multicast DNS would not resolve here.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--disable-dev-shm-usage",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
)


DEVICES = "--use-fake-device-for-media-stream"
"""One camera and some microphones; `=device-count=N` for N cameras. Without the flag the machine has none."""
UNHURRIED = f"{DEVICES}=fps=10"
"""The same with half the pictures: to encode them is most of the work that a call is."""


lasting = pytest_asyncio.fixture(loop_scope="session")
"""A fixture in the event loop that all tests with a browser share: so can the browser be shared."""


@asynccontextmanager
async def launched(
    driver: Playwright, program: str, *flags: str, devices: str = DEVICES
) -> AsyncIterator[Browser]:
    """A browser for as long as the block lasts; every context made in it is a person of its own."""
    given = [*FLAGS, *flags, *([devices] if devices else [])]
    browser = await driver.chromium.launch(executable_path=program, args=given)
    try:
        yield browser
    finally:
        await browser.close()


@asynccontextmanager
async def chromium(program: str, *flags: str, devices: str = DEVICES) -> AsyncIterator[Browser]:
    """The same, with a driver of its own."""
    async with async_playwright() as driver, launched(driver, program, *flags, devices=devices) as browser:
        yield browser
