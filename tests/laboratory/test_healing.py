"""Faults in the middle of a call: the sound comes back by itself, nobody loads a page again.

What takes longer to fail, and to heal, is measured by the bench `recover` and lived through by `make soak`.
"""

import asyncio
from collections.abc import AsyncIterator

from tests.laboratory.gaps import listens
from tests.laboratory.line import Line
from tests.laboratory.pair import Pair, now
from tests.services.chromium import lasting

NEW_ADDRESS = 4000.0
RELAY_DEATH = 10_000.0
"""Milliseconds after which both hear each other again (security.md)."""
HEALED = 1000.0
"""Milliseconds after the end of what only interrupts; of a page that is opened again, after its coming."""
BUSY = 2000.0
"""What a machine with other tests on it may add: the bench, which has it for itself, allows nothing."""


@lasting
async def call(two: Pair) -> AsyncIterator[Pair]:
    await two.meet()
    await two.listen()
    yield two
    await two.leave()


async def unchanged(call: Pair) -> None:
    """Healed without a new connection, and without an error."""
    for page in call.pages.values():
        assert await page.evaluate("[me.connections.length, me.errors]") == [1, []]


async def test_the_router_gets_another_address(call: Pair) -> None:
    fault = now()
    call.lab.move("home")
    assert 0 < await call.back_after(fault) <= NEW_ADDRESS + BUSY
    await unchanged(call)


async def test_the_phone_comes_into_another_network(call: Pair) -> None:
    fault = now()
    call.routers["bo"].readdress()
    assert 0 < await call.back_after(fault) <= NEW_ADDRESS + BUSY
    await unchanged(call)


async def test_nothing_gets_through_for_five_seconds(call: Pair) -> None:
    call.lab.line("home", Line(cut=True))
    await asyncio.sleep(5)
    fault = now()
    call.lab.line("home", Line())
    assert await call.back_after(fault) <= HEALED + BUSY


async def test_a_phone_that_slept_wakes_up_in_the_call(call: Pair) -> None:
    with call.asleep("bo"):
        await asyncio.sleep(6)
    fault = now()
    assert await call.back_after(fault) <= NEW_ADDRESS + BUSY


async def test_a_frozen_page_goes_on_where_it_was(call: Pair) -> None:
    page = call.pages["bo"]
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setWebLifecycleState", {"state": "frozen"})
    await asyncio.sleep(3)
    fault = now()
    await session.send("Page.setWebLifecycleState", {"state": "active"})
    assert await call.back_after(fault) <= HEALED + BUSY
    await unchanged(call)


async def test_a_page_that_was_killed_is_opened_again(call: Pair) -> None:
    page = call.pages.pop("bo")
    session = await page.context.new_cdp_session(page)
    killing = asyncio.ensure_future(session.send("Page.crash"))
    await page.wait_for_event("crash")
    killing.cancel()
    again = call.pages["bo"] = await page.context.new_page()
    fault = now()
    await call.comes("bo")
    await listens(again)
    assert await call.back_after(fault) <= HEALED + BUSY
    assert not await call.pages["amara"].evaluate("me.states.includes('peer-left')")


async def test_a_relay_that_is_killed_and_started_again_leads_on(two: Pair) -> None:
    await two.meet(relay_only=True)
    await two.listen()
    fault = now()
    two.relay.kill()
    two.relay.start()
    assert 0 < await two.back_after(fault) <= RELAY_DEATH
    await unchanged(two)
    await two.leave()
