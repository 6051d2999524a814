// Recording with consent, as far as a page needs to know of it at once: what asks, and says that it is on, comes with the news.

import type { Signal } from "../signal";
import type { Recorded } from "./recorded";

export class Recording {
  private shown: Promise<Recorded> | undefined;

  constructor(
    private readonly signal: Signal,
    /** The address of the part of the page, and before what it is put. */
    private readonly part: string,
    private readonly before: () => HTMLElement,
  ) {
    signal.on("recording", (news) => {
      if (news.state !== "off" || this.shown) void this.open().then((shown) => shown.show(news));
    });
  }

  /** Nobody is in the call any more. */
  end(): void {
    void this.shown?.then((shown) => shown.hide());
  }

  /** What did not come is asked for again with the next news: whoever was not asked has not agreed. */
  protected open(): Promise<Recorded> {
    this.shown ??= import("./recorded").then(({ Recorded }) =>
      Recorded.load(this.signal, this.part, this.before()),
    );
    this.shown.catch(() => (this.shown = undefined));
    return this.shown;
  }
}
