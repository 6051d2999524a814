"""Background work: it survives failures, stops at once, and tells of sessions that ended elsewhere."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from telehealth.domain.notices import SessionsEnded
from telehealth.workers.auditing import AnchorFile
from telehealth.workers.loops import Loop, running
from telehealth.workers.revocation import RevocationWatch
from tests.fakes import Announced, FakeClock, Remembered


async def test_a_step_is_run_again_and_again() -> None:
    times, often = 0, asyncio.Event()

    async def step() -> None:
        nonlocal times
        times += 1
        if times == 5:
            often.set()

    async with running([Loop("test", step, 0.001)]):
        await asyncio.wait_for(often.wait(), 5)


async def test_a_failing_step_is_logged_slowed_down_and_tried_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    done = asyncio.Event()
    real_sleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 9:
            done.set()
            await real_sleep(60)

    async def step() -> None:
        if len(pauses) < 8:
            raise RuntimeError("bo@home.example")

    monkeypatch.setattr("telehealth.workers.loops.asyncio.sleep", sleep)
    async with running([Loop("test", step, 1.0)]):
        await asyncio.wait_for(done.wait(), 5)
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60, 1]
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 8
    assert all("bo@home" not in record.getMessage() for record in caplog.records)


async def test_leaving_cancels_a_step_in_the_middle() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def step() -> None:
        started.set()
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    async with running([Loop("test", step, 1)]):
        await started.wait()
    assert ended.is_set()


class Ended:
    """Sessions as the watch sees them: what ended, and from when it was asked for."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.asked: list[object] = []

    async def revoked_since(self, instant: object) -> list[str]:
        self.asked.append(instant)
        return self.ids


async def test_sessions_that_ended_elsewhere_are_announced_once() -> None:
    sessions, announced, clock = Ended(), Announced(), FakeClock()
    watch = RevocationWatch(sessions=sessions, announcer=announced, clock=clock)
    await watch.look()
    sessions.ids = ["b", "a"]
    await watch.look()
    await watch.look()
    sessions.ids = ["a", "b", "c"]
    await watch.look()
    assert announced.notices == [SessionsEnded(("a", "b")), SessionsEnded(("c",))]


async def test_each_look_reaches_back_for_late_commits() -> None:
    sessions, clock = Ended(), FakeClock()
    watch = RevocationWatch(sessions=sessions, announcer=Announced(), clock=clock)
    start = clock.at
    clock.move(seconds=2)
    await watch.look()
    await watch.look()
    minute = timedelta(minutes=1)
    assert sessions.asked == [start - minute, start + timedelta(seconds=2) - minute]


def test_anchors_are_lines_and_a_torn_one_is_replaced(tmp_path: Path) -> None:
    file = AnchorFile(tmp_path / "audit-anchors.jsonl", Remembered())
    assert file.lines() == []
    file.append("one")
    file.append("two")
    with (tmp_path / "audit-anchors.jsonl").open("a") as torn:
        torn.write('{"coun')
    assert file.lines() == ["one", "two"]
    file.append("three")
    assert file.lines() == ["one", "two", "three"]
    assert (tmp_path / "audit-anchors.jsonl").stat().st_mode & 0o777 == 0o600
