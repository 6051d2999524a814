// Keeps the screen awake during a visit: browsers take the lock away whenever the page is hidden, so ask again.

import { browserTriggers, type Triggers } from "./triggers";

export interface WakeLockLike {
  request(type: "screen"): Promise<{ release(): Promise<void> }>;
}

/** Holds the screen awake until the function that it answers is called. Does nothing where browsers cannot. */
export function stayAwake(
  lock: WakeLockLike | undefined = globalThis.navigator?.wakeLock,
  triggers: Triggers = browserTriggers,
): () => void {
  let wanted = true;
  let held: { release(): Promise<void> } | undefined;
  const ask = async () => {
    try {
      const got = await lock?.request("screen");
      if (wanted) held = got;
      else await got?.release();
    } catch {
      // Refused (low battery, hidden page): the next time the page is seen we ask again.
    }
  };
  const stop = triggers((what) => {
    if (what === "visible") void ask();
  });
  void ask();
  return () => {
    wanted = false;
    stop();
    void held?.release().catch(() => undefined);
  };
}
