"""The recorder's process: what a peer sends is kept sealed, plays afterwards, and survives a kill."""

import asyncio
from pathlib import Path

import pytest
from aiortc.rtcrtpreceiver import RTCRtpReceiver

from signaling.media.tap import QUEUE
from signaling.recorder import RecorderGone
from tests.integration.recording.taping import (
    TAPE,
    Recorder,
    Sender,
    decoded,
    lying_in,
    recorder,
    whole,
    written,
)


async def stands_still(one: Recorder) -> int:
    """Return how many records there are, for longer than one takes."""
    found = await one.records()
    await asyncio.sleep(1.3)
    assert await one.records() == found
    return found


def test_the_librarys_private_queue_is_where_we_replace_it() -> None:
    assert QUEUE in vars(RTCRtpReceiver("audio", transport=type("Any", (), {"state": "new"})()))


async def test_what_was_sent_plays_over_a_pause_and_nothing_of_it_lies_on_disk_in_clear(
    tmp_path: Path,
) -> None:
    async with recorder(tmp_path) as one:
        sender, again = Sender(), Sender()
        await sender.record(one.link)
        await written(one, 2)
        await one.link.hold(TAPE.id)
        held = await stands_still(one)
        await again.record(one.link)
        await written(one, held + 2)
        await one.link.close()  # the server is gone: nobody says any more that all have agreed
        await asyncio.sleep(0.3)
        records = await stands_still(one)
        for each in (sender, again):
            await each.connection.close()
        film = await one.film(records=records)
    assert film.whole
    played = await whole(film)
    assert len(played) == film.size
    sound, pictures = decoded(played)
    assert 2 < sound < film.milliseconds / 1000 + 0.5
    assert film.milliseconds < 8000, "the pause is cut out"
    assert pictures > 20
    on_disk = lying_in(tmp_path)
    for at in range(len(film.head) + 400, len(played) - 24, 997):
        assert played[at : at + 24] not in on_disk


async def test_what_a_killed_recorder_had_written_opens(tmp_path: Path) -> None:
    gone = asyncio.Event()
    async with recorder(tmp_path) as one:
        one.link.lost = gone.set
        sender = Sender()
        await sender.record(one.link)
        await written(one, 2)
        one.process.kill()
        await asyncio.wait_for(gone.wait(), 5)
        with pytest.raises(RecorderGone):
            await one.link.hold(TAPE.id)
        await sender.connection.close()
        film = await one.film()
        with (one.config.tapes / TAPE.id / "p.tape").open("ab") as file:
            file.write(b"\0\0\4\0\0\0")  # a record that was not written whole
        assert (await one.film()).marks == film.marks
        assert not (await one.film(records=len(film.marks) + 1)).whole
    sound, pictures = decoded(await whole(film))
    assert sound > 1
    assert pictures > 5
