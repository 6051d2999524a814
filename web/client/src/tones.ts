// Short sounds without a file: the test sound of the device check and the chime when somebody arrives or calls.

import { audioContext } from "./sound";

interface Tone {
  /** Hertz. */
  readonly pitch: number;
  /** Seconds after the start. */
  readonly from: number;
  /** Seconds. */
  readonly long: number;
}

const TEST: readonly Tone[] = [
  { pitch: 523.25, from: 0, long: 0.35 },
  { pitch: 659.25, from: 0.4, long: 0.35 },
  { pitch: 783.99, from: 0.8, long: 0.6 },
];
const CHIME: readonly Tone[] = [
  { pitch: 880, from: 0, long: 0.25 },
  { pitch: 659.25, from: 0.22, long: 0.5 },
];

/** Plays the tones; the promise says whether they could be heard (false: the browser wants a tap first). */
async function play(tones: readonly Tone[], context: AudioContext): Promise<boolean> {
  // Without a tap resume() may wait for ever instead of refusing.
  if (context.state !== "running") {
    await Promise.race([context.resume().catch(() => undefined), new Promise((go) => setTimeout(go, 300))]);
  }
  if (context.state !== "running") return false;
  const start = context.currentTime + 0.05;
  let end = 0;
  for (const { pitch, from, long } of tones) {
    const oscillator = new OscillatorNode(context, { frequency: pitch });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, start + from);
    volume.gain.linearRampToValueAtTime(0.25, start + from + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, start + from + long);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(start + from);
    oscillator.stop(start + from + long);
    end = Math.max(end, from + long);
  }
  await new Promise((go) => setTimeout(go, 1000 * (end + 0.1)));
  return true;
}

/** Three rising tones of 1.4 s. Call it from a tap. */
export function testSound(context: AudioContext = audioContext()): Promise<boolean> {
  return play(TEST, context);
}

/** Two falling tones of 0.7 s. */
export async function chime(context: AudioContext = audioContext()): Promise<boolean> {
  return play(CHIME, context);
}
