// One's own texts in a note's field: found by a dot and their name, put in, and what is to be filled in by hand.

/** What takes the place of a stretch of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const CALLED = /(?:^|\s)\.([\p{L}\p{M}\p{N}_-]+)(\s)$/u;
const BLANK = /_{3,}/;

/** The text that was called by the dot, the name and the blank before the caret, if it is known. */
export function typed(value: string, caret: number, known: ReadonlyMap<string, string>): Span | undefined {
  const [, name = "", blank = ""] = CALLED.exec(value.slice(0, caret)) ?? [];
  const text = known.get(name);
  return text === undefined ? undefined : { start: caret - name.length - 2, end: caret, text: text + blank };
}

/** The value with the text in it, and what is then selected: its first blank, else nothing, behind it. */
export function inserted(value: string, span: Span): { value: string; start: number; end: number } {
  const { start, end, text } = span;
  const blank = BLANK.exec(text);
  const from = start + (blank ? blank.index : text.length);
  const to = from + (blank ? blank[0].length : 0);
  return { value: value.slice(0, start) + text + value.slice(end), start: from, end: to };
}
