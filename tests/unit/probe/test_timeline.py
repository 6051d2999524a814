"""The timeline: a line for each step that went well, one sentence for the one that did not."""

import asyncio
import io
from collections.abc import Iterator
from itertools import count

import pytest
from aiohttp import ClientConnectionError

from signaling.client import SocketTrouble
from signaling.media.peer import NoConnection
from telehealth.probe.timeline import Timeline
from telehealth.probe.trouble import ProbeFailed, ServerRefused, Trouble


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def timeline(out: io.StringIO) -> Timeline:
    ticks: Iterator[int] = count()
    return Timeline(out, lambda: next(ticks) * 0.25)


async def test_each_step_is_told_with_its_milliseconds_and_the_whole_at_the_end(
    timeline: Timeline, out: io.StringIO
) -> None:
    async with timeline.step("book") as step:
        step.detail = "2026-11-23T09:00:00Z"
    timeline.total()
    assert out.getvalue().splitlines() == [
        "   250 ms  book       2026-11-23T09:00:00Z",
        "   750 ms  in all",
    ]
    assert timeline.done == ["book"]


@pytest.mark.parametrize(
    "trouble,sentence",
    [
        (Trouble("the link is dead"), "The probe failed at 'open': the link is dead."),
        (
            ServerRefused(409, "wrong-state", "That cannot be done now."),
            "The probe failed at 'open': the server answered 409 (wrong-state: That cannot be done now).",
        ),
        (ServerRefused(502, "", ""), "The probe failed at 'open': the server answered 502 (no reason)."),
        (SocketTrouble("Nobody let you in."), "The probe failed at 'open': Nobody let you in."),
        (NoConnection("no way was found"), "The probe failed at 'open': no way was found."),
        (
            ClientConnectionError(),
            "The probe failed at 'open': the server cannot be reached (ClientConnectionError).",
        ),
    ],
)
async def test_trouble_becomes_one_sentence_that_names_the_step(
    timeline: Timeline, out: io.StringIO, trouble: Exception, sentence: str
) -> None:
    with pytest.raises(ProbeFailed) as failed:
        async with timeline.step("open"):
            raise trouble
    assert str(failed.value) == sentence
    assert failed.value.step == "open"
    assert not out.getvalue()


async def hang(timeline: Timeline) -> None:
    async with timeline.step("media", seconds=0.05) as step:
        step.waits_for = lambda: "nothing was heard"
        await asyncio.Event().wait()


async def test_a_step_that_hangs_ends_at_its_limit_and_says_what_was_missing(timeline: Timeline) -> None:
    with pytest.raises(ProbeFailed) as failed:
        await hang(timeline)
    assert str(failed.value) == "The probe failed at 'media': it took longer than 0.05 s; nothing was heard."


async def test_a_mistake_of_our_own_is_no_failed_step(timeline: Timeline) -> None:
    with pytest.raises(ZeroDivisionError):
        async with timeline.step("book"):
            raise ZeroDivisionError
