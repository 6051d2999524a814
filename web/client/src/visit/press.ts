// One press at a time: it is seen at once, and one that failed asks to press again.

import { Problem } from "../api";
import { busy, problem } from "./screen";

export class Press {
  on = false;

  /** `closed` is told when there is nothing more to do here. */
  constructor(private readonly closed: (why: unknown) => unknown) {}

  async act(does: () => Promise<unknown>): Promise<void> {
    if (this.on) return;
    this.on = true;
    problem(false);
    busy(true);
    try {
      await does();
    } catch (error) {
      if (error instanceof Problem && !error.transient && error.status !== 409) this.closed(error);
      else if (error instanceof Problem && error.code === "visit-closed") this.closed(error);
      else problem(true);
    } finally {
      busy(false);
      this.on = false;
    }
  }
}
