// Measures one peer connection, holds picture and voice to what the line bears, and has the one word about it.

import { Ladder } from "./ladder";
import type { Word } from "./messages";
import type { Peer } from "./peer";
import { read, word, type Counters, type Sample } from "./quality";
import { RUNGS, type Start } from "./rungs";
import { Diagnosis, Lookout, type Trouble } from "./trouble";
import { asked, Packing, PLAIN, type Sent } from "./voice";

/** A minute of samples. */
const KEPT = 30;

export type Gauged = Pick<Peer, "stats" | "limit" | "speak" | "rung">;

export class Gauge {
  private readonly ladder: Ladder;
  private readonly diagnosis = new Diagnosis();
  private readonly lookout = new Lookout();
  private readonly packing = new Packing();
  private samples: readonly Sample[] = [];
  private counters: Counters | undefined;
  private sent: Sent = { voice: PLAIN, picture: true };
  /** Whether a picture was ever sent. */
  private pictured: boolean;

  /** On a line that is known to be `lossy`, or too narrow for the picture, the first packet of sound is packed for it. */
  constructor(
    private readonly peer: Gauged,
    now = 0,
    lossy = false,
  ) {
    this.ladder = new Ladder(RUNGS.indexOf(peer.rung));
    this.pictured = !this.ladder.off;
    if (lossy) this.diagnosis.suspect(now);
    if (lossy || this.ladder.off) void this.speak(now);
  }

  get sample(): Sample | undefined {
    return this.samples[this.samples.length - 1];
  }

  /** The step of the ladder that the own picture is on, 0 the best. */
  get rung(): number {
    return this.ladder.step;
  }

  /** What is wrong with the line, seen from this side, in one word. */
  trouble(now: number): Trouble {
    const { diagnosis, ladder } = this;
    if (ladder.off) return "off";
    if (diagnosis.lossy(now)) return "lossy";
    if (diagnosis.queued || (ladder.step > 0 && this.word !== "good")) return "narrow";
    return diagnosis.far ? "far" : "";
  }

  /** Whether it began without a picture, and there was none yet. */
  get begun(): boolean {
    return this.ladder.off && !this.pictured;
  }

  /** How a connection after this one had best begin. */
  next(now: number): Start {
    return { picture: !this.ladder.off, lossy: this.diagnosis.lossy(now) };
  }

  get word(): Exclude<Word, "reconnecting"> {
    const said = word(this.samples);
    return this.ladder.off ? "audio-only" : said === "audio-only" ? "poor" : said;
  }

  /** A look, twice a second; a sample for the word only when `measuring`, every 2 s. */
  async look(now: number, measuring = true): Promise<void> {
    if (!measuring && !this.ladder.hurried(now)) return;
    const report = await this.peer.stats();
    if (measuring) {
      const { sample, counters } = read(report, this.counters);
      this.counters = counters;
      this.samples = [...this.samples.slice(1 - KEPT), sample];
    }
    this.diagnosis.look(this.lookout.read(report), now);
    await this.steer(now);
  }

  /** Tries the picture now, because somebody wants it. */
  async brighten(now: number): Promise<void> {
    if (!this.ladder.hurry(now)) return;
    this.samples = this.samples.slice(-1);
    await this.peer.limit(this.ladder.rung);
    await this.steer(now);
  }

  private async steer(now: number): Promise<void> {
    const { ladder, diagnosis } = this;
    if (ladder.judge(diagnosis, now)) {
      if (!ladder.off) this.samples = this.samples.slice(-1); // the picture is tried again: let the past be past
      await this.peer.limit(ladder.rung);
    }
    await this.speak(now);
  }

  private async speak(now: number): Promise<void> {
    const { ladder, diagnosis } = this;
    const voice = this.packing.judge({ off: ladder.off, lossy: diagnosis.lossy(now), line: diagnosis }, now);
    this.pictured ||= !ladder.off;
    // Of a picture that was never sent nothing is sent again: it need not be refused.
    const sent = { voice, picture: !ladder.off || !this.pictured };
    if (voice === this.sent.voice && sent.picture === this.sent.picture) return;
    // Where something is being negotiated just now, the next look tries again.
    if (await this.peer.speak(voice, (sdp) => asked(sdp, sent))) this.sent = sent;
  }
}
