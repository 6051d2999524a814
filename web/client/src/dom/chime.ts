// The chime when somebody arrives or calls: only on pages that somebody has touched, for others may neither sound
// nor shake.

import { chime } from "../tones";

/** @param pattern how the device shakes too, in milliseconds on and off; none: it only sounds */
export function ring(pattern: number[] = []): void {
  const touched = (navigator as { userActivation?: { hasBeenActive: boolean } }).userActivation
    ?.hasBeenActive;
  if (touched === false) return;
  void chime().catch(() => undefined);
  if (pattern.length) navigator.vibrate?.(pattern);
}
