// The autosave of a note: when to save, what to say about it, and what to do when it fails or somebody else was faster.
//
// Everything stays in memory: a shared computer keeps nothing of the note. One request at a time; what is typed meanwhile
// goes with the next one. A version that the server does not know any more overwrites nothing: both texts are shown.
// A save whose answer was lost is recognised by its text: nobody is asked to choose between two copies of the same words.

export type DraftState =
  | { readonly code: "idle" }
  | { readonly code: "typing" }
  | { readonly code: "saving" }
  | { readonly code: "saved"; readonly at: Date }
  /** `again`: another attempt follows by itself; else the server refused for good (`error` says why). */
  | { readonly code: "not-saved"; readonly again: boolean; readonly error: unknown }
  | { readonly code: "conflict" };

/** What the page's adapter makes of the server's answer; it throws for everything else. */
export type Saved<T> = { readonly version: number; readonly at: Date } | { readonly conflict: Stored<T> };

/** What the server has. */
export interface Stored<T> {
  readonly value: T;
  readonly version: number;
  readonly at: Date;
}

/** Who shows the draft. */
export interface View<T> {
  readonly onState: (state: DraftState) => void;
  /** Somebody (perhaps oneself in another window) saved in between. Nothing is saved until resolve(). */
  readonly onConflict: (mine: T, theirs: T) => void;
}

export interface DraftOptions<T> {
  /** The version with which the page was loaded; 0 for a new note. */
  readonly version: number;
  /** Saves; `leaving` means the page may be gone before the answer, so use fetch's keepalive. */
  readonly save: (value: T, version: number, leaving: boolean) => Promise<Saved<T>>;
  /** Whether the server would keep both as the same text. */
  readonly same: (one: T, other: T) => boolean;
  /** Whether an error is for good; by default, whatever says `transient === false`. */
  readonly isFinal?: (error: unknown) => boolean;
}

/** After the last keystroke, and while somebody types without a pause, ms: with half a second for the line, a tab that
 * dies takes no more than two seconds of typing with it. */
const PAUSE_MS = 1000;
const TYPING_MS = 1500;
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000] as const;

const saysFinal = (error: unknown): boolean => (error as { transient?: unknown } | null)?.transient === false;

export class Draft<T> {
  private version: number;
  private value: T | undefined;
  /** Whether there is something that the server has not acknowledged. */
  private dirty = false;
  /** Whether it was time to save while a request was running. */
  private due = false;
  private running: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typingSince: number | undefined;
  private failures = 0;
  private theirs: Stored<T> | undefined;
  /** What was sent over `version` and not answered: the server may have it all the same. */
  private unanswered: T[] = [];
  private view: View<T> | undefined;
  private state: DraftState = { code: "idle" };
  private closed = false;

  constructor(private readonly options: DraftOptions<T>) {
    this.version = options.version;
  }

  /** Whether leaving now might lose something. */
  get unsaved(): boolean {
    return !this.closed && (this.dirty || this.running !== undefined);
  }

  /** The text as it was last edited; undefined while it was not. */
  get text(): T | undefined {
    return this.value;
  }

  /** Shows the draft somewhere, or nowhere: then it goes on saving what is not saved, and says nothing. */
  watch(view: View<T> | undefined): void {
    this.view = view;
    if (this.closed || !view) return;
    if (this.state.code !== "idle") view.onState(this.state);
    if (this.theirs) view.onConflict(this.value as T, this.theirs.value);
  }

  /** The server's version of the text last saved: what signing must name. */
  get savedVersion(): number {
    return this.version;
  }

  /** The whole note as it stands now; call it on every input event. */
  edit(value: T): void {
    if (this.closed) return;
    this.value = value;
    this.dirty = true;
    if (this.theirs) return; // first the conflict
    this.tell({ code: "typing" });
    const now = Date.now();
    this.typingSince ??= now;
    this.plan(Math.max(0, Math.min(PAUSE_MS, this.typingSince + TYPING_MS - now)));
  }

  /**
   * Saves at once what is not saved: on blur, before signing, and (`leaving`) when the page is hidden or goes away.
   * Resolves when the attempt is over; `unsaved` tells how it went.
   */
  async flush(leaving = false): Promise<void> {
    if (this.running && !leaving) await this.running;
    if (this.dirty) await this.save(leaving);
  }

  /** Ends a conflict: this text shall follow theirs. */
  resolve(value: T): void {
    if (!this.theirs) return;
    this.version = this.theirs.version;
    this.theirs = undefined;
    this.edit(value);
    void this.flush();
  }

  /** Saves nothing any more: the note is signed. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private plan(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(false), delay);
  }

  private async save(leaving: boolean): Promise<void> {
    if (this.closed || !this.dirty || this.theirs) return;
    clearTimeout(this.timer);
    if (this.running) {
      this.due = true; // one at a time: the end of the running request goes on
      return this.running;
    }
    this.running = this.once(leaving).finally(() => (this.running = undefined));
    await this.running;
  }

  private async once(leaving: boolean): Promise<void> {
    const value = this.value as T;
    this.dirty = false;
    this.due = false;
    this.typingSince = undefined;
    this.unanswered.push(value);
    this.tell({ code: "saving" });
    try {
      this.done(value, await this.options.save(value, this.version, leaving));
    } catch (error) {
      this.failed(error);
    }
  }

  private done(mine: T, saved: Saved<T>): void {
    this.failures = 0;
    if ("conflict" in saved && !this.had(saved.conflict)) return this.part(saved.conflict);
    const { version, at } = "conflict" in saved ? saved.conflict : saved;
    const older = "conflict" in saved && !this.options.same(saved.conflict.value, mine);
    this.version = version;
    this.unanswered = [];
    this.dirty ||= older;
    this.tell(this.dirty ? { code: "typing" } : { code: "saved", at });
    if (this.dirty && (this.due || older)) this.plan(0);
  }

  /** Whether what the server has is a save of ours whose answer was lost. */
  private had(stored: Stored<T>): boolean {
    const next = stored.version === this.version + 1;
    return next && this.unanswered.some((each) => this.options.same(each, stored.value));
  }

  private part(theirs: Stored<T>): void {
    this.dirty = true;
    this.theirs = theirs;
    this.unanswered = [];
    this.tell({ code: "conflict" });
    if (!this.closed) this.view?.onConflict(this.value as T, theirs.value);
  }

  private failed(error: unknown): void {
    this.dirty = true;
    const final = (this.options.isFinal ?? saysFinal)(error);
    this.tell({ code: "not-saved", again: !final, error });
    if (!final && !this.closed) this.plan(RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)] as number);
  }

  private tell(state: DraftState): void {
    this.state = state;
    if (!this.closed) this.view?.onState(state);
  }
}
