"""A recorder's process, a peer that sends to it as a browser does, and what can be read afterwards."""

import asyncio
import io
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from signaling.media.pattern import Picture, Tone
from signaling.recorder import RecorderLink
from telehealth.config import Config
from telehealth.domain.recording import Recording, View
from telehealth.recorder import environment
from telehealth.storage.tapes import TapeFiles, TapeFilm
from tests.integration.storage import cast

KEY = "5a" * 32
TAPE = Recording("rec-1", "visit-1", cast.BO.id, "house", cast.NOW, cast.NOW, key=KEY)


@dataclass
class Recorder:
    """One running process, and the server's link to it."""

    process: Process
    link: RecorderLink
    config: Config

    async def film(self, participant: str = "p", records: int | None = None) -> TapeFilm:
        """Return what a reader gets of a tape."""
        found = await TapeFiles(self.config.tapes).film(TAPE, View(participant, "", records))
        assert found is not None
        return found

    async def records(self) -> int:
        """Return how many records of the patient's tape are on disk."""
        found = await TapeFiles(self.config.tapes).film(TAPE, View("p", ""))
        return len(found.marks) if found else 0


@asynccontextmanager
async def recorder(data: Path) -> AsyncIterator[Recorder]:
    """Run `telehealth recorder --beside` on a folder until the block ends."""
    config = Config(data=data)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "telehealth", "recorder", "--beside"), stdin=PIPE, env=environment(config)
    )
    try:
        async with asyncio.timeout(60):
            while not config.recorder_socket.exists():  # noqa: ASYNC110 (another process makes it)
                await asyncio.sleep(0.02)
        link = RecorderLink(config.recorder_socket)
        yield Recorder(process, link, config)
        await link.close()
    finally:
        if process.stdin is not None:
            process.stdin.close()
        if process.returncode is None:
            await process.wait()


class Sender:
    """The specialist's second connection: everybody's sound in one track, and a picture."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self.connection.addTrack(Tone())
        self.connection.addTrack(Picture())

    async def record(self, link: RecorderLink) -> None:
        """Offer, and take the answer."""
        await self.take(await link.open(TAPE.id, KEY, await self.offer(), self.views))

    async def offer(self) -> str:
        """Return an offer, with addresses."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    @property
    def views(self) -> dict[str, str]:
        """Say in which section of the offer the patient's picture comes."""
        return {each.mid: "p" for each in self.connection.getTransceivers() if each.kind == "video"}

    async def take(self, answer: str) -> None:
        """Take the answer, and send."""
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))


async def written(one: Recorder, records: int) -> None:
    """Wait until so many records are on disk."""
    async with asyncio.timeout(60):
        while await one.records() < records:  # noqa: ASYNC110 (another process writes them)
            await asyncio.sleep(0.05)


async def whole(film: TapeFilm) -> bytes:
    """Return a film in pieces as a player asks for them."""
    piece = 50_000
    return b"".join([await film.read(at, piece) for at in range(0, film.size, piece)])


def decoded(film: bytes) -> tuple[float, int]:
    """Return how many seconds of sound and how many pictures there are, as another program reads them."""
    with av.open(io.BytesIO(film)) as container:
        pictures = sum(1 for _ in container.decode(video=0))
    with av.open(io.BytesIO(film)) as container:
        samples = sum(each.samples for each in container.decode(audio=0))
    return samples / 48_000, pictures


def lying_in(folder: Path) -> bytes:
    """Return the bytes of all files below a folder."""
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
