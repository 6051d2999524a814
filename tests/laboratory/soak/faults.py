"""What happens to the call, one fault at a time; each returns when it is over (or at once when it lasts)."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Page

from tests.bench.stage import Stage
from tests.laboratory.line import Line

CLOSES = "for (const each of window.__sockets) each.close()"


@dataclass
class Scene:
    """The call as faults find it: the stage, and the page of each person by the host that it is on."""

    stage: Stage
    pages: dict[str, Page]
    chance: random.Random

    def somebody(self) -> str:
        """Return one of the two hosts."""
        return self.chance.choice(sorted(self.pages))


Fault = Callable[[Scene], Awaitable[None]]


async def cut(scene: Scene) -> None:
    """Nothing reaches one side for some seconds."""
    host = scene.somebody()
    scene.stage.lab.line(host, Line(cut=True))
    await asyncio.sleep(scene.chance.uniform(2, 6))
    scene.stage.lab.line(host, Line())


async def loss(scene: Scene) -> None:
    """A fifth of everything is lost for some seconds."""
    host = scene.somebody()
    scene.stage.lab.line(host, Line(loss=0.2))
    await asyncio.sleep(6)
    scene.stage.lab.line(host, Line())


async def new_address(scene: Scene) -> None:
    """One side comes into another network."""
    scene.stage.lab.move(scene.somebody())


async def server_killed(scene: Scene) -> None:
    """The server dies and is started again."""
    scene.stage.server.kill()
    await asyncio.to_thread(scene.stage.server.start)


async def relay_killed(scene: Scene) -> None:
    """The relay dies; the server starts it again."""
    os.kill(scene.stage.relay_number, signal.SIGKILL)


async def socket_killed(scene: Scene) -> None:
    """One side loses its connection to the server."""
    await scene.pages[scene.somebody()].evaluate(CLOSES)


async def hidden(scene: Scene) -> None:
    """One page is put aside, as phones do with what is behind another app."""
    page = scene.pages[scene.somebody()]
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setWebLifecycleState", {"state": "frozen"})
    await asyncio.sleep(4)
    await session.send("Page.setWebLifecycleState", {"state": "active"})
    await session.detach()


async def reload(scene: Scene) -> None:
    """One page is loaded again."""
    await scene.pages[scene.somebody()].reload()


FAULTS: tuple[Fault, ...] = (cut, loss, new_address, socket_killed, hidden, reload, relay_killed)
ONCE: tuple[Fault, ...] = (server_killed,)
"""Early: what leaks in a server shows in one that has run for long."""


def drawn(number: int, chance: random.Random) -> list[Fault]:
    """Return so many faults: all kinds again and again, each round in another order."""
    found: list[Fault] = []
    while len(found) < number:
        kinds = [*FAULTS, *(ONCE if not found else ())]
        found += chance.sample(kinds, len(kinds))
    return found[:number]
