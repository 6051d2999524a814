"""Races between processes: one that has imported everything forks all of them, and they begin together."""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROCESSES = 4
READY_WITHIN = 60.0
"""Seconds."""

Begin = Callable[[], Awaitable[None]]
"""Waits until every process is ready."""
Race = Callable[[range, Begin], Coroutine[Any, Any, list[str]]]
"""What the racers with these numbers do in one process; a word for each."""


async def raced(module: str, racers: int, *arguments: str) -> dict[int, str]:
    """Run a module that calls `run_apart` with this number of racers; what became of each."""
    command = (sys.executable, "-m", module, str(racers), *arguments)
    pipe = asyncio.subprocess.PIPE
    parent = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe)
    told, _ = await parent.communicate()
    assert parent.returncode == 0
    return {int(number): word for number, word in (line.split() for line in told.decode().splitlines())}


def run_apart(race: Race, racers: int) -> None:
    """Share the racers among processes, write `<number> <word>` for each; exit with 1 where one failed."""
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(PROCESSES)

    async def begin() -> None:
        await asyncio.to_thread(gate.wait, READY_WITHIN)

    def run(numbers: range) -> None:
        words = asyncio.run(race(numbers, begin))
        lines = [f"{number} {word}\n" for number, word in zip(numbers, words, strict=True)]
        os.write(1, "".join(lines).encode())

    each = racers // PROCESSES
    children = [
        context.Process(target=run, args=(range(first, first + each),)) for first in range(0, racers, each)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    sys.exit(any(child.exitcode for child in children))
