"""A child process for killing: makes DATA and seeds the demo, and says `.` after every unit on disk."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from telehealth.app import assemble
from telehealth.commands.demo import demo_of
from telehealth.config import Config
from telehealth.opening import Opened, open_data
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work
from telehealth.timezones import use_packaged_zones


class Told:
    """Units that tell the parent of each one that is on disk."""

    def __init__(self, opened: Opened) -> None:
        self._units = opened.work.units
        self.reading = self._units.reading

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[UnitOfWork]:
        async with self._units.writing() as uow:
            yield uow
        print(".", end="", flush=True)


async def prepare(data: Path) -> int:
    """Start as `telehealth serve --demo` does, as far as data are concerned; returns the joinable visits."""
    async with open_data(Config(data=data), make=True) as opened:
        work = Work(Told(opened), opened.work.clock, opened.work.chance)
        assembled = assemble(replace(opened, work=work))
        try:
            await demo_of(assembled).prepare()
            told = await demo_of(assembled).tell("http://localhost:8080")
        finally:
            assembled.hashing.close()
    assert len({each["id"] for each in told["staff"]}) == len({each["email"] for each in told["staff"]}) == 10
    assert len({each["id"] for each in told["patients"]}) == len({each["name"] for each in told["patients"]})
    return sum(each["joinable"] for each in told["visits"])


if __name__ == "__main__":
    use_packaged_zones()
    print(f"\n{asyncio.run(prepare(Path(sys.argv[1])))}")
