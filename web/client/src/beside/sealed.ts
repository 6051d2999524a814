// Whether the call is encrypted from end to end, in words; and what that takes where a forwarding server carries it.

import { announce } from "../dom/announce";
import { choose, one, only, text } from "../dom/page";
import type { Further } from "../further";
import type { Room } from "../room";
import { meansOf } from "../seal/means";

interface Policies {
  createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
}

/** A page has one policy of a name. Trusted Types take one address: that of our own file. */
let policy: { createScriptURL(url: string): string } | undefined;

function started(address: string): Worker {
  const types = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  policy ??= types?.createPolicy("seal", { createScriptURL: () => address });
  return new Worker(policy ? policy.createScriptURL(address) : address);
}

export class Sealed {
  private readonly place: HTMLElement;

  constructor(
    private readonly page: HTMLElement,
    private readonly room: Room,
    further: Further,
  ) {
    const { beside } = room;
    const place = (this.place = one("[data-seal]", page));
    const make = () => started(place.dataset["seal"] ?? "");
    beside.means = meansOf((to) => further.side(to), make);
    beside.onMeans?.();
    beside.onUnsealed = () => this.changed();
    place.hidden = false;
    this.show();
  }

  end(): void {
    this.room.beside.onUnsealed = undefined;
    this.place.hidden = true;
    only("unsealed", false, this.page);
  }

  private changed(): void {
    this.show();
    announce(text(`seal-${this.state}`));
  }

  private show(): void {
    choose("seal-state", this.state, this.place);
    only("unsealed", this.room.beside.unsealed, this.page);
  }

  private get state(): "yes" | "no" {
    return this.room.beside.unsealed ? "no" : "yes";
  }
}
