"""One laboratory for all tests of a file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Playwright

from tests.browser.client import bundle
from tests.conftest import is_missing
from tests.laboratory.pair import Pair, pair
from tests.laboratory.router import missing
from tests.services import programs


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def two(
    driver: Playwright, chromium_path: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    if lack := missing():
        is_missing(lack)
    coturn = programs.coturn()
    if coturn is None:
        is_missing("coturn")
    folder: Path = tmp_path_factory.mktemp("pair")
    async with pair(driver, chromium_path, coturn, bundle("browser-line", folder), folder) as made:
        yield made
