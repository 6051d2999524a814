"""A demo server in the test's own process, whole or with one part broken, and a probe against it."""

import asyncio
import io
import shutil
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from telehealth.app import Assembled, assemble
from telehealth.commands.demo import demo_of
from telehealth.config import Config
from telehealth.crypto.chance import SystemChance
from telehealth.opening import SystemClock, open_data
from telehealth.probe.credentials import Credentials, from_manifest
from telehealth.probe.journey import Journey, Wanted
from telehealth.probe.timeline import Timeline
from telehealth.serving import Health, serving
from tests.services.programs import free_port

Breaking = Callable[[Assembled], Assembled]


def seed(data: Path) -> None:
    """Make the demo's DATA."""

    async def prepare() -> None:
        async with open_data(Config(data=data), make=True) as opened:
            assembled = assemble(opened)
            await demo_of(assembled).prepare()
            assembled.hashing.close()

    asyncio.run(prepare())


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens, and everything behind it."""

    assembled: Assembled
    url: str


@asynccontextmanager
async def demo_server(
    seeded: Path, data: Path, breaking: Breaking = lambda whole: whole, **settings: object
) -> AsyncIterator[Running]:
    """Serve a copy of the seeded DATA as long as the block lasts; `settings` are the configuration's."""
    shutil.copytree(seeded, data)
    config = Config(data=data, host="127.0.0.1", port=free_port(), **settings)  # type: ignore[arg-type]
    async with open_data(config) as opened:
        assembled = breaking(assemble(opened))
        async with serving(assembled, Health(opened)):
            yield Running(assembled, config.public_url)
        assembled.hashing.close()


async def specialist(server: Running) -> Credentials:
    """The demo's specialist."""
    return from_manifest(await demo_of(server.assembled).tell(server.url))


async def probe(
    server: Running,
    *,
    turn: bool = False,
    tls: ssl.SSLContext | None = None,
    timed_by: type[Timeline] = Timeline,
) -> tuple[Timeline, str]:
    """Play a visit as the demo's specialist; return the timeline and what was printed."""
    out = io.StringIO()
    timeline = timed_by(out, time.monotonic)
    wanted = Wanted(base_url=server.url, credentials=await specialist(server), turn=turn, tls=tls)
    await Journey(wanted, SystemClock(), SystemChance(), timeline).play()
    return timeline, out.getvalue()
