// What screen readers are told without moving: the page's one polite live region, and not too often.

const LINE_GAP_MS = 20_000;

let said = -Infinity;
let pending: ReturnType<typeof setTimeout> | undefined;
let coming: ReturnType<typeof setTimeout> | undefined;
let lastLine = "";

/** Says a sentence at once. */
export function announce(sentence: string): void {
  const region = document.getElementById("live");
  if (!region || !sentence) return;
  // The same sentence again is a change only when the region was empty in between.
  region.textContent = "";
  clearTimeout(coming);
  coming = setTimeout(() => (region.textContent = sentence), 50);
}

/** Takes back what was said, and what was about to be: it is true no longer. */
export function hush(): void {
  clearTimeout(pending);
  clearTimeout(coming);
  const region = document.getElementById("live");
  if (region) region.textContent = "";
}

/** Says a sentence about the line: at most one in 20 s, the newest counts, none twice in a row; "" takes it back. */
export function announceLine(sentence: string): void {
  clearTimeout(pending);
  if (!sentence) return;
  const wait = Math.max(0, said + LINE_GAP_MS - performance.now());
  pending = setTimeout(() => {
    if (sentence === lastLine) return;
    lastLine = sentence;
    said = performance.now();
    announce(sentence);
  }, wait);
}

/** Says a sentence about the line at once, in place of the one that waits: that one is true no longer. */
export function announceLineNow(sentence: string): void {
  clearTimeout(pending);
  lastLine = sentence;
  announce(sentence);
}
