// "Check that nobody listens in": the digits that both read to each other, behind a heading that opens.

import { announce } from "../dom/announce";
import { choose, fill, one, text } from "../dom/page";
import { fingerprintsOf } from "../fingerprints";
import type { Further } from "../further";
import type { Room } from "../room";
import { Vouch, type Verdict } from "../vouch";

/** Those between whom the digits are made. */
const TWO = 2;

export class Vouching {
  private readonly place: HTMLDetailsElement;
  private readonly vouch: Vouch;
  private verdict: Verdict = { state: "wait" };

  constructor(
    root: HTMLElement,
    private readonly room: Room,
    further: Further,
  ) {
    this.place = one<HTMLDetailsElement>("details[data-vouch]", root);
    this.place.hidden = false;
    this.place.ontoggle = () => this.show();
    this.vouch = new Vouch({
      role: room.first === "p" ? "first" : "second",
      side: further.side(),
      fingerprints: async () => {
        const peer = room.beside.peers.get("");
        return peer && fingerprintsOf(peer.pc);
      },
      onVerdict: (verdict) => this.judged(verdict),
    });
  }

  end(): void {
    this.vouch.end();
    this.place.ontoggle = null;
    this.place.hidden = true;
  }

  private judged(verdict: Verdict): void {
    this.verdict = verdict;
    this.show();
    if (verdict.state === "failed") this.place.open = true;
    if (verdict.state === "failed" || (verdict.state === "changed" && this.place.open)) {
      announce(text(`vouch-${verdict.state}`));
    }
  }

  /** What holds between two says nothing about a third one. */
  private show(): void {
    const { verdict } = this;
    const alone = this.room.seats.length === TWO || verdict.state === "failed";
    fill("vouch-digits", "digits" in verdict ? verdict.digits : "", this.place);
    choose(
      "vouch-state",
      alone ? (verdict.state === "changed" ? "ready" : verdict.state) : "others",
      this.place,
    );
    one("[data-vouch-new]", this.place).hidden = verdict.state !== "changed";
  }
}
