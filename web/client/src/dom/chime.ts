// The chime when somebody arrives or calls: only on pages that somebody has touched, for others may not sound.

import { chime } from "../tones";

export function ring(): void {
  const touched = (navigator as { userActivation?: { hasBeenActive: boolean } }).userActivation
    ?.hasBeenActive;
  if (touched !== false) void chime().catch(() => undefined);
}
