// The side ways of a visit: by phone instead of video, and what to do when camera or microphone do not open.
// Code and views come when the first of them is needed.

import { Api, Problem } from "../api";
import { DEVICE_WORDS, type MediaRefused } from "../devices";
import { announceLineNow } from "../dom/announce";
import { bring } from "../dom/fragment";
import { actions, all, choose, fill, one, only } from "../dom/page";
import { current, show } from "../dom/view";
import { handOver } from "../handover";
import type { MyVisit } from "./mine";
import type { Host } from "./sideways";

/** The element of Chromium 151 and later, as far as it is used here; its words are the browser's. */
interface UserMedia extends HTMLElement {
  readonly stream: MediaStream | null;
  setConstraints(constraints: MediaStreamConstraints): void;
}

/** Where trying the same again is of no use. */
const NO_USE = ["in-app", "too-old"];

/** Which numbers the clinic may call. */
function presentPhone({ own_phone, call_on }: MyVisit): void {
  fill("own-phone", own_phone);
  only("own-phone", own_phone !== "");
  fill("call-on", call_on);
}

export class Aside {
  /** Where "Go back" leads. */
  private from = "join";
  private code = "";

  private constructor(private readonly host: Host) {
    const form = one<HTMLFormElement>("form[data-phone-form]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask(one<HTMLInputElement>("input", form).value);
    });
    actions({
      "phone-known": () => this.ask(),
      back: () => show(this.from),
      video: () => this.video(),
      "copy-link": () => this.copy(),
      "try-here": () => {
        host.camera.devices.dare();
        return host.join(host.camera.picture);
      },
    });
  }

  static async open(host: Host): Promise<Aside> {
    const { lang } = document.documentElement;
    await bring(`/v/aside?lang=${lang}${navigator.maxTouchPoints > 1 ? "&touch" : ""}`, one(".ways"));
    host.mine.watch(presentPhone);
    host.mine.show();
    return new Aside(host);
  }

  /** "Phone me instead": which number? */
  phone(): void {
    if (current() !== "phone") this.from = current();
    const inCall = this.host.mine.now?.status === "in-progress";
    only("queued", !inCall);
    only("video-stops", inCall);
    only("wrong-number", false);
    show("phone");
  }

  /** "Call me on …": the number on file when none was typed. */
  private async ask(number = ""): Promise<void> {
    await this.host.act(async () => {
      try {
        await this.host.follow(await this.host.mine.post("phone", { number }));
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "invalid-input") throw error;
        only("wrong-number", true);
        one<HTMLInputElement>("form[data-phone-form] input").focus();
      }
    });
  }

  /** "Use video instead": the wish to be phoned is taken back. */
  private async video(): Promise<void> {
    const { host } = this;
    await host.act(() => host.mine.post("phone", undefined, "DELETE"));
    if (!host.mine.now?.call_on) await host.join(true);
  }

  /** The clinic will call when it is their turn, or in a moment. */
  phoned({ status }: MyVisit): void {
    const calling = status === "in-progress";
    const heading = one('[data-view="phoned"] [data-only="calling"]');
    const news = calling && heading.hidden && current() === "phoned";
    only("calling", calling);
    only("in-line", !calling);
    if (news) announceLineNow(heading.textContent ?? "");
    show("phoned");
  }

  /** Shows what to do about a camera or microphone that did not open; answers the clinic's word for it. */
  refused(why: MediaRefused): string {
    const cause = why.cause === "insecure" ? "other" : why.cause;
    const known = why.sound ? `${cause}-sound` : cause;
    choose("cause", all(`[data-cause="${known}"]`).length ? known : cause);
    choose("steps", cause);
    only("again", !NO_USE.includes(cause));
    only("sound-way", !why.sound && cause !== "too-old");
    only("try-here", cause === "in-app" && this.host.camera.devices.able);
    this.offer(cause === "blocked");
    if (cause === "in-app") void this.lead();
    show("fix");
    return DEVICE_WORDS[why.cause];
  }

  /** "Copy the link", for the browser of the phone. */
  private async copy(): Promise<void> {
    await this.host.act(async () => {
      await this.lead();
      await navigator.clipboard.writeText(this.address);
      only("copied", true);
    });
  }

  /** Leads the ways out of an app to a code that keeps the place: good once, for five minutes. */
  private async lead(): Promise<void> {
    this.point();
    try {
      const { visit, now } = this.host.mine;
      const api = new Api({ csrf: now?.csrf ?? "" });
      this.code = (await api.post<{ readonly url: string }>(`/my/${visit}/transfer`)).url;
    } catch {
      this.code = ""; // then the link itself has to do, and the clinic lets the other browser in
    }
    this.point();
  }

  private point(): void {
    for (const link of all<HTMLAnchorElement>("[data-hand]"))
      link.href = handOver(this.address, link.dataset["hand"] ?? "");
  }

  /** The visit's address for another browser: by code, else with the link's secret, as far as this page knows it. */
  private get address(): string {
    const { mine } = this.host;
    if (this.code) return this.code;
    const page = `${location.origin}/v?lang=${document.documentElement.lang}`;
    return mine.token ? `${page}#${mine.token}` : page;
  }

  /** Chromium's own control for a camera that was refused: it can ask again where pages cannot. */
  private offer(on: boolean): void {
    const place = one("[data-usermedia]");
    place.hidden = !(on && "HTMLUserMediaElement" in globalThis);
    if (place.hidden || place.hasChildNodes()) return;
    const control = document.createElement("usermedia") as UserMedia;
    // Its words stand in one line: in large letters they would not fit on a phone.
    control.style.fontSize = "min(1rem, max(16px, 4.7vi))";
    const { picture } = this.host.camera;
    control.setConstraints({ audio: {}, ...(picture && { video: {} }) });
    control.addEventListener("stream", () => {
      const { stream } = control;
      if (stream) void this.host.act(() => this.host.checked(this.host.camera.take(stream)));
    });
    place.append(control);
  }
}
