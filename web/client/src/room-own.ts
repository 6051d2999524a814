// The own part in a room: what is given, muted and hidden reaches every pair, and everybody is told.

import type { Beside } from "./beside";
import type { MediaBody } from "./messages";
import { Own } from "./own";
import type { Kind, Tracks } from "./peer";

export abstract class OwnPart {
  protected readonly own = new Own();
  /** For what comes later than face and voice. */
  abstract readonly beside: Beside;

  /** Tells the others what is sent. */
  protected abstract announce(): void;

  get muted(): boolean {
    return this.own.isOff("audio");
  }

  get hidden(): boolean {
    return this.own.isOff("video");
  }

  /** The tracks to send from now on: call before enter(), and again after turning the camera or reopening devices. */
  use(tracks: Partial<Tracks>): void {
    for (const kind of ["audio", "video"] as const) {
      const track = tracks[kind];
      if (track === undefined) continue;
      this.own.put(kind, track);
      this.send(kind);
    }
  }

  /** Sends silence; the microphone stays open. */
  mute(on: boolean): void {
    this.own.turn("audio", on);
    this.send("audio");
  }

  /** Sends no picture: not one byte. The camera stays open; its owner may stop it and use() another track later. */
  hide(on: boolean): void {
    this.own.turn("video", on);
    this.send("video");
    this.beside.onHide?.();
  }

  /** Tells the other side that this page is hidden behind another app, or is seen again. */
  away(yes: boolean): void {
    if (this.own.away === yes) return;
    this.own.away = yes;
    this.announce();
  }

  /** Tells the others which streams are neither face nor voice. */
  tell(shares: MediaBody["shares"]): void {
    this.own.shares = shares;
    this.announce();
  }

  /** Gives everybody what they shall have now of what is sent. */
  give(kind: Kind): void {
    this.beside.give(this.own.sent, [kind]);
  }

  private send(kind: Kind): void {
    const { beside, own } = this;
    for (const [id, peer] of beside.peers) void peer.put(kind, beside.given(id, kind, own.sent));
    beside.onPut?.();
    this.announce();
  }
}
