"""What a page is watched for while people use it: pictures, gaps in the sound, sentences, complaints.

Everything is measured from outside: the scripts stand in the page before its own code and change none of it.
"""

import re
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Page, Request, WebSocket

WRAPPED = """(() => {
  const Native = window.RTCPeerConnection;
  window.__peers = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...given) { super(...given); window.__peers.push(this); }
  };
  window.__said = [];
  const say = () => {
    for (const place of document.querySelectorAll("[data-sentence], #live")) {
      const words = place.textContent.trim();
      if (words && window.__said.at(-1) !== words) window.__said.push(words);
    }
  };
  document.addEventListener("DOMContentLoaded", () =>
    new MutationObserver(say).observe(document, { subtree: true, childList: true, characterData: true }));
})()"""
"""Keeps each peer connection within reach, and every sentence that the page has said about the call."""

KEPT = """(() => {
  const Native = window.WebSocket;
  window.__sockets = [];
  window.WebSocket = class extends Native {
    constructor(address, ...more) {
      super(window.__blocked ? String(address).replace("/socket.io/", "/no-way-through/") : address, ...more);
      window.__sockets.push(this);
    }
  };
})()"""
"""Keeps each websocket within reach; where they are blocked, the handshake is answered with an error."""

FRAMES = """async ({ label, count, patience }) => {
  const shown = (video) => video.getAttribute("aria-label")?.startsWith(label) && video.checkVisibility();
  const until = performance.now() + patience;
  while (performance.now() < until) {
    const video = [...document.querySelectorAll("video")].find(shown);
    if (video) {
      let seen = 0;
      const frame = new Promise((done) => {
        const next = () => (++seen > count ? done(true) : video.requestVideoFrameCallback(next));
        video.requestVideoFrameCallback(next);
      });
      const late = new Promise((done) => setTimeout(() => done(false), until - performance.now()));
      if (await Promise.race([frame, late])) return video.getVideoPlaybackQuality().totalVideoFrames;
    } else await new Promise((done) => setTimeout(done, 50));
  }
  return 0;
}"""
"""Waits until the picture with a label has moved by some frames; answers how many it has shown."""

INSTEAD = """async () => {
  const peers = await Promise.all(window.__peers.map(async (peer) => {
    const inbound = [...(await peer.getStats()).values()].filter((stat) => stat.type === "inbound-rtp");
    const came = inbound.map((stat) =>
      `${stat.kind} ${stat.packetsReceived} packets ${stat.framesDecoded ?? ""}`);
    const { signalingState, iceGatheringState, iceConnectionState, connectionState } = peer;
    return [signalingState, iceGatheringState, iceConnectionState, connectionState, ...came];
  }));
  const videos = [...document.querySelectorAll("video")].map((video) => {
    const { paused, readyState, videoWidth } = video;
    return [video.getAttribute("aria-label"), video.checkVisibility(), paused, readyState, videoWidth];
  });
  return JSON.stringify({ peers, videos, said: window.__said });
}"""
"""What there is where no picture moves: connections, pictures and the sentences said so far."""

LISTEN = """() => {
  const samples = (window.__heard = []);
  window.__listening = setInterval(async () => {
    for (const peer of window.__peers.filter((one) => one.connectionState === "connected")) {
      for (const stat of (await peer.getStats()).values()) {
        if (stat.type !== "inbound-rtp" || stat.kind !== "audio") continue;
        // The report's own time: on a busy machine one answer serves all who asked meanwhile.
        if (samples.at(-1)?.[0] === stat.timestamp) continue;
        samples.push([stat.timestamp, stat.packetsReceived, stat.concealedSamples]);
      }
    }
  }, 50);
}"""

HEARS = """async () => {
  const level = async () => {
    let energy = 0;
    for (const peer of window.__peers) for (const stat of (await peer.getStats()).values())
      if (stat.type === "inbound-rtp" && stat.kind === "audio") energy += stat.totalAudioEnergy;
    return energy;
  };
  const before = await level();
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await level()) > before) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}"""

HEARD = "() => { clearInterval(window.__listening); return window.__heard; }"

SOMEBODY_LEFT = re.compile("left|closed the page|connection dropped|Still trying")
"""What nobody may read while both are there."""
RATE = 48
"""Samples of sound in a millisecond."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What arrived of the other side's sound while it was listened to; times in milliseconds."""

    length: float
    longest_silence: float
    longest_concealed: float
    longest_lag: float
    """Between two looks: what this machine alone, busy with other things, took from everybody."""


def sound(samples: list[list[float]]) -> Sound:
    """Judge polls of [time, packets received, samples concealed], about every 50 ms.

    A silence is counted from the first to the last poll with the same number of packets: a poll that came
    late on a busy machine cannot make one up. Concealment is what the player invented within any 500 ms.
    """
    lag = max(after[0] - before[0] for before, after in pairwise(samples))
    silence = 0.0
    begin = 0
    for at in range(1, len(samples)):
        if samples[at][1] != samples[begin][1]:
            begin = at
        silence = max(silence, samples[at][0] - samples[begin][0])
    concealed = 0.0
    start = 0
    for now in samples:
        while now[0] - samples[start][0] > 500:
            start += 1
        concealed = max(concealed, (now[2] - samples[start][2]) / RATE)
    return Sound(samples[-1][0] - samples[0][0], silence, concealed, lag)


@dataclass
class Watch:
    """What one page did: complaints of the browser, origins that it asked, sockets that it opened."""

    home: str
    troubles: list[str] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)
    sockets: list[WebSocket] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    """When it opened each of them, in seconds."""
    expected: list[str] = field(default_factory=list)
    """Patterns of complaints that belong to what is tested, e.g. a server that was killed."""

    def on(self, context: BrowserContext, page: Page) -> None:
        """Begin; before the page goes anywhere."""
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("console", lambda line: self._console(line.type, line.text))
        context.on("request", self._request)
        page.on("websocket", self._socket)

    def forgives(self, pattern: str) -> None:
        self.expected.append(pattern)

    @property
    def complaints(self) -> list[str]:
        """Everything that a clean page would not have done."""
        foreign = [f"asked {origin}" for origin in sorted(self.origins - {self.home})]
        return foreign + [
            each for each in self.troubles if not any(re.search(pattern, each) for pattern in self.expected)
        ]

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} or "Content Security Policy" in text:
            self.troubles.append(f"{kind}: {text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"blob", "data"}:
            self.origins.add(f"{parts.scheme}://{parts.netloc}")

    def _socket(self, socket: WebSocket) -> None:
        parts = urlsplit(socket.url)
        self.origins.add(f"{parts.scheme.replace('ws', 'http')}://{parts.netloc}")
        self.sockets.append(socket)
        self.opened.append(time.monotonic())


async def moving(page: Page, label: str, count: int = 5, patience: int = 25_000) -> int:
    """Wait for `count` new frames of the picture whose name begins with `label`; return the frames so far."""
    seen = await page.evaluate(FRAMES, {"label": label, "count": count, "patience": patience})
    assert seen, f"the picture {label!r} does not move: {await page.evaluate(INSTEAD)}"
    return int(seen)


async def listen(page: Page) -> None:
    """Begin to listen to the other side's sound."""
    await page.evaluate(LISTEN)


async def heard(page: Page) -> Sound:
    """End listening."""
    samples: list[list[float]] = await page.evaluate(HEARD)
    assert len(samples) > 1, "no sound came in at all"
    return sound(samples)


async def hears(page: Page) -> None:
    """Wait until more than silence comes in: the fake microphone beeps."""
    assert await page.evaluate(HEARS), "nothing but silence comes in"


async def said(page: Page) -> list[str]:
    """Return every sentence about the call and every announcement of this document, in order."""
    return list(await page.evaluate("window.__said"))


async def peers(page: Page) -> list[Any]:
    """Return the state of every peer connection that the page has made."""
    return list(await page.evaluate("window.__peers.map((one) => one.connectionState)"))
