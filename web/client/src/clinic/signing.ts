// "Sign and send", and "Sign, then admit next": one question where something is missing or the call is still up; nobody
// is let in unless the note is signed and the visit before is over.

import type { Consult } from "./consult";

export interface Parts {
  readonly consult: () => Consult | undefined;
  /** Whose turn it is after a visit. */
  readonly after: (visit: string) => string | undefined;
  /** One press at a time; what the server refused is said on the page. */
  readonly act: (does: () => Promise<unknown>) => Promise<void>;
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
    const consult = this.parts.consult();
    if (!consult?.note.signable) return;
    this.onward = onward && this.parts.after(consult.id) !== undefined;
    if (!consult.asks(this.onward)) await this.finish();
  }

  /** What was asked is answered with yes, or nothing had to be. */
  async finish(): Promise<void> {
    const { parts, onward } = this;
    const consult = parts.consult();
    let next: string | undefined;
    await parts.act(async () => {
      if (!(await consult?.note.sign()) || !consult || !onward) return;
      if (consult.status === "in-progress") await parts.close(consult);
      next = parts.after(consult.id);
    });
    if (next) await parts.admit(next);
    if (onward) parts.rest();
  }
}
