// What this tab's person has turned off in a visit: a reload turns nothing on again.

const OFF = "off-";

/** Which kinds were off, in one string: "audio", "video", both or none. */
export function recallOff(visit: string): string {
  try {
    return sessionStorage.getItem(OFF + visit) ?? "";
  } catch {
    return "";
  }
}

export function rememberOff(visit: string, muted: boolean, hidden: boolean): void {
  try {
    sessionStorage.setItem(OFF + visit, `${muted ? "audio" : ""} ${hidden ? "video" : ""}`);
  } catch {
    // A browser that keeps nothing: there only the press before the reload knew.
  }
}
