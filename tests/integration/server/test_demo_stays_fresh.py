"""The demo's lists are filled up as the hours pass, not at the start only."""

from datetime import timedelta
from pathlib import Path

import pytest

from telehealth.app import Assembled, assemble
from telehealth.commands.demo import demo_of
from telehealth.commands.serve import loops
from telehealth.config import Config
from telehealth.opening import open_data
from tests.cast import StillClock


async def joinable(assembled: Assembled) -> int:
    told = await demo_of(assembled).tell("http://localhost:8080")
    return sum(each["joinable"] for each in told["visits"])


@pytest.mark.parametrize("demo", [True, False])
async def test_visits_stay_joinable_for_days(tmp_path: Path, demo: bool) -> None:
    clock = StillClock()
    async with open_data(Config(data=tmp_path / "data", demo=demo), clock, make=True) as opened:
        assembled = assemble(opened)
        await demo_of(assembled).prepare()
        assert await joinable(assembled) >= 3
        found = [loop for loop in loops(assembled) if loop.name == "demo"]
        assert len(found) == int(demo)
        for loop in found:
            assert timedelta(seconds=loop.every) <= timedelta(minutes=10)
            for hours in (7, 9, 23):
                clock.pass_by(hours=hours)
                assert await joinable(assembled) < 3
                await loop.step()
                assert await joinable(assembled) >= 3
                assert await loop.step() == 0
        assembled.hashing.close()
