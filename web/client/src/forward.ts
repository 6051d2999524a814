// Whether a call goes through the forwarding server is the server's word; what it takes is brought when it first says so.

import type { Forwarded } from "./forwarded";
import type { Lane, LaneWorld } from "./lane";
import { Mailbox } from "./mailbox";
import type { Entered, Roster, SignalDown } from "./messages";
import { Negotiation } from "./negotiation";
import { configuration } from "./peer";
import { RUNGS } from "./rungs";
import { tune } from "./tuning";

/** What every call has already. Imported by both it would become a chunk of its own, which everybody would wait for. */
export const KIT = [Mailbox, Negotiation, configuration, tune, RUNGS] as const;

export interface ForwardWorld extends Omit<LaneWorld, "onStream"> {
  /** The pair with a member; "" names the first pair, here as everywhere below. */
  readonly lane: (id: string) => Lane | undefined;
}

export class Forward {
  /** What has come in directly. */
  private readonly direct = new Map<string, MediaStream>();
  private bringing: Promise<Forwarded | undefined> | undefined;
  /** Once it has been brought. */
  here: Forwarded | undefined;
  /** Counts how often the room was left: what it said before counts no more. */
  private turn = 0;

  constructor(private readonly world: ForwardWorld) {}

  /** A member's stream has come in directly, or they are gone. */
  came(id: string, stream: MediaStream | undefined): void {
    if (stream) this.direct.set(id, stream);
    else this.direct.delete(id);
    if (!stream || !this.here?.shows(id)) this.show(id, stream);
  }

  seated(roster: Roster, entered: Entered): void {
    if (roster.via) this.bringing ??= this.bring();
    const { turn } = this;
    void this.bringing?.then((forwarded) => {
      if (turn === this.turn) forwarded?.seated(roster, entered);
    });
  }

  receive(body: SignalDown): void {
    void this.bringing?.then((forwarded) => forwarded?.receive(body));
  }

  close(): void {
    this.turn += 1;
    this.here?.close();
  }

  private async bring(): Promise<Forwarded | undefined> {
    const { world, direct } = this;
    try {
      const { Forwarded } = await import("./forwarded");
      this.here = new Forwarded(world, KIT, (id, stream) => this.show(id, stream ?? direct.get(id)));
    } catch (error) {
      this.bringing = undefined; // the call goes on directly, and the next roster is another chance
      world.options.onError?.(error);
    }
    return this.here;
  }

  private show(id: string, stream: MediaStream | undefined): void {
    const { onRemoteStream, onFurther } = this.world.options;
    if (id) onFurther?.(id, stream);
    else if (stream) onRemoteStream(stream);
  }
}
