// Up to which number this tab's person has read what was written in a visit: a reload tells nothing as new again.

const READ = "read-up-to-";

export function readUpTo(visit: string): number {
  try {
    return Number(sessionStorage.getItem(READ + visit));
  } catch {
    return 0;
  }
}

export function rememberRead(visit: string, seq: number): void {
  try {
    sessionStorage.setItem(READ + visit, String(seq));
  } catch {
    // A browser that keeps nothing: there a reload counts all of it as new.
  }
}
