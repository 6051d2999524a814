// How loud the microphone is, ten times a second: for the bar of the device check and for "You are muted".

import { audioContext } from "./sound";

/** The loudness of a piece of sound (samples −1…1) as 0 to 1: −60 dB and less is 0, −10 dB and more is 1. */
export function level(samples: Float32Array): number {
  let sum = 0;
  for (const one of samples) sum += one * one;
  const rms = Math.sqrt(sum / samples.length);
  const decibel = 20 * Math.log10(rms || 1e-9);
  return Math.min(1, Math.max(0, (decibel + 60) / 50));
}

/** From this level on somebody is speaking rather than breathing. */
export const SPEECH = 0.45;

/**
 * Calls `heard` with the level of the stream's sound, and whether it holds nothing at all (a quiet room holds something),
 * at 10 Hz until the function that it answers is called. A muted track is silent: to notice speech while muted, hand over
 * a stream with a clone of the track.
 */
export function meter(
  stream: MediaStream,
  heard: (level: number, nothing: boolean) => void,
  context: AudioContext = audioContext(),
): () => void {
  const source = context.createMediaStreamSource(stream);
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  source.connect(analyser);
  void context.resume().catch(() => undefined);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    heard(
      level(samples),
      samples.every((one) => one === 0),
    );
  }, 100);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}
