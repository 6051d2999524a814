// The patient's own visit on the server: looking at the link, opening it, and each step, one at a time and in order.

import { Api } from "../api";
import type { Place } from "../messages";

/** What a link shows before anybody has pressed a button. */
export interface FirstScreen {
  readonly state: "open" | "early" | "over" | "cancelled" | "closed";
  /** Whether there is long to go, and when it is, in words. */
  readonly early: boolean;
  /** How it takes place: by phone there is nothing to open here. */
  readonly way: "video" | "assisted" | "phone";
  readonly moved: boolean;
  /** Whether the patient may move or cancel the visit alone, by this link. */
  readonly changeable: boolean;
  readonly when: string;
  readonly sentence: string;
  /** What the patient does at the time, which is told with it while there is long to go. */
  readonly todo: string;
  /** Whose clock is meant; empty where the words say so. */
  readonly place: string;
  readonly practitioner: string;
  readonly organization: string;
  readonly phone: string;
  readonly start: string;
  readonly end: string;
  readonly zone: string;
  readonly patient: string;
  /** Where anybody books anew what was cancelled; empty where nobody does. */
  readonly book: string;
}

/** What a look at the link tells and the page of an open visit has in its own words. */
type Words =
  "state" | "early" | "way" | "moved" | "changeable" | "when" | "sentence" | "todo" | "place" | "book";

/** What the clinic said: the name of a prepared sentence, or own words and their language. */
export interface ClinicMessage {
  readonly id: string;
  readonly sent: string;
  readonly prepared: string;
  readonly text: string;
  readonly language: string;
}

export interface MyVisit extends Omit<FirstScreen, Words> {
  readonly visit: string;
  readonly status: string;
  readonly device: string;
  readonly place: Place;
  readonly messages: readonly ClinicMessage[];
  /** Whether a message is wanted: no, wanted, sent, or impossible. */
  readonly text_me: string;
  /** Names this answer: asking with it is answered only when something is new. */
  readonly mark: string;
  readonly csrf: string;
  readonly consented: boolean;
  /** The end of the number on file, and where the person asked to be phoned; either may be empty. */
  readonly own_phone: string;
  readonly call_on: string;
  /** What this browser is to the visit: nobody's yet, the person's device, or another one that asks or doesn't. */
  /** The last check of the line, where there was one. */
  readonly check: { readonly plan: string; readonly up: number; readonly down: number } | null;
  readonly hold: "free" | "bound" | "asking" | "other";
}

/** What a visit is once nothing more happens in it. */
export const OVER = ["finished", "completed"];

/** Whether this browser waits, in the line or to be let in, or may be in the call. */
export function inLine({ status, hold }: MyVisit): boolean {
  return hold === "asking" || (["waiting", "in-progress"].includes(status) && hold !== "other");
}

export class Mine {
  /** Empty until the link was opened. */
  visit: string;
  now: MyVisit | undefined;
  private csrf = "";
  private readonly watchers: ((visit: MyVisit) => void)[] = [];
  private queue: Promise<unknown> = Promise.resolve();
  private opening: Promise<unknown> | undefined;
  /** How often the socket has told a move, and a place. */
  private moves = 0;
  private places = 0;

  constructor(
    visit: string,
    /** The secret part of the link; empty on a page that was opened with its cookie. */
    readonly token: string,
    /** Called with every answer. */
    changed: (visit: MyVisit) => void,
  ) {
    this.visit = visit;
    this.watchers.push(changed);
  }

  /** Has one more part of the page told, at once and with every answer. */
  watch(changed: (visit: MyVisit) => void): void {
    this.watchers.push(changed);
    if (this.now) changed(this.now);
  }

  /** The page itself has asked already, before this code was there (look.html): the first try takes that answer. */
  look(): Promise<FirstScreen> {
    const page = globalThis as { looked?: Promise<Response> | undefined };
    const send: typeof fetch = (...asked) => {
      const { looked } = page;
      page.looked = undefined;
      return looked ?? fetch(...asked);
    };
    return new Api({ fetch: send }).post<FirstScreen>("/visit-links/look", { token: this.token });
  }

  /**
   * The arrival, and the consent that the press gives; from here on the visit has its cookie and the token is not needed
   * any more. Asked for again while it is under way, it is the same one; one that failed is tried anew.
   */
  open(): Promise<unknown> {
    const link = { token: this.token, consent: true };
    const ask = () => new Api().post<MyVisit>("/visit-links/open", link);
    if (!this.visit) this.opening ??= this.inOrder(ask).then((now) => (this.visit = now.visit));
    this.opening?.catch(() => (this.opening = undefined));
    return this.opening ?? Promise.resolve();
  }

  /** Where the visit stood as the page was made, which the page itself tells; or else by asking. */
  async first(): Promise<MyVisit> {
    const told = document.getElementById("mine")?.textContent;
    return told ? this.inOrder(async () => JSON.parse(told) as MyVisit) : this.read();
  }

  read(): Promise<MyVisit> {
    return this.inOrder(async () => {
      const since = this.now ? `?since=${this.now.mark}` : "";
      const news = await new Api().get<MyVisit | undefined>(`/my/${this.visit}${since}`);
      return news ?? (this.now as MyVisit);
    });
  }

  /** The place that the socket has just told. */
  placed(place: Place): void {
    if (!this.now) return;
    this.places += 1;
    this.now = { ...this.now, place };
    this.changed(this.now);
  }

  /** What the server has just told over the socket, where nothing else changes with it. */
  moved(status: string): MyVisit | undefined {
    this.moves += 1;
    if (this.now) this.now = { ...this.now, status };
    return this.now;
  }

  /** Goes into the waiting room; what the device check has shown goes along: one answer to wait for instead of two. */
  wait(device: string): Promise<MyVisit> {
    return this.post("wait", { device });
  }

  /** Ends this browser's session: it is somebody else's visit. */
  async notMe(): Promise<void> {
    await this.opening?.catch(() => undefined); // a session that is just being made has to end, too
    const api = new Api({ csrf: this.csrf });
    if (this.visit) await api.request("DELETE", `/my/${this.visit}/session`);
    else await api.post("/visit-links/not-mine", { token: this.token });
  }

  private changed(visit: MyVisit): void {
    for (const each of this.watchers) each(visit);
  }

  /** Puts what is known on views that have just come. */
  show(): void {
    if (this.now) this.changed(this.now);
  }

  /** What the device check has shown; the clinic's list says it in words. Not worth failing for. */
  async device(state: string): Promise<void> {
    if (this.visit && this.now?.device !== state) await this.post("device", { state }).catch(() => undefined);
  }

  /** One step, or what else the patient wishes; each is asked for when those before it are answered. */
  post(path: string, body: unknown = {}, method = "POST"): Promise<MyVisit> {
    const ask = () =>
      new Api({ csrf: this.csrf }).request<MyVisit>(method, `/my/${this.visit}/${path}`, { body });
    return this.inOrder(ask);
  }

  /** An answer may have left the server before what the socket told meanwhile: then that counts. */
  private async newest(ask: () => Promise<MyVisit>): Promise<MyVisit> {
    const { moves, places } = this;
    const visit = await ask();
    if (!this.now) return visit;
    return {
      ...visit,
      status: moves === this.moves ? visit.status : this.now.status,
      place: places === this.places ? visit.place : this.now.place,
    };
  }

  private inOrder(ask: () => Promise<MyVisit>): Promise<MyVisit> {
    const answer = this.queue
      .then(() => this.newest(ask))
      .then((visit) => {
        this.now = visit;
        this.csrf = visit.csrf;
        this.changed(visit);
        return visit;
      });
    this.queue = answer.catch(() => undefined);
    return answer;
  }
}
