"""What the check of a line finds in a browser behind bad lines and firewalls, and what is advised then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.web import Application, AppRunner, Request, Response, TCPSite, json_response
from playwright.async_api import Page, Playwright

from signaling.media.pool import FarEnds
from signaling.turn import Relay
from telehealth.domain.line_check import Because, Figures, Plan, RelayReached, Way, judge
from telehealth.opening import SystemClock
from tests.browser.client import bundle
from tests.conftest import is_missing
from tests.laboratory.line import Line
from tests.laboratory.network import HERE, Network, network
from tests.laboratory.relay import LabRelay, lab_relay
from tests.laboratory.router import NO_UDP, Router, behind, missing
from tests.services import programs
from tests.services.chromium import launched

ALL = "accept"
FAR = 0.03
NARROW = Line(delay=FAR, rate=70_000 / 8)
DEVICES = {"camera": True, "microphone": True}


@dataclass
class House:
    """A server that answers offers and nothing else, and a browser at home that measures its line to it."""

    lab: Network
    router: Router
    relay: LabRelay
    page: Page
    far_ends: FarEnds

    async def found(self, line: Line, rules: str, relay: Relay) -> Figures:
        """Return what the browser measures over such a line."""
        await self.far_ends.close()
        self.far_ends = FarEnds(relay)
        self.lab.line("home", line)
        self.router.lets_through(rules)
        told: dict[str, Any] = await self.page.evaluate("(devices) => check(devices)", DEVICES)
        words = {"way": Way(told["way"]), "relay": RelayReached(told["relay"])}
        return Figures(**told | words)

    async def answer(self, request: Request) -> Response:
        """Answer an offer as the product does."""
        sdp = await self.far_ends.answer((await request.json())["sdp"], "here")
        relays = self.far_ends.relays("somebody", SystemClock().now())
        return json_response({"sdp": sdp, "relays": relays})


async def _bare(_: Request) -> Response:
    return Response(text="<!doctype html><title>Check</title>", content_type="text/html")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(
    driver: Playwright, chromium_path: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    if lack := missing():
        is_missing(lack)
    coturn = programs.coturn()
    if coturn is None:
        is_missing("coturn")
    folder: Path = tmp_path_factory.mktemp("check")
    async with AsyncExitStack() as stack:
        lab = stack.enter_context(network("home", "relay"))
        router = stack.enter_context(behind(lab, "home", "bo"))
        relay = lab_relay(lab, "relay", coturn, folder)
        with relay.beside.file.open(
            "a"
        ) as file:  # private addresses are denied, and the far end's is one here
            file.write(f"allowed-peer-ip={lab.hosts[HERE]}\n")
        stack.callback(relay.stop)
        relay.start()
        browser = await stack.enter_async_context(
            launched(driver, lab.program("bo", chromium_path, folder), "--ignore-certificate-errors")
        )
        page = await browser.new_page()
        made = House(lab, router, relay, page, FarEnds(Relay()))
        app = Application()
        app.router.add_get("/", _bare)
        app.router.add_post("/api/v1/line-checks/offer", made.answer)
        runner = AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await TCPSite(runner, lab.hosts[HERE], 8099).start()
        await page.goto(f"http://{lab.hosts[HERE]}:8099/")
        await page.add_script_tag(content=bundle("browser-check", folder))
        yield made
        await made.far_ends.close()


async def test_a_narrow_line_is_advised_to_begin_with_sound(house: House) -> None:
    found = await house.found(NARROW, ALL, Relay())
    assert judge(found).plan is Plan.SOUND
    assert judge(found).because is Because.NARROW
    assert 50_000 < found.up < 85_000  # a hub that is late sends what it kept at once
    assert 50_000 < found.down < 85_000
    assert (found.way, found.relay) == (Way.DIRECT, RelayReached.UNSET)
    async with asyncio.timeout(10):
        while house.far_ends.busy:  # noqa: ASYNC110 (the browser hangs up, and another process notices)
            await asyncio.sleep(0.05)


async def test_where_no_udp_gets_through_the_relay_is_the_way_and_without_one_the_phone(house: House) -> None:
    relayed = await house.found(Line(delay=FAR), NO_UDP, house.relay.handed_out)
    assert (relayed.way, relayed.relay) == (Way.RELAY, RelayReached.TCP)
    assert min(relayed.up, relayed.down) > 50_000  # by one TCP connection after another, on a busy machine
    blocked = await house.found(Line(delay=FAR), NO_UDP, Relay())
    assert (blocked.way, blocked.relay) == (Way.NONE, RelayReached.UNSET)
    assert judge(blocked).plan is Plan.PHONE
    assert judge(blocked, by_phone=False).plan is Plan.CLINIC
