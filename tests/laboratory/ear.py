"""What comes in at a page: the far voice as samples, and the counters of sound and picture."""

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np
from playwright.async_api import Page

from tests.laboratory.voice import RATE, Sound

WITHIN_REACH = """(() => {
  const Native = window.RTCPeerConnection;
  window.__peers = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...given) { super(...given); window.__peers.push(this); }
  };
})()"""
"""Stands in the page before its own code, and keeps each peer connection within reach."""
LISTENS = """async (rate) => {
  await window.__ear?.close();
  const context = (window.__ear = new AudioContext({ sampleRate: rate }));
  const worklet = `registerProcessor("ear", class extends AudioWorkletProcessor {
    process([[samples]]) {
      this.port.postMessage(samples ? samples.slice() : new Float32Array(128));
      return true;
    }
  })`;
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: "text/javascript" })));
  const ear = new AudioWorkletNode(context, "ear");
  ear.port.onmessage = ({ data }) => window.__heard.push(data);
  window.__heard = [];
  const receiver = window.__peers.at(-1).getReceivers().find((one) => one.track.kind === "audio");
  const stream = new MediaStream([receiver.track]);
  window.__element = Object.assign(new Audio(), { srcObject: stream, muted: true });
  await window.__element.play();
  context.createMediaStreamSource(stream).connect(ear);
  ear.connect(context.destination);
  await context.resume();
}"""
HEARD = """() => {
  const parts = window.__heard.splice(0);
  const whole = new Int16Array(parts.length * 128);
  const put = (one, at) => (whole[at] = 32767 * Math.max(-1, Math.min(1, one)));
  parts.forEach((part, i) => part.forEach((one, j) => put(one, 128 * i + j)));
  const bytes = new Uint8Array(whole.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}"""
COUNTED = """async () => {
  const found = {};
  const add = (name, value) => (found[name] = (found[name] ?? 0) + (value ?? 0));
  for (const one of (await window.__peers.at(-1).getStats()).values()) {
    const sound = one.kind === "audio";
    if (one.type === "inbound-rtp" && sound) {
      add("samples", one.totalSamplesReceived);
      add("concealed", one.concealedSamples);
      add("buffered", one.jitterBufferDelay);
      add("emitted", one.jitterBufferEmittedCount);
    } else if (one.type === "inbound-rtp") {
      add("frames", one.framesDecoded);
      add("frozen", one.totalFreezesDuration);
    } else if (one.type === "outbound-rtp") {
      add(sound ? "soundBytes" : "pictureBytes", one.bytesSent + one.headerBytesSent);
      add(sound ? "soundPackets" : "picturePackets", one.packetsSent);
      if (sound) found.target = one.targetBitrate;
    } else if (one.type === "candidate-pair" && one.nominated) {
      found.rtt = one.currentRoundTripTime;
      found.estimate = one.availableOutgoingBitrate;
    } else if (one.type === "codec") found.codecs = [...(found.codecs ?? []), one.mimeType];
  }
  return found;
}"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What came in between two looks at a page's counters."""

    concealed: float
    """Share of the sound that had to be made up, 0 to 1."""
    frames: float
    frozen: float
    """Seconds in which the picture stood."""

    @classmethod
    def between(cls, before: dict[str, Any], after: dict[str, Any]) -> "Counted":
        """Return the difference."""
        gone = {
            name: after.get(name, 0) - before.get(name, 0)
            for name in ("samples", "concealed", "frames", "frozen")
        }
        return cls(gone["concealed"] / max(1, gone["samples"]), gone["frames"], gone["frozen"])


async def listens(page: Page) -> None:
    """Begin to record the far voice; the peer connection must have been made."""
    await page.evaluate(LISTENS, RATE)


async def heard(page: Page) -> Sound:
    """Return what was recorded since the last time."""
    told = base64.b64decode(await page.evaluate(HEARD))
    return np.frombuffer(told, dtype="<i2").astype(np.float64) / 32768


async def counted(page: Page) -> dict[str, Any]:
    """Return the counters of the page's latest peer connection."""
    found: dict[str, Any] = await page.evaluate(COUNTED)
    return found
