"""Chromium for journeys, with a fake camera and microphone, and no traffic of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

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


@asynccontextmanager
async def chromium(program: str, *flags: str, devices: str = DEVICES) -> AsyncIterator[Browser]:
    """A browser for as long as the block lasts; every context made in it is a person of its own."""
    given = [*FLAGS, *flags, *([devices] if devices else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=given)
        try:
            yield browser
        finally:
            await browser.close()
