// The week of an administrator: blocks of hours that are dragged, or moved by arrow keys. A drop opens the form that the
// block leads to, filled in; nothing is kept before that form is sent.

import { announce } from "../dom/announce";
import { all, one } from "../dom/page";
import { between, moved, rowOf, wallOf, type Block, type Part } from "../week";

const EDGE_PX = 10;
const KEYS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

const board = one("[data-week]");
const columns = all("[data-weekday]", board);
const rightToLeft = getComputedStyle(board).direction === "rtl";

const quartersOf = (column: HTMLElement) => (column.dataset["quarters"] ?? "").split(" ");
const listOf = (column: HTMLElement) => one(".week-hours", column);
const rowAt = (column: HTMLElement, y: number) => {
  const box = listOf(column).getBoundingClientRect();
  return Math.floor(((y - box.top) / box.height) * quartersOf(column).length);
};
/** The address of a form, filled in with where a block is now. */
const form = (address: string, column: HTMLElement, block: Block) => {
  const found = new URL(address, location.href);
  const quarters = quartersOf(column);
  found.searchParams.set("weekday", column.dataset["weekday"] ?? "");
  found.searchParams.set("start", wallOf(block.start, quarters));
  found.searchParams.set("end", wallOf(block.end, quarters));
  return found.href;
};
const columnAt = (x: number) =>
  columns.find((column) => {
    const box = column.getBoundingClientRect();
    return box.left <= x && x < box.right;
  });

/** One block: where it stands, and where its link leads. */
class Hours {
  private readonly from: string;

  constructor(
    readonly link: HTMLAnchorElement,
    private column: HTMLElement,
    private block: Block,
  ) {
    this.from = link.href;
    this.place();
  }

  get standing(): { column: HTMLElement; block: Block } {
    return { column: this.column, block: this.block };
  }

  get times(): string {
    const quarters = quartersOf(this.column);
    return `${wallOf(this.block.start, quarters)}–${wallOf(this.block.end, quarters)}`;
  }

  private place(): void {
    this.link.style.gridRow = `${this.block.start + 1} / ${this.block.end + 1}`;
  }

  put(column: HTMLElement, block: Block): void {
    if (column !== this.column) listOf(column).append(this.link.parentElement!);
    this.column = column;
    this.block = block;
    this.place();
    one("[data-times]", this.link).textContent = this.times;
    this.link.href = form(this.from, column, block);
  }
}

function byKeys(hours: Hours): void {
  hours.link.addEventListener("keydown", (event) => {
    const { column, block } = hours.standing;
    const rows = quartersOf(column).length;
    const by = KEYS[event.key];
    if (by) hours.put(column, moved(block, event.shiftKey ? "end" : "all", by, rows));
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const onward = (event.key === "ArrowRight") !== rightToLeft;
      const next = columns[columns.indexOf(column) + (onward ? 1 : -1)];
      if (next) hours.put(next, moved(block, "all", 0, quartersOf(next).length));
    } else return;
    event.preventDefault();
    hours.link.focus(); // a block that changes its column loses it
    announce(`${one(".week-name", hours.standing.column).textContent ?? ""} ${hours.times}`);
  });
}

function byPointer(hours: Hours): void {
  const { link } = hours;
  link.draggable = false;
  link.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    const box = link.getBoundingClientRect();
    const part: Part =
      down.clientY > box.bottom - EDGE_PX ? "end" : down.clientY < box.top + EDGE_PX ? "start" : "all";
    const { column, block } = hours.standing;
    const grabbed = rowAt(column, down.clientY);
    let dragged = false;
    link.setPointerCapture(down.pointerId);
    link.onpointermove = (move) => {
      const over = (part === "all" && columnAt(move.clientX)) || column;
      const by = rowAt(over, move.clientY) - grabbed;
      if (!dragged && !by && over === column) return;
      dragged = true;
      hours.put(over, moved(block, part, by, quartersOf(over).length));
    };
    link.onlostpointercapture = () => {
      link.onpointermove = link.onlostpointercapture = null;
      if (dragged) location.assign(link.href);
    };
  });
  link.addEventListener("dragstart", (event) => event.preventDefault());
}

/** Draws new hours where nothing is yet; a finger scrolls there instead. */
function byDrawing(column: HTMLElement): void {
  const list = listOf(column);
  list.addEventListener("pointerdown", (down) => {
    if (down.target !== list || down.button !== 0 || down.pointerType === "touch") return;
    const quarters = quartersOf(column);
    const first = rowAt(column, down.clientY);
    const drawn = document.createElement("li");
    drawn.className = "week-drawn";
    list.append(drawn);
    list.setPointerCapture(down.pointerId);
    let block = between(first, first, quarters.length);
    const show = () => (drawn.style.gridRow = `${block.start + 1} / ${block.end + 1}`);
    show();
    list.onpointermove = (move) => {
      block = between(first, rowAt(column, move.clientY), quarters.length);
      show();
    };
    list.onlostpointercapture = () => {
      list.onpointermove = list.onlostpointercapture = null;
      drawn.remove();
      if (block.end - block.start < 2) return; // a press, not a span
      location.assign(form(board.dataset["week"] ?? "", column, block));
    };
  });
}

for (const column of columns) {
  const quarters = quartersOf(column);
  const list = listOf(column);
  list.style.gridTemplateRows = `repeat(${quarters.length}, var(--quarter))`;
  for (const [row, wall] of quarters.entries()) {
    if (!wall.endsWith(":00")) continue;
    const hour = document.createElement("li");
    hour.className = "week-hour";
    hour.ariaHidden = "true";
    hour.textContent = wall.slice(0, 2);
    hour.style.gridRow = `${row + 1} / span 4`;
    list.append(hour);
  }
  for (const link of all<HTMLAnchorElement>("a[data-start]", list)) {
    const start = rowOf(link.dataset["start"] ?? "", quarters);
    const end = Math.max(rowOf(link.dataset["end"] ?? "", quarters, true), start + 1);
    const hours = new Hours(link, column, { start, end });
    byKeys(hours);
    byPointer(hours);
  }
  byDrawing(column);
}
board.hidden = false;
