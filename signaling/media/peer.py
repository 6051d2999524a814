"""A call's side without a browser: sends a tone and a moving picture, counts what it decodes of the other's.

The library gathers all candidates before it has a description; they are taken out of it and sent one by one,
as browsers do, so that the server's way with candidates is tried too. It can neither roll back nor restart
ICE: the specialist's side offers, the patient's answers, and a new epoch takes a new peer.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.sdp import candidate_from_sdp
from av import AudioFrame, VideoFrame

from signaling.media.guard import harden
from signaling.media.pattern import Picture, Tone, audible, fingerprint
from signaling.messages import Candidate, EndOfCandidates

FAILED = frozenset({"failed", "closed"})


class NoConnection(Exception):
    """The two sides found no way to each other."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """One side's description without candidates, and the candidates in the order they are to be sent."""

    sdp: str
    candidates: tuple[Candidate, ...]
    end: EndOfCandidates


@dataclass(frozen=True, slots=True)
class Seen:
    """What was decoded so far: audible blocks of 20 ms, and pictures that differ from the one before."""

    sounds: int
    pictures: int


class ProbePeer:
    """One peer connection. `servers` are `iceServers` as the service hands them out; none: direct only."""

    def __init__(self, servers: Sequence[Mapping[str, Any]], *, relay_only: bool) -> None:
        harden()
        # Without a configuration of its own the library would ask a public STUN server.
        self._connection = RTCPeerConnection(
            RTCConfiguration(
                iceServers=[_server(each) for each in servers],
                bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
                iceTransportPolicy=RTCIceTransportPolicy.RELAY if relay_only else RTCIceTransportPolicy.ALL,
            )
        )
        self._relay_only = relay_only
        self._sounds = self._pictures = 0
        self._news = asyncio.Event()
        self._watching: set[asyncio.Task[None]] = set()
        self._connection.on("track", self._on_track)
        self._connection.on("connectionstatechange", self._news.set)

    async def offer(self) -> Introduction:
        """Return the offer; the tone and the picture are in it."""
        self._add_tracks()
        return await self._introduce(await self._connection.createOffer())

    async def answer(self, offer: str) -> Introduction:
        """Take an offer; return the answer."""
        await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        self._add_tracks()
        return await self._introduce(await self._connection.createAnswer())

    async def accept(self, answer: str) -> None:
        """Take the answer to one's own offer."""
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def add(self, found: Candidate | EndOfCandidates) -> None:
        """Take one of the other side's candidates, or that there are no more."""
        if isinstance(found, EndOfCandidates) or not found.candidate:
            await self._connection.addIceCandidate(None)
            return
        candidate = candidate_from_sdp(found.candidate.removeprefix("candidate:"))
        candidate.sdpMid, candidate.sdpMLineIndex = found.mid, found.index
        await self._connection.addIceCandidate(candidate)

    async def connected(self) -> None:
        """Wait until media can flow; raise NoConnection when they never will."""
        while self._connection.connectionState != "connected":
            if self._connection.connectionState in FAILED:
                raise NoConnection("no way to the other side was found")
            await self._change()

    async def received(self, sounds: int, pictures: int) -> None:
        """Wait until at least so much was decoded; raise NoConnection when the connection breaks before."""
        while self._sounds < sounds or self._pictures < pictures:
            if self._connection.connectionState in FAILED:
                raise NoConnection("the connection to the other side broke")
            await self._change()

    @property
    def seen(self) -> Seen:
        """What was decoded so far."""
        return Seen(self._sounds, self._pictures)

    async def close(self) -> None:
        """Hang up."""
        await self._connection.close()
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)

    def _add_tracks(self) -> None:
        self._connection.addTrack(Tone())
        self._connection.addTrack(Picture())

    async def _introduce(self, description: RTCSessionDescription) -> Introduction:
        await self._connection.setLocalDescription(description)
        told = introduction(self._connection.localDescription.sdp)
        if not told.candidates:
            hidden = "addresses are hidden and no TURN server gave one" if self._relay_only else "no network"
            raise NoConnection(f"there is no address to offer to the other side ({hidden})")
        return told

    async def _change(self) -> None:
        self._news.clear()
        await self._news.wait()

    def _on_track(self, track: MediaStreamTrack) -> None:
        task = asyncio.get_running_loop().create_task(self._watch(track))
        self._watching.add(task)

    async def _watch(self, track: MediaStreamTrack) -> None:
        """Count what one track brings until it ends; unread frames would pile up without bound."""
        last = 0
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, AudioFrame):
                self._sounds += audible(frame)
            elif isinstance(frame, VideoFrame):
                self._pictures += last != (last := fingerprint(frame))
            self._news.set()


def introduction(sdp: str) -> Introduction:
    """Take the candidates out of a description; bundled sections repeat the first one's, which count once."""
    kept: list[str] = []
    candidates: dict[str, Candidate] = {}
    index, mids, ufrag = -1, _values(sdp, "a=mid:"), next(iter(_values(sdp, "a=ice-ufrag:")), None)
    for line in sdp.splitlines():
        index += line.startswith("m=")
        if line.startswith("a=candidate:"):
            text = line.removeprefix("a=")
            candidates.setdefault(text, Candidate(text, mids[index], index, ufrag))
        elif line != "a=end-of-candidates":
            kept.append(line)
    return Introduction("\r\n".join(kept) + "\r\n", tuple(candidates.values()), EndOfCandidates(ufrag))


def _values(sdp: str, prefix: str) -> list[str]:
    return [line.removeprefix(prefix) for line in sdp.splitlines() if line.startswith(prefix)]


def _server(told: Mapping[str, Any]) -> RTCIceServer:
    return RTCIceServer(urls=told["urls"], username=told.get("username"), credential=told.get("credential"))
