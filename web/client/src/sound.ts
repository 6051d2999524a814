// The page's one audio context: for the microphone's level and for short sounds.

let shared: AudioContext | undefined;

/** Must first be used in a tap, or browsers leave it suspended. */
export function audioContext(): AudioContext {
  shared ??= new AudioContext();
  return shared;
}

/** It, if there is one already. */
export function openedContext(): AudioContext | undefined {
  return shared;
}
