"""One running server for all journeys of a run, and the people who use it in real Chromium."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.journeys.people import Patient, Specialist
from tests.services.server import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("journeys") / "data")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def manifest(server: Server) -> dict[str, Any]:
    return server.manifest()


@pytest.fixture
async def specialist(browser: Browser, server: Server, manifest: dict[str, Any]) -> AsyncIterator[Specialist]:
    """A specialist of the demo, signed in at a desk."""
    person = await Specialist.sign_in(browser, server, manifest)
    yield person
    await person.context.close()


@pytest.fixture
async def patient(
    browser: Browser, server: Server, manifest: dict[str, Any], specialist: Specialist
) -> AsyncIterator[Patient]:
    """The next patient of that specialist, with a phone and a link not pressed yet."""
    person = await Patient.with_link(browser, server, specialist.next_visit(manifest))
    yield person
    await person.context.close()
