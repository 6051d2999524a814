"""A peer that takes what is sent to it as it was coded: the recorder's ear, which decodes nothing.

aiortc has no public place between its jitter buffer and its decoder. The decoder's queue is replaced (a
private name; a test says when it has changed): packets go to the reel, the decoder's thread sleeps.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import Queue
from typing import Any

from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription
from aiortc.rtcrtpreceiver import RTCRtpReceiver as Receiver

from signaling.candidates import without_candidates
from signaling.media.guard import harden
from signaling.media.reel import Reel
from telehealth.domain import webm

QUEUE = "_RTCRtpReceiver__decoder_queue"
"""What aiortc 1.16 calls it."""
ASK_EVERY = 4.0
"""Seconds between whole pictures, so that players can jump; only the sender's own encoder is asked."""
RATES = {"audio": 48_000, "video": 90_000}
ASTRAY = 2000
"""Ms that a track's own clock may be away from ours before it is set anew: it stood still, or jumped."""
CODECS = {"audio": "audio/opus", "video": "video/VP8"}


class NoMedia(ValueError):
    """The offer brings nothing that can be recorded, or more than it says."""


class Waylaid:
    """Stands where the decoder's queue was: frames go to `take`, the decoder only learns of its end."""

    def __init__(self, instead_of: "Queue[Any]", take: Callable[[Any], None]) -> None:
        self._queue, self._take = instead_of, take

    def put(self, task: Any) -> None:
        """Take a frame; None ends the decoder's thread."""
        if task is None:
            self._queue.put(None)
        else:
            self._take(task[1])

    def get(self) -> Any:
        """Wait as the decoder does."""
        return self._queue.get()


class Timing:
    """One track's time on the recording's clock: its own differences, from when its first packet came."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._offset: int | None = None

    def of(self, timestamp: int, now: int) -> int:
        """Return the ms of an RTP timestamp that has come `now`."""
        own = timestamp * 1000 // self._rate
        if self._offset is None or abs(own + self._offset - now) > ASTRAY:
            self._offset = now - own
        return own + self._offset


class Tap:
    """One part of a recording: everybody's sound in one track, and pictures by the `mid` that brings them."""

    def __init__(self, reel: Reel, views: Mapping[str, str]) -> None:
        """`views` says whose picture comes in which section of the offer."""
        harden()
        self._reel, self._views = reel, views
        self._open = True
        self._asking: asyncio.Task[None] | None = None
        # Without a configuration of its own the library would ask a public STUN server.
        self._connection = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )

    async def answer(self, offer: str) -> str:
        """Take the offer and return the answer; raises NoMedia."""
        try:
            bare = without_candidates(offer)
            await self._connection.setRemoteDescription(RTCSessionDescription(bare, "offer"))
        except (ValueError, AssertionError, IndexError, KeyError) as unreadable:
            raise NoMedia from unreadable
        for each in self._connection.getTransceivers():
            self._waylay(each)
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        self._asking = asyncio.create_task(self._ask())
        return str(self._connection.localDescription.sdp)

    def end(self) -> None:
        """Take nothing more from this very moment; `close` hangs up."""
        self._open = False

    async def close(self) -> None:
        """Hang up."""
        self.end()
        if self._asking is not None:
            self._asking.cancel()
            with suppress(asyncio.CancelledError):
                await self._asking
        await self._connection.close()

    def _waylay(self, transceiver: Any) -> None:
        kind = transceiver.kind
        able = Receiver.getCapabilities(kind)
        wanted = [each for each in able.codecs if each.mimeType == CODECS[kind]] if able else []
        transceiver.setCodecPreferences(wanted)
        transceiver.direction = "recvonly"
        if kind == "audio":
            take = self._sound(Timing(RATES[kind]))
        elif transceiver.mid in self._views:
            take = self._pictures(self._views[transceiver.mid], Timing(RATES[kind]))
        else:
            raise NoMedia
        receiver: RTCRtpReceiver = transceiver.receiver
        setattr(receiver, QUEUE, Waylaid(getattr(receiver, QUEUE), take))

    def _sound(self, timing: Timing) -> Callable[[Any], None]:
        def take(frame: Any) -> None:
            if self._open:
                time = timing.of(frame.timestamp, self._reel.time)
                self._reel.sound(webm.Packet(webm.SOUND, time, bytes(frame.data)))

        return take

    def _pictures(self, participant: str, timing: Timing) -> Callable[[Any], None]:
        begun = False

        def take(frame: Any) -> None:
            nonlocal begun
            data = bytes(frame.data)
            key = webm.size_of(data) is not None
            begun = begun or key  # nothing can be made of what comes before the first whole picture
            if self._open and begun:
                time = timing.of(frame.timestamp, self._reel.time)
                self._reel.picture(participant, webm.Packet(webm.PICTURE, time, data, key))

        return take

    async def _ask(self) -> None:
        """Ask for a whole picture again and again."""
        while True:
            await asyncio.sleep(ASK_EVERY)
            for each in self._connection.getReceivers():
                if each.track.kind == "video":
                    for source in each.getSynchronizationSources():
                        await each._send_rtcp_pli(source.source)  # noqa: SLF001 (there is no public way)
