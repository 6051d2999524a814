// The moments at which a line may have changed: the only module here that listens to the window and the document.

export type Trigger = "online" | "visible" | "hidden" | "network";

/** Calls `happened` at each of these moments; answers the function that ends it. */
export type Triggers = (happened: (what: Trigger) => void) => () => void;

/** Calls `happened` when the page goes or is put aside; answers the function that ends it. */
export function whenLeaving(happened: () => void): () => void {
  addEventListener("pagehide", happened);
  return () => removeEventListener("pagehide", happened);
}

/** The triggers of a real browser. */
export const browserTriggers: Triggers = (happened) => {
  const online = () => happened("online");
  const visibility = () => happened(document.visibilityState === "visible" ? "visible" : "hidden");
  const network = () => happened("network");
  const connection = (navigator as { connection?: EventTarget }).connection;
  addEventListener("online", online);
  document.addEventListener("visibilitychange", visibility);
  connection?.addEventListener("change", network);
  return () => {
    removeEventListener("online", online);
    document.removeEventListener("visibilitychange", visibility);
    connection?.removeEventListener("change", network);
  };
};
