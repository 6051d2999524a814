"""An answer that comes late: held back until somebody has gone on to something else."""

import asyncio
from re import Pattern

from playwright.async_api import Page, Route

PATIENCE = 20


class Late:
    """What is asked for under an address that fits a pattern."""

    def __init__(self, page: Page, address: Pattern[str]) -> None:
        self._page, self._address = page, address
        self._asked, self._let = asyncio.Event(), asyncio.Event()

    async def holds(self) -> None:
        """From now on nothing of it is answered."""

        async def hold(route: Route) -> None:
            self._asked.set()
            await self._let.wait()
            await route.continue_()

        await self._page.route(self._address, hold)

    async def was_asked_for(self) -> None:
        """Wait until the page has asked."""
        async with asyncio.timeout(PATIENCE):
            await self._asked.wait()

    async def comes(self) -> None:
        """Let it come, and give the page time to take it in: another question was answered after it."""
        async with self._page.expect_response(self._address) as coming:
            self._let.set()
        await (await coming.value).finished()
        await self._page.evaluate("fetch('/api/v1/session').then((told) => told.text())")
