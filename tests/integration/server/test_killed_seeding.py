"""A first start that is killed at any moment: the next one goes on where it ended."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

SEED = random.randrange(10**6)
PROGRAM = (sys.executable, "-m", "tests.integration.server.seeding")


def killed(data: Path, after: int, seconds: float) -> None:
    """Start, wait for so many units on disk, a moment more, and kill."""
    with subprocess.Popen((*PROGRAM, str(data)), stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.read(after)
        time.sleep(seconds)
        child.kill()


@pytest.mark.timeout(90)
def test_the_start_after_killed_first_ones_works(tmp_path: Path) -> None:
    chance, data = random.Random(SEED), tmp_path / "data"
    for after in (chance.randint(0, 1), 2, chance.randint(3, 8)):
        killed(data, after, chance.random() * (0.05 if after else 0.8))
    done = subprocess.run((*PROGRAM, str(data)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, (SEED, done.stderr[-2000:])
    assert int(done.stdout.split()[-1]) >= 3, SEED
