// Lines between the members of a call in memory, and benches that note what they were told.

import type { Bench, Line, Means } from "../src/seal/circle";
import type { Order } from "../src/seal/orders";
import type { SideBody } from "../src/side";

export class FakeLine implements Line {
  far: FakeLine | undefined;
  open = false;
  readonly said: [string, SideBody][] = [];
  private readonly handlers = new Map<string, (body: SideBody) => void>();
  private readonly opened = new Set<() => void>();

  send(kind: string, body: SideBody = {}): boolean {
    if (!this.open) return false;
    this.said.push([kind, body]);
    queueMicrotask(() => this.far?.handlers.get(kind)?.(body));
    return true;
  }

  on(kind: string, handler: (body: SideBody) => void): () => void {
    this.handlers.set(kind, handler);
    return () => void this.handlers.delete(kind);
  }

  onOpen(handler: () => void): () => void {
    this.opened.add(handler);
    if (this.open) handler();
    return () => void this.opened.delete(handler);
  }

  /** Another channel to the same one. */
  opens(): void {
    this.open = true;
    for (const handler of this.opened) handler();
  }
}

export class FakeBench implements Bench {
  readonly orders: Order[] = [];
  over = false;
  onmessage: ((event: MessageEvent) => unknown) | null = null;

  postMessage(order: Order): void {
    this.orders.push(order);
  }

  terminate(): void {
    this.over = true;
  }

  /** So many frames of a member could be used. */
  tells(who: string, frames: number): void {
    this.onmessage?.({ data: { who, frames } } as MessageEvent);
  }

  /** The number of the key that seals what goes up, 0 for none. */
  get seals(): number | undefined {
    const last = this.orders.filter((one) => one.do === "seal" || one.do === "pass").at(-1);
    return last?.do === "seal" ? last.id : last && 0;
  }

  /** Whose keys came, by number. */
  get keys(): string[] {
    return this.orders.flatMap((one) => (one.do === "open" ? [`${one.who} ${one.id}`] : []));
  }

  trusts(who: string): boolean {
    const last = this.orders.filter((one) => "who" in one && one.who === who && one.do === "trust").at(-1);
    return last?.do === "trust" && last.clear;
  }
}

export function means(lines: (to: string) => FakeLine, bench: FakeBench | undefined): Means {
  return { line: lines, bench: () => bench, dress: () => undefined };
}
