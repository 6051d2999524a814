"""A microphone on a chest: heart tones and a sweep as a file, and how loud each band of it came through."""

import base64
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Page
from scipy.signal import chirp

Sound = NDArray[np.float64]
RATE = 48_000
ROUND = 4.0
"""Seconds after which the file begins anew."""
HEART = (30, 50, 80, 120, 200)
"""Hz: the heart's sounds lie here, the third and fourth of them lowest."""
HIGH = (2000, 4000, 8000, 12_000, 15_000, 18_000)
"""Hz: what tells a crackle from a rub."""
LISTENS = """async (at) => {
  const context = (window.__listening = new AudioContext({ sampleRate: 48000 }));
  const worklet = `registerProcessor("ear", class extends AudioWorkletProcessor {
    process([channels]) {
      this.port.postMessage(channels[0] ? channels[0].slice() : new Float32Array(128));
      return true;
    }
  })`;
  await context.audioWorklet.addModule(
    "data:text/javascript," + encodeURIComponent(worklet));
  const ear = new AudioWorkletNode(context, "ear");
  window.__samples = [];
  ear.port.onmessage = ({ data }) => window.__samples.push(data);
  const heard = window.__peers.flatMap((one) => one.getReceivers())
    .filter(({ track }) => track.kind === "audio" && track.readyState === "live")[at];
  const stream = new MediaStream([heard.track]);
  window.__played = Object.assign(new Audio(), { srcObject: stream, muted: true });
  await window.__played.play();
  context.createMediaStreamSource(stream).connect(ear);
  await context.resume();
}"""
"""Records one lane of the sound that comes in, as it comes."""
HEARD = """async () => {
  await window.__listening.close();
  const whole = new Int16Array(window.__samples.length * 128);
  window.__samples.forEach((part, i) => part.forEach((one, j) => (whole[128 * i + j] = 32767 * one)));
  const bytes = new Uint8Array(whole.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}"""


def said() -> Sound:
    """Return one round: a beating heart, then everything from 200 Hz to 19 kHz."""
    half = np.arange(int(RATE * ROUND / 2)) / RATE
    beating = 0.5 + 0.5 * np.sin(2 * np.pi * 2.5 * half)
    heart = beating * sum(np.sin(2 * np.pi * each * half) for each in HEART) / len(HEART)
    sweep = chirp(half, 200, half[-1], 19_000, method="logarithmic")
    return 0.4 * np.concatenate([heart, sweep])


def microphone(folder: Path) -> Path:
    """Write it as a file that Chromium plays over and over as each of its microphones."""
    path = folder / "chest.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((said() * 32767).astype("<i2").tobytes())
    return path


async def came(page: Page, lane: int) -> Sound:
    """Return two rounds of what comes in on one lane: 0 is the voice, what is shared beside it follows."""
    await page.evaluate(LISTENS, lane)
    await page.wait_for_timeout(1000 * (2 * ROUND + 1))
    samples = np.frombuffer(base64.b64decode(await page.evaluate(HEARD)), dtype="<i2")
    return samples[-int(2 * ROUND * RATE) :].astype(np.float64) / 32768


def lost(heard: Sound, bands: Sequence[int]) -> dict[int, float]:
    """Return by how many dB each band (a third of an octave around so many Hz) came weaker than it went."""
    before, after = (_levels(each, bands) for each in (np.tile(said(), 2), heard))
    return {band: before[band] - after[band] for band in bands}


def _levels(sound: Sound, bands: Sequence[int]) -> dict[int, float]:
    """The energy of each band in dB."""
    energy = np.abs(np.fft.rfft(sound)) ** 2 / len(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    third = 2 ** (1 / 6)
    within = {each: (hertz >= each / third) & (hertz <= each * third) for each in bands}
    return {each: float(10 * np.log10(np.sum(energy[within[each]]) + 1e-12)) for each in bands}
