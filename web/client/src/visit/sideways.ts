// The ways beside the usual one, as far as the first view needs to know them: the rest (aside.ts) is loaded by a press.

import type { Camera } from "../dom/camera";
import type { MediaRefused } from "../devices";
import type { Aside } from "./aside";
import type { Mine, MyVisit } from "./mine";

/** What the journey lends. */
export interface Host {
  readonly mine: Mine;
  readonly camera: Camera;
  readonly side: Sideways;
  /** Whether something that was pressed is still under way. */
  readonly pressing: boolean;
  /** One press at a time; a failed one asks to press again. */
  act(does: () => Promise<unknown>): Promise<void>;
  /** The arrival. */
  opened(): Promise<void>;
  join(picture: boolean): Promise<void>;
  /** Goes on with what the browser has answered. */
  checked(opened: unknown): Promise<void>;
  refused(why: MediaRefused): Promise<void>;
  showCheck(): void;
  /** Goes where the visit stands. */
  follow(now: MyVisit): Promise<void>;
  /** Nothing more to do here, with the reason: an answer of the server, or the visit's own state. */
  closed(why: unknown): void;
}

export class Sideways {
  private loading: Promise<Aside> | undefined;

  constructor(private readonly host: Host) {}

  /** "Phone me instead". */
  async phone(): Promise<void> {
    await this.host.act(async () => {
      await this.host.opened();
      (await this.load()).phone();
    });
  }

  /** "This is not me": this browser is out, and nothing of the visit stays in its address. */
  async notMe(): Promise<void> {
    await this.host.act(async () => {
      await this.host.mine.notMe();
      location.replace(`/v/not-me?lang=${document.documentElement.lang}`);
    });
  }

  async phoned(now: MyVisit): Promise<void> {
    (await this.load()).phoned(now);
  }

  /** The next press need not wait until the clinic has been told. */
  async refused(why: MediaRefused): Promise<void> {
    void this.host.mine.device((await this.load()).refused(why));
  }

  /** What did not come is asked for again at the next press. */
  private load(): Promise<Aside> {
    this.loading ??= import("./aside").then(({ Aside }) => Aside.open(this.host));
    this.loading.catch(() => (this.loading = undefined));
    return this.loading;
  }
}
