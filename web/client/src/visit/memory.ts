// What this tab remembers by itself: that the person has left the call on purpose, so that a reload does not undo it.

const LEFT = "left-visit";

export function hasLeft(visit: string): boolean {
  try {
    return Boolean(visit) && sessionStorage.getItem(LEFT) === visit;
  } catch {
    return false;
  }
}

export function rememberLeft(visit: string, left: boolean): void {
  try {
    if (left) sessionStorage.setItem(LEFT, visit);
    else sessionStorage.removeItem(LEFT);
  } catch {
    // A browser that keeps nothing: there a reload goes back into the call.
  }
}
