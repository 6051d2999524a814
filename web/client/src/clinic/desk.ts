// What the clinic page asks of the server: one visit, admitting, confirming, ending, and its note.

import { Api, Problem, type RequestOptions } from "../api";
import type { Saved } from "../draft";
import type { Said } from "../saying";
import type { Check } from "./checked";
import { Drafts } from "./drafts";

export interface Patient {
  readonly id: string;
  readonly name: string;
  readonly listed: string;
  readonly birth_date: string;
  readonly gender: string;
  readonly age: number;
  readonly language: string;
  readonly interpreter: boolean;
  readonly identifiers: readonly { readonly value: string }[];
  readonly phone: string;
}

/** A visit, who waits after it, and what its patient is allergic to. */
export interface OneVisit {
  readonly visit: Visit;
  readonly next: readonly Visit[];
  readonly allergies: Allergies;
}

export interface Confirmation {
  readonly identifiers: readonly string[];
  readonly place: string;
  readonly callback: string;
}

/** What changes about a visit while one looks at it. */
export interface VisitState {
  readonly id: string;
  readonly status: string;
  readonly since: string;
  readonly device: string;
  readonly connection: string;
  /** The number on which the patient asked to be phoned, or empty. */
  readonly call_on: string;
  readonly confirmation: Confirmation | null;
  /** A second device of the patient waits to be let in. */
  readonly asking: boolean;
}

export interface Visit extends VisitState {
  readonly priority: string;
  readonly patient: Patient;
  readonly service: string;
  readonly service_id: string;
  readonly practitioner: { readonly id: string };
  readonly site: string;
  /** How many are seen in the visit's group session, and how many can be; 0 of 1 where the patient is seen alone. */
  readonly together: number;
  readonly places: number;
  readonly start: string;
  readonly zone: string;
  readonly test: boolean;
  readonly undelivered: boolean;
  readonly closed: boolean;
  readonly modality: string;
  readonly check: Check | null;
}

export interface Allergy {
  readonly id: string;
  readonly substance: string;
  readonly reaction: string;
  readonly severe: boolean;
}

/** What a patient is allergic to; `known` is some, none, unrecorded or withheld. */
export interface Allergies {
  readonly known: string;
  readonly allergies: readonly Allergy[];
}

/** Somebody who is invited to a visit, and what they are in it; invited, opened, waiting, admitted. */
export interface GuestRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
}

export interface Content {
  readonly history: string;
  readonly findings: string;
  readonly assessment: string;
  readonly plan: string;
  readonly outcome: string;
  readonly when: string;
}

export const FIELDS = ["history", "findings", "assessment", "plan", "outcome", "when"] as const;

export interface Note {
  readonly visit: string;
  readonly state: string;
  readonly version: number;
  readonly content: Content;
  readonly updated_at: string | null;
  readonly signed_at: string | null;
  readonly record: { readonly version: number } | null;
  readonly addenda: readonly { readonly text: string; readonly author: string; readonly added_at: string }[];
}

/** How the own clinic runs today; the reasons are words of the texts, empty for none. */
export interface RunningState {
  readonly late_minutes: number;
  readonly late_reason: string;
  readonly paused: boolean;
  readonly pause_reason: string;
}

/** From when to when the clinic is closed. */
export interface Closed {
  readonly start: string;
  readonly end: string;
}

/** A visit in the day's list, with its room, its device and its interpreter, who is there for a language. */
export interface Row extends Visit {
  readonly resources: readonly { readonly name: string; readonly language: string }[];
}

export interface Day {
  readonly rows: readonly Row[];
  readonly running: RunningState;
  readonly closed: Closed | null;
}

/** A prepared sentence by its name, or own words in a language. */
export interface Words {
  readonly prepared: string;
  readonly text: string;
  readonly language: string;
}

type Written = Omit<Said, "from"> & { readonly sender: string };

export const tokenOfPage = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "";

export class Desk {
  readonly drafts = new Drafts(this);
  private api = new Api({ csrf: tokenOfPage() });

  day(): Promise<Day> {
    return this.api.get("/clinic");
  }

  visit(id: string): Promise<OneVisit> {
    return this.api.get(`/visits/${id}`);
  }

  /** All that was written in a visit, in order. */
  async conversation(id: string): Promise<readonly Said[]> {
    const { said } = await this.api.get<{ readonly said: readonly Written[] }>(`/visits/${id}/conversation`);
    return said.map(({ sender, ...each }) => ({ ...each, from: sender }));
  }

  admit(id: string): Promise<VisitState> {
    return this.write("POST", `/visits/${id}/admit`, {});
  }

  /** What becomes of the patient's second device: it goes on instead of the first, or it is out. */
  device(id: string, word: "let-in" | "turn-away"): Promise<VisitState> {
    return this.write("POST", `/visits/${id}/device/${word}`, {});
  }

  allergies(visit: string): Promise<Allergies> {
    return this.api.get(`/visits/${visit}/allergies`);
  }

  allergic(visit: string, said: Omit<Allergy, "id">): Promise<Allergies> {
    return this.write("POST", `/visits/${visit}/allergies`, said);
  }

  notAllergic(visit: string): Promise<Allergies> {
    return this.write("POST", `/visits/${visit}/allergies/none-known`, {});
  }

  notAnyMore(visit: string, id: string, why: "resolved" | "mistaken"): Promise<Allergies> {
    return this.write("POST", `/visits/${visit}/allergies/${id}/end`, { why });
  }

  guests(visit: string): Promise<{ readonly guests: readonly GuestRow[] }> {
    return this.api.get(`/visits/${visit}/guests`);
  }

  /** Invites somebody; the answer holds their link. */
  invite(visit: string, name: string, kind: string): Promise<{ readonly url: string }> {
    return this.write("POST", `/visits/${visit}/guests`, { name, kind });
  }

  guest(visit: string, id: string, word: "let-in" | "remove"): Promise<GuestRow> {
    return this.write("POST", `/visits/${visit}/guests/${id}/${word}`, {});
  }

  late(minutes: number, reason: string): Promise<RunningState> {
    return this.write("PUT", "/clinic/late", { minutes, reason });
  }

  pause(reason: string): Promise<RunningState> {
    return this.write("POST", "/clinic/pause", { reason });
  }

  resume(): Promise<RunningState> {
    return this.write("POST", "/clinic/resume", {});
  }

  /** To one visit's patient, or to everybody who waits. */
  message(words: Words, id?: string): Promise<{ readonly sent: number }> {
    return this.write("POST", id ? `/visits/${id}/messages` : "/clinic/messages", words);
  }

  prioritize(id: string, priority: string): Promise<{ readonly priority: string }> {
    return this.write("PUT", `/visits/${id}/priority`, { priority });
  }

  phone(id: string): Promise<VisitState> {
    return this.write("POST", `/visits/${id}/phone`, {});
  }

  /** `reserved` says of a patient who is expected again whether the time is theirs. */
  miss(id: string, word: "miss" | "attended"): Promise<VisitState & { readonly reserved?: boolean }> {
    return this.write("POST", `/visits/${id}/${word}`, {});
  }

  end(id: string): Promise<VisitState> {
    return this.write("POST", `/visits/${id}/end`, {});
  }

  confirm(id: string, said: Confirmation): Promise<VisitState> {
    return this.write("PUT", `/visits/${id}/confirmation`, said);
  }

  /** Locks the screen: nothing opens any more until the password comes. */
  lock(): Promise<void> {
    return this.write("POST", "/session/lock", {});
  }

  note(id: string): Promise<Note> {
    return this.api.get(`/visits/${id}/note`);
  }

  /** Saves a draft; a text that somebody saved in between comes back instead of being overwritten. */
  async save(id: string, content: Content, version: number, leaving: boolean): Promise<Saved<Content>> {
    try {
      const options = { keepalive: leaving, attempts: 1 };
      const saved = await this.write<Note>("PUT", `/visits/${id}/note`, { ...content, version }, options);
      return { version: saved.version, at: new Date(saved.updated_at ?? Date.now()) };
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "stale-version") throw error;
      const theirs = await this.note(id);
      const at = new Date(theirs.updated_at ?? Date.now());
      return { conflict: { value: theirs.content, version: theirs.version, at } };
    }
  }

  sign(id: string, version: number): Promise<Note> {
    return this.write("POST", `/visits/${id}/note/signature`, { version });
  }

  add(id: string, text: string): Promise<Note> {
    return this.write("POST", `/visits/${id}/note/addenda`, { text });
  }

  /** After unlocking in another window the session has another token: fetch it and try once more. */
  private async write<T>(method: string, path: string, body: unknown, options?: RequestOptions): Promise<T> {
    try {
      return await this.api.request<T>(method, path, { ...options, body });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "cross-site") throw error;
      const { csrf } = await this.api.get<{ csrf: string }>("/session");
      this.api = new Api({ csrf });
      return this.api.request<T>(method, path, { ...options, body });
    }
  }
}
