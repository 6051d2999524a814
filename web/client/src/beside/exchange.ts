// Pictures and documents of a call on the page of either side: taken, chosen, sent, received, looked at, kept or discarded.

import { announce } from "../dom/announce";
import { all, one, only, text } from "../dom/page";
import { Files, LARGEST, TYPES, type FileFacts, type Progress } from "../files";
import { FIRST, firstView, fits, FULL, plain } from "./pictures";
import type { Side } from "../side";
import { Viewer } from "./viewer";

type Bytes = Uint8Array<ArrayBuffer>;

export interface ExchangeOptions {
  /** The call, whose stage shows pictures large. */
  readonly root: HTMLElement;
  /** Where the list and the buttons stand. */
  readonly page: HTMLElement;
  readonly side: Side;
  /** A picture of what is seen now; `mine` sends it at once, else it stays here until it is shown. */
  readonly still: () => Promise<Blob>;
  readonly mine: boolean;
  /** Something comes from the other side. */
  readonly onComing?: () => void;
  /** Writes a file into the record; answers why it could not, or nothing. */
  readonly keep?: (file: Blob) => Promise<string>;
}

interface Item {
  file: FileFacts;
  readonly row: HTMLElement;
  blob?: Blob;
  bytes?: Bytes;
  url?: string;
  /** Whether the other side has it, or will. */
  shared: boolean;
  /** Nothing that comes may take its place: it is from here, or the whole of it has come. */
  settled: boolean;
}

/** What is said of what cannot be sent, and of a camera that cannot be used. */
const [BAD, DARK] = ["file-wrong", "camera-wrong"];

const percent = (share: number): string =>
  new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(share);

export class Exchange {
  private readonly items = new Map<string, Item>();
  /** Whose first views are on their way, by the ids of these. */
  private readonly views = new Map<string, Item>();
  private readonly files: Files;
  private readonly viewer: Viewer;
  private readonly list: HTMLElement;
  private readonly over = new AbortController();

  constructor(private readonly options: ExchangeOptions) {
    const { page, root, side } = options;
    this.list = one("[data-files]", page);
    this.files = new Files(side, {
      onSent: (file, share, progress) => this.sent(file, share, progress),
      onComing: (file, share) => this.coming(file, share),
      onArrived: (file, bytes) => this.arrived(file, bytes),
      check: fits,
    });
    this.viewer = new Viewer(one(".stage", root), side, (id) => this.items.get(id)?.url);
    const { signal } = this.over;
    const taking = one("[data-take-still]", root);
    const aside = taking.closest("dialog");
    taking.hidden = false;
    signal.addEventListener("abort", () => (taking.hidden = true));
    taking.addEventListener("click", () => void this.take(), { signal });
    const choosing = one("[data-send-file]", page);
    // What they do is seen in the call, not behind a dialog.
    for (const button of [taking, choosing])
      button.addEventListener("click", () => aside?.close(), { signal });
    const input = one<HTMLInputElement>("[data-file-input]", page);
    choosing.addEventListener("click", () => input.click(), { signal });
    input.addEventListener("change", () => void this.chosen(input), { signal });
    only("exchange", true, page);
  }

  /** The call is over: what was not kept is gone. */
  end(): void {
    this.over.abort();
    this.files.end();
    this.viewer.end();
    for (const id of [...this.items.keys()]) this.drop(id);
    only("exchange", false, this.options.page);
  }

  /** A picture of what is seen now; answers whether there is one. */
  async take(): Promise<boolean> {
    const { mine, still } = this.options;
    return this.add(() => still(), text("still-name"), mine, mine ? DARK : BAD);
  }

  private async chosen(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    input.value = "";
    if (!file) return;
    const picture = file.type !== "application/pdf";
    // The name of a picture may say when and where it was taken.
    await this.add(() => this.bare(file), picture ? text("still-name") : file.name, true);
  }

  /** A picture without what its camera has written into it, as large as may be sent; a document as it is. */
  private async bare(file: File): Promise<Blob> {
    if (file.type === "application/pdf") return file;
    const full = await plain(file, FULL);
    return full.size > LARGEST ? plain(file, FIRST) : full;
  }

  /** Takes what is made here; `wrong` names the words for when it cannot be made. */
  private async add(made: () => Promise<Blob>, name: string, share: boolean, wrong = BAD): Promise<boolean> {
    const { page } = this.options;
    for (const words of [BAD, DARK]) only(words, false, page);
    let said = wrong;
    try {
      const blob = await made();
      said = BAD;
      const bytes = new Uint8Array(await blob.arrayBuffer());
      const type = TYPES.find((one) => one === blob.type);
      if (!type || bytes.length > LARGEST || !fits(bytes, type)) throw new Error("not to be sent");
      const file = { id: crypto.randomUUID(), name, type, size: bytes.length };
      const item = this.item(file);
      item.settled = true;
      this.have(item, file, bytes);
      if (share) this.share(file.id);
      else this.say(file.id, "file-came", 1);
      return true;
    } catch {
      only(said, true, page);
      announce(one(`[data-only="${said}"]`, page).textContent ?? "");
      return false;
    }
  }

  private share(id: string): void {
    const item = this.items.get(id);
    if (!item?.bytes || item.shared) return;
    item.shared = true;
    void this.send(item, item.bytes);
  }

  /** A picture's first view goes first, and alone: on a slow line the whole one takes its time. */
  private async send(item: Item, bytes: Bytes): Promise<void> {
    const { file, blob } = item;
    const picture = file.type !== "application/pdf" && blob;
    const view = picture ? await firstView(picture).catch(() => undefined) : undefined;
    if (!view) return this.files.send(file, bytes);
    const first = { id: crypto.randomUUID(), name: file.name, type: "image/jpeg" as const, size: view.size };
    this.views.set(first.id, item);
    this.files.send({ ...first, of: file.id }, new Uint8Array(await view.arrayBuffer()));
  }

  private sent(file: FileFacts, share: number, progress: Progress): void {
    const whole = this.views.get(file.id);
    if (!whole) return this.say(file.id, `file-${progress}`, share);
    if (progress !== "done" && progress !== "refused") return this.say(whole.file.id, `file-${progress}`, 0);
    this.views.delete(file.id);
    if (whole.bytes && this.items.has(whole.file.id)) this.files.send(whole.file, whole.bytes);
  }

  private coming(file: FileFacts, share: number): void {
    const id = file.of ?? file.id;
    if (this.items.get(id)?.settled) return;
    if (!this.items.has(id)) {
      this.options.onComing?.();
      announce(text("file-comes"));
    }
    const item = this.item({ ...file, id });
    item.shared = true;
    this.say(id, item.bytes ? "file-whole" : "file-coming", share);
  }

  private arrived(file: FileFacts, bytes: Bytes): void {
    const id = file.of ?? file.id;
    if (this.items.get(id)?.settled) return;
    const item = this.item({ ...file, id });
    item.settled = file.of === undefined;
    const seen = item.bytes !== undefined;
    this.have(item, { ...file, id }, bytes);
    this.say(id, file.of ? "file-whole" : "file-came", file.of ? 0 : 1);
    this.viewer.arrived();
    if (seen) return this.viewer.sharper(id);
    announce(text("file-here"));
    if (this.options.mine && file.type !== "application/pdf") this.viewer.offer(id);
  }

  /** All of a file is here: it can be looked at, kept, saved. */
  private have(item: Item, file: FileFacts, bytes: Bytes): void {
    const { row } = item;
    if (item.url) URL.revokeObjectURL(item.url);
    item.file = file;
    item.bytes = bytes;
    item.blob = new Blob([bytes], { type: file.type });
    item.url = URL.createObjectURL(item.blob);
    const picture = file.type !== "application/pdf";
    const look = one("[data-look]", row);
    look.hidden = !picture;
    if (picture) one<HTMLImageElement>("img", look).src = item.url;
    const save = one<HTMLAnchorElement>("[data-save]", row);
    save.hidden = picture;
    save.href = item.url;
    save.download = file.name;
    for (const button of all("[data-keep], [data-discard], [data-point]", row)) button.hidden = false;
    // What is kept is the whole picture.
    for (const button of all("[data-keep]", row)) button.hidden = file.of !== undefined;
    for (const button of all("[data-point]", row)) button.hidden = !picture;
  }

  private item(file: FileFacts): Item {
    const known = this.items.get(file.id);
    if (known) return known;
    const template = one<HTMLTemplateElement>("template[data-file-row]", this.options.page);
    const row = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    one("bdi", row).textContent = file.name;
    const press = (name: string, does: () => void) => {
      for (const button of all(`[data-${name}]`, row)) button.addEventListener("click", does);
    };
    press("look", () => this.viewer.show(file.id, false));
    press("point", () => {
      this.share(file.id);
      this.viewer.show(file.id, true);
    });
    press("discard", () => this.drop(file.id));
    press("keep", () => void this.keep(file.id));
    const made = { file, row, shared: false, settled: false };
    this.items.set(file.id, made);
    this.list.append(row);
    return made;
  }

  private async keep(id: string): Promise<void> {
    const item = this.items.get(id);
    if (!item?.blob || !this.options.keep) return;
    const button = one<HTMLButtonElement>("[data-keep]", item.row);
    button.disabled = true;
    const why = await this.options.keep(item.blob);
    button.disabled = false;
    for (const each of [button, one("[data-discard]", item.row)]) each.hidden = why === "";
    one("[data-how]", item.row).textContent = why || text("file-kept");
    announce(why || text("file-kept"));
  }

  private drop(id: string): void {
    const item = this.items.get(id);
    this.items.delete(id);
    item?.row.remove();
    if (item?.url) URL.revokeObjectURL(item.url);
  }

  private say(id: string, name: `file-${string}`, share: number): void {
    const row = this.items.get(id)?.row;
    if (!row) return;
    one("[data-how]", row).textContent = text(name, { percent: percent(share) });
    const bar = one<HTMLProgressElement>("progress", row);
    bar.value = share;
    bar.hidden = share === 1 || name === "file-refused";
    if (name === "file-done") announce(text(name));
  }
}
