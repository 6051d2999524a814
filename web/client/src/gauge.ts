// Measures one peer connection every 2 s, holds its picture to what the line bears, and has the one word about it.

import { Ladder } from "./ladder";
import type { Word } from "./messages";
import type { Peer } from "./peer";
import { read, word, type Counters, type Sample } from "./quality";

/** A minute of samples. */
const KEPT = 30;

export class Gauge {
  private readonly ladder = new Ladder();
  private samples: readonly Sample[] = [];
  private counters: Counters | undefined;

  constructor(private readonly peer: Peer) {}

  get sample(): Sample | undefined {
    return this.samples[this.samples.length - 1];
  }

  /** The step of the ladder that the own picture is on, 0 the best. */
  get rung(): number {
    return this.ladder.step;
  }

  get word(): Exclude<Word, "reconnecting"> {
    return this.ladder.off ? "audio-only" : word(this.samples);
  }

  async look(now: number): Promise<void> {
    const { sample, counters } = read(await this.peer.stats(), this.counters);
    this.counters = counters;
    this.samples = [...this.samples.slice(1 - KEPT), sample];
    if (!this.ladder.judge(word(this.samples), now)) return;
    if (!this.ladder.off) this.samples = this.samples.slice(-1); // the picture is tried again: let the past be past
    await this.peer.limit(this.ladder.rung);
  }
}
