// What this tab remembers by itself: when the person left the call on purpose, so that a reload does not undo it.

const LEFT = "left-visit";

/** When this visit's call was left, ms since 1970; 0 if it was not. */
export function leftAt(visit: string): number {
  try {
    const [left, at] = (sessionStorage.getItem(LEFT) ?? "").split(" ");
    return visit && left === visit ? Number(at) : 0;
  } catch {
    return 0;
  }
}

export function rememberLeft(visit: string, at: number): void {
  try {
    if (at) sessionStorage.setItem(LEFT, `${visit} ${at}`);
    else sessionStorage.removeItem(LEFT);
  } catch {
    // A browser that keeps nothing: there a reload goes back into the call.
  }
}
