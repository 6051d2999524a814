// A guest's way: link → check → waiting to be let in → call → after. Of the visit it knows whose it is, and no more.

import { Api, Problem } from "../api";
import { MediaRefused } from "../devices";
import { Camera } from "../dom/camera";
import { ring } from "../dom/chime";
import { askInstead } from "../dom/instead";
import { all, choose, fill, only } from "../dom/page";
import { loadCallStyle } from "../dom/style";
import { dear, looked } from "../dom/thrift";
import { current, show } from "../dom/view";
import { clockDiffers, timesOf } from "../dom/words";
import { Poll } from "../poll";
import { Signal, type Stopped } from "../signal";
import { GuestCall } from "./guestcall";
import { Press } from "./press";

/** A guest's own place, as the server tells it. */
interface Place {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** The state of the link: open, early, over, cancelled, closed. */
  readonly visit: string;
  readonly practitioner: string;
  readonly organization: string;
  readonly phone: string;
  readonly patient: string;
  /** Why and until when the clinic is closed. */
  readonly sentence: string;
  /** When it is, in words, and whose clock is meant where the words do not say so. */
  readonly when: string;
  readonly place: string;
  readonly start: string;
  readonly zone: string;
  readonly csrf: string;
}

/** How long a connection may take before the server is asked how things stand. */
const PATIENCE_MS = 5000;

export class Guest {
  readonly camera = new Camera();
  readonly call = new GuestCall(this.camera);
  private readonly press = new Press((why) => this.closed(why));
  private place: Place | undefined;
  private signal: Signal | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private readonly poll = new Poll({ ask: () => this.again(), visible: looked, dear });

  constructor(
    private readonly id: string,
    private readonly token: string,
  ) {}

  /** The first view: by the link's token, or by the cookie that the page was opened with. */
  async start(): Promise<void> {
    try {
      if (!this.id && !this.token) return this.close("gone");
      const place = await this.look();
      if (place.visit !== "open") return this.close(place.visit);
      const back = ["waiting", "admitted"].includes(place.state) && (await this.camera.granted());
      if (back && !((await this.camera.open(true)) instanceof MediaRefused)) return this.follow(place.state);
      show("join");
    } catch (error) {
      await this.closed(error);
    }
  }

  /** "Use microphone and camera" and "Use sound only": the press that opens the link in this browser for good. */
  async join(picture: boolean): Promise<void> {
    await this.press.act(async () => {
      // Asking the browser must not wait for the server: the question belongs to the press.
      const asked = this.camera.open(picture);
      if (!this.place?.id) {
        this.know(await new Api().post<Place>("/guest-links/open", { token: this.token }));
        history.replaceState(null, "", `/g/${this.place?.id}${location.search}`);
      }
      if ((await asked) instanceof MediaRefused) return show("fix");
      show("check");
      this.camera.listen();
      loadCallStyle();
    });
  }

  /** "Go to the waiting room". */
  async wait(): Promise<void> {
    await this.press.act(async () => {
      this.camera.still();
      this.follow((await this.step("wait")).state);
    });
  }

  async leave(): Promise<void> {
    await this.call.leave();
    await this.step("leave").catch(() => undefined);
    this.after("left");
  }

  async flip(): Promise<void> {
    await this.camera.flip();
    this.call.own.use();
  }

  /** Goes where the guest stands. */
  private follow(state: string): void {
    this.connect();
    if (state === "admitted") return this.enter();
    if (state !== "waiting") return;
    show("wait");
    this.camera.preview();
  }

  private connect(): void {
    if (this.signal) return;
    const instead = askInstead(() => this.place?.csrf ?? "");
    const signal = new Signal({ guest: this.place?.id ?? "", instead });
    signal.on("guest", ({ state }) => this.moved(state));
    signal.on("ended", ({ reason }) => this.after(reason === "revoked" ? "revoked" : "ended"));
    signal.on("up", () => {
      only("offline", false);
      clearTimeout(this.patience);
      this.poll.stop();
      void this.again();
    });
    signal.on("down", () => {
      only("offline", true);
      this.lose();
    });
    signal.on("stopped", (why) => this.stopped(why));
    signal.open();
    this.signal = signal;
    this.lose(); // until it is up
  }

  /** Whoever still waits is told by this alone that the invitation was taken back; `opened` is who left, by any window. */
  private moved(state: string): void {
    if (state === "removed") this.after("revoked");
    else if (state === "opened") this.after("left");
    else if (state === "admitted") this.follow(state);
  }

  /** No line: whose invitation is taken back meanwhile gets none any more, and asking is the only way to hear it. */
  private lose(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.signal && this.poll.start(), PATIENCE_MS);
  }

  /** What was said while the line was broken was missed; answers whether the server told how things stand. */
  private async again(): Promise<boolean> {
    try {
      const { state } = await this.look();
      if (!this.call.on && state === "admitted") this.follow(state);
      return true;
    } catch (error) {
      const final = error instanceof Problem && !error.transient;
      if (final) this.after(error.code === "uninvited" ? "revoked" : "ended");
      return final;
    }
  }

  private enter(): void {
    const { signal, place } = this;
    if (this.call.on || !signal || !place) return;
    loadCallStyle();
    ring();
    this.call.begin(signal, place);
  }

  /** The first word counts: whoever leaves hears it from the server, too. */
  private after(why: "left" | "ended" | "revoked"): void {
    if (current() === "after") return;
    this.end();
    choose("state", why);
    show("after");
  }

  private end(): void {
    clearTimeout(this.patience);
    this.poll.stop();
    this.call.end();
    this.signal?.close();
    this.signal = undefined;
    this.camera.still();
    this.camera.devices.stop();
  }

  private stopped(why: Stopped): void {
    if (why !== "replaced") return; // whoever is signed out was told why before
    this.close("elsewhere");
  }

  /** Where the guest stands: by the cookie of this browser, or before there is one by the link. */
  private async look(): Promise<Place> {
    const id = this.place?.id || this.id;
    const place = id
      ? await new Api().get<Place>(`/guests/${id}`)
      : await new Api().post<Place>("/guest-links/look", { token: this.token });
    this.know(place);
    return place;
  }

  private async step(step: "wait" | "leave"): Promise<Place> {
    const { id, csrf } = this.place as Place;
    const place = await new Api({ csrf }).post<Place>(`/guests/${id}/${step}`);
    this.know(place);
    return place;
  }

  private know(place: Place): void {
    this.place = place;
    timesOf(place.zone);
    const said = ["name", "patient", "practitioner", "organization", "phone", "sentence", "when"] as const;
    for (const name of said) fill(name, place[name]);
    fill("city", place.place);
    only("away", place.place !== "" && clockDiffers(place.start, place.zone));
    for (const link of all<HTMLAnchorElement>("[data-phone]")) link.href = `tel:${place.phone}`;
    for (const element of all("[data-with=phone]")) element.hidden = !place.phone;
    for (const element of all("[data-without=phone]")) element.hidden = Boolean(place.phone);
  }

  private async closed(why: unknown): Promise<void> {
    const problem = why instanceof Problem && !why.transient ? why : undefined;
    if (problem?.code === "visit-closed") return this.shut();
    if (problem?.code === "uninvited") return this.after("revoked");
    if (problem?.code === "other-device") return this.close("other");
    this.close(problem ? "gone" : "offline");
  }

  /** The visit does not take place now: the server says why, e.g. until when the clinic is closed. */
  private async shut(): Promise<void> {
    const { visit } = await this.look().catch(() => ({ visit: "over" }));
    this.close(visit === "open" ? "over" : visit);
  }

  private close(state: string): void {
    this.end();
    choose("state", state);
    show("closed");
  }
}
