// The drafts of one window, by visit: what the server has not acknowledged outlives the view, so that somebody may look
// after another patient while the line is down. Each stays with its visit; nothing of it is ever shown under another.

import { Problem } from "../api";
import type { Draft } from "../draft";
import { FIELDS, type Content, type Desk, type Note } from "./desk";

/** The server trims what has one line; the rest is kept to the letter. */
const same = (one: Content, other: Content): boolean =>
  FIELDS.every((name) => one[name].trim() === other[name].trim());

export class Drafts {
  private readonly kept = new Map<string, Draft<Content>>();
  /** Addenda that were begun, by visit: they are sent by a press only. */
  readonly begun = new Map<string, string>();

  constructor(private readonly desk: Pick<Desk, "save">) {}

  /** Whether the window holds anything that the server has not. */
  get unsaved(): boolean {
    return [...this.kept.values()].some((draft) => draft.unsaved);
  }

  /** What was typed into a visit's note and is not saved; undefined when all is. */
  held(visit: string): Content | undefined {
    const draft = this.kept.get(visit);
    return draft?.unsaved ? draft.text : undefined;
  }

  /**
   * The draft of a visit: the one that holds unsaved text, else a new one over the note as it was read. The list comes
   * without the code of `Made`.
   */
  of(visit: string, note: Pick<Note, "version">, Made: typeof Draft): Draft<Content> {
    for (const [other, draft] of this.kept) if (!draft.unsaved) this.kept.delete(other);
    const known = this.kept.get(visit);
    if (known) return known;
    const draft = new Made<Content>({
      version: note.version,
      save: (value, version, leaving) => this.desk.save(visit, value, version, leaving),
      same,
      isFinal: (error) => error instanceof Problem && !error.transient && error.status !== 401,
    });
    this.kept.set(visit, draft);
    return draft;
  }

  /** Tries to save a visit's text before the note is read again. */
  async settle(visit: string): Promise<void> {
    await this.kept.get(visit)?.flush();
  }

  /** Tries to save everything; `leaving` as in Draft. */
  async flush(leaving = false): Promise<void> {
    await Promise.all([...this.kept.values()].map((draft) => draft.flush(leaving)));
  }
}
