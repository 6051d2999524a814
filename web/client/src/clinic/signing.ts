// "Sign and send", and "Sign, then admit next": one question where something is missing or the call is still up; nobody
// is let in unless the note is signed and the visit before is over.

import type { Consult } from "./consult";

export interface Parts {
  /** Whose turn it is after a visit. */
  readonly after: (visit: string) => string | undefined;
  /** Does what was pressed about the visit on show, in its turn. */
  readonly about: (name: string, does: (consult: Consult) => Promise<unknown>) => Promise<void>;
  /** Ends a visit and its call. */
  readonly close: (consult: Consult) => Promise<void>;
  readonly admit: (visit: string) => Promise<void>;
  /** Turns the camera off where no call needs it. */
  readonly rest: () => void;
}

export class Signing {
  private onward = false;

  constructor(private readonly parts: Parts) {}

  /** Signs the note on show, with `onward` to let the next in line in afterwards; without one it just signs. */
  async begin(onward = false): Promise<void> {
    await this.sign((consult) => {
      if (!consult.note.signable) return false;
      this.onward = onward && this.parts.after(consult.id) !== undefined;
      return !consult.asks(this.onward);
    });
  }

  /** What was asked is answered with yes. */
  async finish(): Promise<void> {
    await this.sign(() => true);
  }

  /** Signs in one press what is ready for it. */
  private async sign(ready: (consult: Consult) => boolean): Promise<void> {
    const { parts } = this;
    let next: string | undefined;
    let onward = false;
    await parts.about("sign", async (consult) => {
      if (!ready(consult)) return;
      onward = this.onward;
      if (!(await consult.note.sign()) || !onward) return;
      if (consult.status === "in-progress") await parts.close(consult);
      next = parts.after(consult.id);
    });
    if (next) await parts.admit(next);
    if (onward) parts.rest();
  }
}
