"""A running signalling server for tests that need no more than that."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.signaling.house import Served, serving


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as running:
        yield running
