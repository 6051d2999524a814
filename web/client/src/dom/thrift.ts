// What a page may spend on its line: whether somebody looks at it, and whether every byte is felt.

export const looked = (): boolean => document.visibilityState === "visible";

/** Data saver, or a 2G line. */
export function dear(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean; effectiveType?: string } };
  return Boolean(connection?.saveData) || /2g/.test(connection?.effectiveType ?? "");
}
