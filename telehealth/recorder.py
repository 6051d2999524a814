"""The recorder beside the server: a process of its own, started with it, and again when it dies."""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telehealth.config import Config, variable
from telehealth.workers.loops import Loop, running

PATIENCE = 5.0
"""Seconds that it may take to write what it holds and end."""

logger = logging.getLogger(__name__)


class RecorderEnded(RuntimeError):
    """It has ended by itself; the next start follows after a while."""


@asynccontextmanager
async def recording(config: Config) -> AsyncIterator[None]:
    """Run the recorder beside the block, where one is wanted."""
    if not config.recorder:
        yield
        return
    async with running([Loop("recorder", lambda: _run(config), 1.0)]):
        yield


async def _run(config: Config) -> None:
    """Run it until it ends, which is trouble; cancelled, let it write what it holds.

    It learns of our end by its standard input, so that none outlives a server that was killed.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "telehealth", "recorder", "--beside"),
        stdin=PIPE,
        env=environment(config),
        start_new_session=True,
    )
    logger.info("the recorder is started", extra={"number": process.pid})
    try:
        await process.wait()
    finally:
        if process.returncode is None and process.stdin is not None:
            process.stdin.close()
            try:
                async with asyncio.timeout(PATIENCE):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
    raise RecorderEnded


def environment(config: Config) -> dict[str, str]:
    """Return what it is started with: DATA, and none of the server's secrets."""
    told = {variable("data"): str(config.data), variable("log_level"): config.log_level}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", **told}
