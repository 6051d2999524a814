// Where no websocket comes through: how a page finds that out, what it remembers of it, and what it loads to go on.

import { Api, type Problem } from "../api";
import { Poll } from "../poll";
import type { Instead } from "../signal";
import { browserTriggers, whenLeaving } from "../triggers";
import { dear, looked } from "./thrift";

const KEY = "no-websocket";
const ANSWER_MS = 3000;

function remembered(): boolean {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    sessionStorage.setItem(KEY, "1");
    // On another line the next page tries a websocket again; a call that is on stays as it is.
    const forget = browserTriggers((what) => {
      if (what !== "online") return;
      sessionStorage.removeItem(KEY);
      forget();
    });
  } catch {
    // A browser that keeps nothing finds out again on each page.
  }
}

/** The real one. `csrf` tells the page's token, which a connection without a websocket must show. */
export function askInstead(csrf: () => string): Instead {
  const poll = (ask: () => Promise<boolean>, busy: () => boolean) => {
    const made = new Poll({ ask, visible: looked, dear, busy });
    const forget = browserTriggers((what) => what !== "hidden" && made.hurry());
    return { start: () => made.start(), stop: () => (forget(), made.stop()) };
  };
  const farewell = (path: string, body: unknown) =>
    void navigator.sendBeacon(path, new Blob([JSON.stringify(body)], { type: "application/json" }));
  return {
    known: remembered,
    answers: () =>
      new Api({ base: "" })
        .get("/health/live", { attempts: 1, patience: ANSWER_MS })
        .then(() => true)
        .catch((problem: Problem) => problem.status > 0 && problem.status < 500),
    load: async () => {
      const { Asking } = await import("../asking");
      return (query, patience) => {
        const api = new Api({ base: "/live", csrf: csrf() });
        return new Asking({ query, patience, api, poll, farewell, leaving: whenLeaving, worked: remember });
      };
    },
  };
}
