// The events of signaling/PROTOCOL.md as types, and the builders of every message that the browser sends.

import type { Consented, Consenting, RecordingNews } from "./consenting";
import type { Look } from "./logbook";
import type { Start } from "./rungs";
import type { Said, SayBody } from "./saying";

/** A connection word: what one side tells the other about its line. */
export type Word = "good" | "fair" | "poor" | "audio-only" | "reconnecting";

/** One person's seat in a consultation room, as the server's roster tells it. */
export interface Member {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  /** Whether a socket of this person is connected; false during the grace of 60 s after it was lost. */
  readonly here: boolean;
  readonly audio: boolean;
  readonly video: boolean;
  /** Whether this person's page is hidden behind another app. */
  readonly away: boolean;
  readonly connection: Word | "unknown";
  /** What a guest is in the visit: relative, interpreter, signer, clinician, other. */
  readonly part?: string;
  /** To be seen large all the time: hands speak. */
  readonly pinned?: boolean;
  readonly shares?: MediaBody["shares"];
}

/** What somebody sends beside face and voice: a screen, a second camera, the sounds of a body. */
export type ShareKind = "screen" | "camera" | "body";

/** One's pair with one more member beyond the first, as rosters and answers tell it. */
export interface Pair {
  readonly epoch: number;
  readonly polite: boolean;
  /** In an answer to `enter` only, as there. */
  readonly resumed?: boolean;
  readonly since?: number;
}

/** What one has of such a pair when entering. */
export interface Held {
  readonly epoch: number;
  readonly since: number;
}

export interface Roster {
  /** That of the first pair. */
  readonly epoch: number;
  readonly members: readonly Member[];
  readonly pairs?: Readonly<Record<string, Pair>>;
  /** How media go where there is a forwarding server, and who gets mine through it. */
  readonly via?: "sfu" | "mesh";
  readonly carried?: readonly string[];
}

/** The other one of the first pair: the patient for the specialist, the specialist for everybody else. */
export function partner(members: readonly Member[], you: string): Member | undefined {
  return members.find((one) => one.id === partnerId(you));
}

export function partnerId(you: string): string {
  return you === "s" ? "p" : "s";
}

/** A session description on its way; an answer carries the id of the offer that it answers. */
export interface Description {
  readonly kind: "offer" | "answer";
  readonly id: string;
  readonly sdp: string;
}

/** An offer before it has a place to go to. */
export type Draft = Pick<Description, "id" | "sdp">;

export interface Candidate {
  readonly kind: "candidate";
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  /** The ICE user fragment of the description to which the candidate belongs. */
  readonly ufrag: string | null;
}

export interface EndOfCandidates {
  readonly kind: "end-of-candidates";
  readonly ufrag: string | null;
}

/** What two peers negotiate with, before it is numbered. */
export type Negotiable = Description | Candidate | EndOfCandidates;

/** A negotiation message, numbered: by the client on its way up, by the server (with `from`) on its way down. */
export type SignalUp = Negotiable & { readonly epoch: number; readonly seq: number; readonly to?: string };
export type SignalDown = SignalUp & { readonly from: string };

export interface VisitChange {
  readonly visit: string;
  readonly status: string;
  readonly changed: string;
  /** With the news of being let in: what `enter` would be answered, in two parts. */
  readonly seat?: Omit<Entered, "ice">;
  readonly ice?: Entered["ice"];
}

export interface ClinicChange {
  readonly visit: string;
  readonly status: string;
  readonly device: string | null;
  readonly connection: string | null;
  readonly since: string;
  readonly test: boolean;
  /** A second device of the patient waits to be let in. */
  readonly asking: boolean;
}

/** What a waiting patient is told about the line; `minutes` is null where nobody can say. */
export interface Place {
  readonly ahead: number;
  readonly minutes: number | null;
  readonly late: number;
  readonly why: string;
  readonly paused: boolean;
}

export interface PlaceChange extends Place {
  readonly visit: string;
  readonly at: string;
}

/** How the watching specialist's clinic runs. */
export interface RunningChange {
  readonly late: number;
  readonly lateReason: string;
  readonly paused: boolean;
  readonly pauseReason: string;
}

export interface PriorityChange {
  readonly visit: string;
  readonly priority: string;
}

/** A guest of a visit moved on; the rest is read over HTTP. */
export interface GuestChange {
  readonly visit: string;
  readonly guest: string;
  readonly state: string;
}

export interface Ended {
  readonly visit: string;
  readonly reason: string;
}

/** Get the connection of this visit's call ready, or put it away. */
export interface Prepare {
  readonly visit: string;
  readonly on: boolean;
}

/** Events that the server sends, by name. */
export interface ServerEvents extends Record<"message" | "moved", { readonly visit: string }> {
  visit: VisitChange;
  clinic: ClinicChange;
  prepare: Prepare;
  place: PlaceChange;
  running: RunningChange;
  priority: PriorityChange;
  guest: GuestChange;
  queue: Record<string, never>;
  roster: Roster;
  signal: SignalDown;
  said: Said;
  recording: RecordingNews;
  replaced: { readonly by: string };
  ended: Ended;
  draining: { readonly retry: number };
  "signed-out": Record<string, never>;
}

export interface EnterBody {
  readonly visit?: string;
  readonly epoch: number;
  readonly since: number;
  /** Only to get the connection ready, as the server has asked. */
  readonly prepared?: true;
  /** The first offer, which counts as signal 1 of the new epoch. */
  readonly offer?: Draft;
  readonly pairs?: Readonly<Record<string, Held>>;
}

export interface MediaBody {
  readonly audio: boolean;
  readonly video: boolean;
  readonly away: boolean;
  /** By the id of the stream. */
  readonly shares?: Readonly<Record<string, ShareKind>> | undefined;
}

/** Events that the browser sends, by name. */
export interface ClientEvents extends Consenting {
  watch: Record<string, never>;
  enter: EnterBody;
  signal: SignalUp;
  media: MediaBody;
  probe: { readonly n: number };
  quality: { readonly state: Word };
  measured: Look;
  carried: { readonly epoch: number; readonly feeds: Readonly<Record<string, number>> };
  leave: Record<string, never>;
  say: SayBody;
  "catch-up": { readonly since: number };
}

/** What `enter` is answered with. */
export interface Entered extends Pick<Roster, "pairs" | "via" | "carried"> {
  readonly epoch: number;
  /** The own member id. */
  readonly you: string;
  readonly role: string;
  /** The polite side yields when two offers meet and never makes the first one. */
  readonly polite: boolean;
  /** The clinic hides addresses: media may pass through relays only. */
  readonly relayOnly: boolean;
  /** The server still has all of this epoch; the signals after `since` follow. */
  readonly resumed: boolean;
  readonly start?: Start;
  readonly roster: readonly Member[];
  readonly ice: readonly RTCIceServer[];
  readonly since: number;
}

/** Events that are acknowledged with nothing more. */
type Unsaid = Record<"media" | "quality" | "measured" | "carried" | "leave", unknown>;

/** What the acknowledgement of each event carries beside `ok`. */
export interface Answers extends Consented, Unsaid {
  watch: { readonly since: string };
  enter: Entered;
  signal: { readonly seq: number };
  probe: { readonly n: number };
  say: { readonly seq: number; readonly at: string };
  "catch-up": { readonly said: readonly Said[]; readonly last: number; readonly more: boolean };
}

/** With a code of PROTOCOL.md, or of the browser: `offline` (no socket, or lost before the answer), `timeout` (no answer). */
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly detail: string;
}

export type Ack<E extends keyof ClientEvents> = ({ readonly ok: true } & Answers[E]) | Refusal;

/** `epoch` 0 says "I have a new peer connection", n says "mine is of epoch n". A patient names no visit. */
export function enter(epoch: number, since: number, visit?: string): EnterBody {
  return visit === undefined ? { epoch, since } : { visit, epoch, since };
}

export function signal(epoch: number, seq: number, what: Negotiable): SignalUp {
  return { ...what, epoch, seq };
}

export function offer(id: string, sdp: string): Description {
  return { kind: "offer", id, sdp };
}

export function answer(id: string, sdp: string): Description {
  return { kind: "answer", id, sdp };
}

export function candidate(found: RTCIceCandidateInit): Candidate {
  return {
    kind: "candidate",
    candidate: found.candidate ?? "",
    sdpMid: found.sdpMid ?? null,
    sdpMLineIndex: found.sdpMLineIndex ?? null,
    ufrag: found.usernameFragment ?? null,
  };
}

export function endOfCandidates(ufrag: string | null): EndOfCandidates {
  return { kind: "end-of-candidates", ufrag };
}

export function media(audio: boolean, video: boolean, away: boolean): MediaBody {
  return { audio, video, away };
}

export function probe(n: number): { readonly n: number } {
  return { n };
}

export function quality(state: Word): { readonly state: Word } {
  return { state };
}
