// Guests of the visit on show, as far as the page needs to know of them at once; the panel comes when there is one.

import type { GuestChange } from "../messages";
import type { Acts } from "./acts";
import type { Desk } from "./desk";
import type { Guests } from "./guests";

export class Company {
  private loading: Promise<Guests> | undefined;

  constructor(
    private readonly desk: Desk,
    private readonly acts: Acts,
    /** The visit on show, empty for none. */
    private readonly visit: () => string,
  ) {}

  /** "Invite". */
  async invite(): Promise<void> {
    const visit = this.visit();
    await this.acts.take(`invite ${visit}`, async () => (await this.panel()).toggle(visit));
  }

  /** Another visit is on show: whoever waits already is shown with it. */
  async shown(visit: string): Promise<void> {
    (await this.loading)?.close();
    const { guests } = await this.desk.guests(visit);
    if (guests.some((one) => one.state === "waiting")) await this.told({ visit });
  }

  /** A guest moved on. */
  async told({ visit }: Pick<GuestChange, "visit">): Promise<void> {
    if (visit === this.visit()) await (await this.panel()).news(visit);
  }

  /** What did not come is asked for again the next time. */
  private panel(): Promise<Guests> {
    this.loading ??= import("./guests").then(({ Guests }) => Guests.load(this.desk, this.acts));
    this.loading.catch(() => (this.loading = undefined));
    return this.loading;
  }
}
