// Parts of a page that come later: over and over while the line is down, so that nobody must reload.

const PAUSE_MS = 2000;

/** Loads a part for as long as it is `wanted`; undefined once it is not. */
export async function again<T>(part: () => Promise<T>, wanted: () => boolean): Promise<T | undefined> {
  while (wanted()) {
    try {
      return await part();
    } catch {
      await new Promise((go) => setTimeout(go, PAUSE_MS));
    }
  }
  return undefined;
}
