// What this tab remembers by itself of the visit's call: a reload neither undoes leaving nor starts the clock anew.

/** When the call was left on purpose, and when it began here. */
export type Moment = "left" | "began";

/** The moment, ms since 1970; 0 if there was none. */
export function recall(what: Moment, visit: string): number {
  try {
    const [of, at] = (sessionStorage.getItem(`${what}-visit`) ?? "").split(" ");
    return visit && of === visit ? Number(at) : 0;
  } catch {
    return 0;
  }
}

/** Keeps a moment; 0 forgets it. */
export function remember(what: Moment, visit: string, at: number): void {
  try {
    sessionStorage.setItem(`${what}-visit`, at ? `${visit} ${at}` : "");
  } catch {
    // A browser that keeps nothing: there a reload goes back into the call, and its clock starts at 0.
  }
}
