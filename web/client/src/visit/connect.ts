// Loads the patient's connection to the clinic, with the style sheet of the call, while the person looks at the picture.

import { loadCallStyle } from "../dom/style";
import type { Line, LineOptions } from "./line";
import type { Mine, MyVisit } from "./mine";

/** How often the place in line is asked for when nothing else happens, ms: waiting may cost 1 KB a minute, an answer costs 2. */
const LOOK_AGAIN_MS = 180_000;

type Told = Pick<LineOptions, "camera" | "onNews" | "onAsk" | "onPlace" | "onLink" | "onStopped">;

/** `waits` says whether there is a place in line to ask for. */
export async function loadLine(mine: Mine, told: Told, waits: () => boolean): Promise<Line> {
  const { Line, Waiting, keepOffline } = await import("./line");
  loadCallStyle();
  keepOffline();
  // Without it the place is told all the same; what did not come is there after the next reload.
  void Waiting.open().then(
    (room) => mine.watch((now) => room.show(now)),
    () => undefined,
  );
  const { visit, practitioner, phone } = mine.now as MyVisit;
  const line = new Line({ ...told, visit, practitioner, phone });
  setInterval(() => void (waits() && !line.inCall && told.onNews()), LOOK_AGAIN_MS);
  return line;
}
