"""The server's end of the recorder: each answer goes to whoever asked."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from pathlib import Path

import pytest

from signaling.recorder import RecorderLink


async def test_the_answer_of_somebody_who_no_longer_waits_goes_to_nobody_else(tmp_path: Path) -> None:
    asked, answering = asyncio.Event(), asyncio.Event()

    async def recorder(reader: StreamReader, writer: StreamWriter) -> None:
        async for line in reader:
            asked.set()
            await answering.wait()
            writer.write(json.dumps({"ok": True, "sdp": json.loads(line)["sdp"]}).encode() + b"\n")
        writer.close()

    at = tmp_path / "recorder"
    async with await asyncio.start_unix_server(recorder, at):
        link = RecorderLink(at)
        first = asyncio.create_task(link.open("rec-1", "", "first", {}))
        await asked.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        answering.set()
        assert await link.open("rec-2", "", "second", {}) == "second"
        await link.close()
