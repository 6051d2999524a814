// What is pressed, one thing at a time and in the order of the presses: a press during another one waits for its turn.

export interface ActsOptions {
  /** How many presses are taken and not done yet: the first one is being done, the others wait. */
  readonly onTaken: (count: number) => void;
  /** What a press failed with, or undefined when a press begins that did not have to wait. */
  readonly onFailed: (error: unknown) => void;
}

export class Acts {
  private readonly taken: string[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ActsOptions) {}

  /**
   * Does what was pressed when its turn comes. A second press of the same name, with no other press in between, is a
   * double press: it is done once.
   */
  async take(name: string, does: () => Promise<unknown>): Promise<void> {
    if (this.taken[this.taken.length - 1] === name) return;
    if (!this.taken.length) this.options.onFailed(undefined);
    this.taken.push(name);
    this.options.onTaken(this.taken.length);
    const turn = this.last
      .then(does)
      .catch((error: unknown) => this.options.onFailed(error))
      .finally(() => {
        this.taken.shift();
        this.options.onTaken(this.taken.length);
      });
    this.last = turn.catch(() => undefined);
    await turn;
  }
}
