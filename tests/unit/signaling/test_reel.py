"""A recording's files are given back, whatever the disk says."""

import os
from pathlib import Path

import pytest

from signaling.media.reel import Reel
from telehealth.crypto.chance import SystemChance


def test_files_are_closed_when_waiting_for_the_disk_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError("no space left")

    def opened() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = opened()
    reel = Reel(tmp_path, "rec-1", bytes(32), SystemChance(), lambda: 0.0)
    reel.view("p")
    reel.view("s")
    monkeypatch.setattr(os, "fdatasync", full)
    with pytest.raises(OSError, match="no space"):
        reel.close()
    assert opened() == before
