// The side ways of a visit: by phone instead of video, and what to do when camera or microphone do not open.
// Code and views come when the first of them is needed.

import { Problem } from "../api";
import { DEVICE_WORDS, type MediaRefused } from "../devices";
import { bring } from "../dom/fragment";
import { all, choose, one, only } from "../dom/page";
import { current, show } from "../dom/view";
import type { MyVisit } from "./mine";
import type { Host } from "./sideways";

export class Aside {
  /** Where "Go back" leads. */
  private from = "join";

  private constructor(private readonly host: Host) {
    const form = one<HTMLFormElement>("form[data-phone-form]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask(one<HTMLInputElement>("input", form).value);
    });
  }

  static async open(host: Host): Promise<Aside> {
    const { lang } = document.documentElement;
    await bring(`/v/aside?lang=${lang}&touch=${navigator.maxTouchPoints}`, one(".ways"));
    host.mine.show();
    return new Aside(host);
  }

  /** "Phone me instead": which number? */
  phone(): void {
    if (current() !== "phone") this.from = current();
    only("wrong-number", false);
    show("phone");
  }

  back(): void {
    show(this.from);
  }

  /** "Call me on …": the number on file when none was typed. */
  async ask(number = ""): Promise<void> {
    await this.host.act(async () => {
      try {
        await this.host.follow(await this.host.mine.phone(number));
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "invalid-input") throw error;
        only("wrong-number", true);
        one<HTMLInputElement>("form[data-phone-form] input").focus();
      }
    });
  }

  /** The clinic will call, or is calling now. */
  phoned(now: MyVisit): void {
    only("calling", now.status === "in-progress");
    only("in-line", now.status !== "in-progress");
    show("phoned");
  }

  /** Shows what to do about a camera or microphone that did not open; answers the clinic's word for it. */
  refused(why: MediaRefused): string {
    const cause = why.cause === "insecure" ? "other" : why.cause;
    const known = this.host.camera.picture ? cause : `${cause}-sound`;
    choose("cause", all(`[data-cause="${known}"]`).length ? known : cause);
    choose("steps", cause);
    show("fix");
    return DEVICE_WORDS[why.cause];
  }
}
