// What this side sends: its tracks, and whether they are muted or hidden just now.

import { media, type MediaBody, type Member } from "./messages";
import type { Kind, Tracks } from "./peer";
import { standingOf, type Standing } from "./tuning";

export class Own {
  private readonly tracks: Tracks = { audio: null, video: null };
  private readonly off: Record<Kind, boolean> = { audio: false, video: false };
  /** Whether the page is hidden behind another app. */
  away = false;
  /** What is sent beside face and voice. */
  shares: MediaBody["shares"];
  /** Whether the own picture gives way to one that is pinned, or is that one. */
  standing: Standing = "plain";

  /** What goes into the peer connection. Silence is sent, a hidden picture is not: not one byte. */
  get sent(): Tracks {
    return { audio: this.tracks.audio, video: this.off.video ? null : this.tracks.video };
  }

  /** What the others are told. */
  get told(): MediaBody {
    const { tracks, off, away, shares } = this;
    const told = media(tracks.audio !== null && !off.audio, tracks.video !== null && !off.video, away);
    return shares ? { ...told, shares } : told;
  }

  /** Takes who is in the call; answers whether the own standing is another one by that. */
  stand(members: readonly Member[], you: string): boolean {
    const before = this.standing;
    this.standing = standingOf(members, you);
    return this.standing !== before;
  }

  isOff(kind: Kind): boolean {
    return this.off[kind];
  }

  turn(kind: Kind, off: boolean): void {
    this.off[kind] = off;
    this.apply(kind);
  }

  put(kind: Kind, track: MediaStreamTrack | null): void {
    this.tracks[kind] = track;
    this.apply(kind);
  }

  private apply(kind: Kind): void {
    const track = this.tracks[kind];
    if (track) track.enabled = !this.off[kind];
  }
}
