"""The reference voice: sentences spoken by espeak-ng, always the same, as a fake microphone."""

import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

Sound = NDArray[np.float64]
"""Samples from -1 to 1 at RATE."""

RATE = 16_000
SPOKEN = 22_050
"""What espeak-ng makes."""
PAUSE = 0.3
SENTENCES = (
    "Please take one tablet in the morning and one at night.",
    "Does it hurt more when you breathe in, or when you cough?",
    "Your blood pressure was a hundred and forty over ninety.",
    "Call the clinic at once if the fever comes back.",
)


def said() -> list[Sound]:
    """Return the sentences, each with the pause that follows it."""
    return [np.concatenate([one, np.zeros(int(PAUSE * RATE))]) for one in map(_speak, SENTENCES)]


def microphone(folder: Path) -> Path:
    """Write the sentences as a file that Chromium plays over and over as its microphone."""
    path = folder / "voice.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.concatenate(said()) * 32767).astype("<i2").tobytes())
    return path


def flags(voice: Path) -> list[str]:
    """Return what makes this file a browser's microphone."""
    return [f"--use-file-for-fake-audio-capture={voice}"]


def _speak(sentence: str) -> Sound:
    command = ("espeak-ng", "-v", "en-us", "-s", "160", "--stdout", sentence)
    made = subprocess.run(command, capture_output=True, check=True).stdout
    samples = np.frombuffer(made[44:], dtype="<i2").astype(np.float64) / 32768
    return np.asarray(resample_poly(samples, 320, 441), dtype=np.float64)
