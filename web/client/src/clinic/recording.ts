// The specialist's side of a recording: asking for it, and sending what is recorded while it is on.

import type { Tracks } from "../peer";
import type { Signal } from "../signal";
import { Recording } from "../dom/recording";
import type { Taping } from "./taping";

const ASK_MS = 8000;

/** What there is to record: the own tracks, and everybody else's stream by their id. */
export interface Sources {
  readonly own: () => Tracks;
  readonly far: ReadonlyMap<string, MediaStream>;
}

export class ClinicRecording extends Recording {
  private taping: Taping | undefined;
  /** The recording that is on. */
  private on = "";
  /** Whether one is asked for or on. */
  private live = false;

  constructor(
    private readonly line: Signal,
    part: string,
    before: () => HTMLElement,
    private readonly sources: Sources,
  ) {
    super(line, part, before);
    line.on("recording", ({ id, state }) => {
      this.live = state !== "off";
      void this.send(state === "on" ? id : "");
    });
  }

  /** "Record": everybody in the call is asked. */
  async ask(): Promise<void> {
    if (this.live) return;
    const shown = await this.open();
    const ack = await this.line.send("record", { do: "ask", id: "" }, ASK_MS);
    if (!ack.ok) shown.refused();
  }

  override end(): void {
    super.end();
    this.live = false;
    void this.send("");
  }

  private async send(id: string): Promise<void> {
    if (id && id === this.on) return; // told again, e.g. after a lost socket
    this.on = id;
    this.taping?.end();
    this.taping = undefined;
    if (!id) return;
    const { Taping } = await import("./taping");
    if (this.on !== id) return;
    this.taping = new Taping(this.line, id, this.sources);
  }
}
