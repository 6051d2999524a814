"""A call that may go through the relay only, through the one that RELAY=1 starts; it goes with the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.conftest import is_missing
from tests.journeys.test_server_killed import in_call
from tests.services import programs
from tests.services.chromium import lasting
from tests.services.server import Server

pytestmark = [pytest.mark.journey]
PATHS = """async () => {
  const found = [];
  for (const peer of window.__peers) {
    const stats = await peer.getStats();
    for (const transport of [...stats.values()].filter((stat) => stat.selectedCandidatePairId)) {
      const pair = stats.get(transport.selectedCandidatePairId);
      const ours = stats.get(pair.localCandidateId);
      found.push([ours.candidateType, ours.relayProtocol, stats.get(pair.remoteCandidateId).candidateType]);
    }
  }
  return found;
}"""
"""By which kinds of addresses the call goes: our own, the way to the relay, the other side's."""


@lasting
async def relayed(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that hides addresses, and the relay beside it."""
    if programs.coturn() is None:
        is_missing("coturn")
    server = Server(tmp_path / "data", relay="1", relay_only="1", relay_port=str(programs.free_port()))
    await asyncio.to_thread(server.start)
    yield server
    server.stop()


async def test_a_call_goes_through_the_relay_alone_and_the_relay_with_the_server(
    browser: Browser, relayed: Server, stack: AsyncExitStack
) -> None:
    specialist, patient, _ = await in_call(browser, relayed, stack)
    paths: list[Any] = [await each.page.evaluate(PATHS) for each in (specialist, patient)]
    assert paths == [[["relay", "udp", "relay"]]] * 2
    assert specialist.troubles + patient.troubles == []
    number = (relayed.data / "relay" / "turnserver.pid").read_text().strip()
    relay = Path("/proc", number)
    assert await asyncio.to_thread(relay.exists)
    await stack.aclose()
    assert await asyncio.to_thread(relayed.stop) < 10
    assert not await asyncio.to_thread(relay.exists)
