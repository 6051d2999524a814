// "Ask for a photo": the specialist asks, and the patient takes it by one press, or says no; so does a camera that
// cannot be used.

import { announce } from "../dom/announce";
import { one, only, text } from "../dom/page";
import type { Side } from "../side";

const PLEASE = "photo-please";
const NO = "photo-no";
const CAMERA = "camera";

/** On the page of whoever is asked. */
export class PhotoAsked {
  private readonly over = new AbortController();

  constructor(
    private readonly root: HTMLElement,
    side: Side,
    take: () => Promise<boolean>,
  ) {
    const { signal } = this.over;
    const off = side.on(PLEASE, () => {
      this.show(true);
      announce(text("photo-asked"));
    });
    signal.addEventListener("abort", off);
    const press = (name: string, does: () => unknown) =>
      one(`[data-photo=${name}]`, root).addEventListener(
        "click",
        () => {
          this.show(false);
          does();
        },
        { signal },
      );
    press("take", async () => {
      if (!(await take())) side.send(NO, { why: CAMERA });
    });
    press("no", () => side.send(NO));
  }

  end(): void {
    this.over.abort();
    this.show(false);
  }

  private show(asked: boolean): void {
    only("photo-asked", asked, this.root);
  }
}

/** On the page of whoever asks. */
export class PhotoAsking {
  private readonly button: HTMLElement;
  private readonly off: () => void;

  constructor(
    private readonly page: HTMLElement,
    side: Side,
  ) {
    this.button = one("[data-ask-photo]", page);
    this.button.onclick = () => this.say(side.send(PLEASE) ? "asked" : "not-asked");
    this.off = side.on(NO, ({ why }) => this.say(why === CAMERA ? "no-camera" : "refused"));
  }

  /** A photo has come, or the call is over. */
  came(): void {
    this.say("");
  }

  end(): void {
    this.off();
    this.button.onclick = null;
    this.say("");
  }

  private say(what: "asked" | "not-asked" | "refused" | "no-camera" | ""): void {
    const words = what && text(`photo-${what}`);
    one("[data-photo-said]", this.page).textContent = words;
    if (words) announce(words);
  }
}
