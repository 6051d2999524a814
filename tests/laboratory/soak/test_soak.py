"""Three minutes of a call in which every kind of fault happens once."""

from pathlib import Path

import pytest

from tests.conftest import is_missing
from tests.laboratory.network import missing
from tests.laboratory.soak.soaking import Soak, soak
from tests.services import programs


@pytest.mark.timeout(400)
async def test_everybody_is_in_the_call_at_its_end_and_nothing_is_left_over(
    chromium_path: str, tmp_path: Path
) -> None:
    if lack := missing():
        is_missing(lack)
    if programs.coturn() is None:
        is_missing("coturn")
    told = await soak(Soak(seconds=160, every=20, seed=4), chromium_path, tmp_path)
    assert len({name for name, _ in told.healed}) == 8
    assert told.wrong == []
